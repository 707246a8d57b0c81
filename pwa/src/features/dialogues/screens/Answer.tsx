import { useSignal } from "@preact/signals";
import { useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { halfForm, keepForm } from "../../chat/halfForm";
import { write } from "../../chat/halfWritten";
import { answerQuestion } from "../actions";
import { LONGEST_ANSWER } from "../draft";
import type { AskedQuestion } from "../queries";

interface AnswerDraft {
  /** Of what it began with: what a colleague answers meanwhile is not undone in silence. */
  revision: number;
  answer: string;
  answer_en: string;
}
export const answerPlace = (question_id: string): string => `question-answer/${question_id}`;

/** An answer in writing, in both languages. A mark that there is stays. */
export function WriteAnswer({ question }: { question: AskedQuestion }) {
  const place = answerPlace(question.question_id);
  const half = halfForm<Partial<AnswerDraft>>(place);
  const draft: AnswerDraft = { revision: question.revision, answer: question.answer ?? "", answer_en: question.answer_en ?? "", ...half };
  const needed = useSignal(false);
  const { busy, error, run } = useTask();
  const set = (part: Partial<AnswerDraft>) => {
    needed.value = false;
    keepForm(place, { ...draft, ...part });
  };
  const send = async () => {
    const [answer, english] = [draft.answer.trim(), draft.answer_en.trim()];
    needed.value = answer === "";
    if (needed.value) return;
    const { mark_seconds } = question;
    const said = { answer, ...(english ? { answer_en: english } : {}), ...(mark_seconds === undefined ? {} : { mark_seconds }) };
    if (!(await run(() => answerQuestion({ question_id: question.question_id, revision: draft.revision }, said)))) return;
    write(place, "");
    document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
  };
  const field = (name: "answer" | "answer_en", label: string) => (
    <label class="field">
      {label}
      <textarea rows={3} lang={name === "answer" ? "sv" : "en"} maxLength={LONGEST_ANSWER} autocomplete="off" value={draft[name]} onInput={(event) => set({ [name]: event.currentTarget.value })} />
    </label>
  );
  return (
    <details class="fold" open={half !== undefined}>
      <summary>{question.answer === undefined ? m.seat_write_answer() : m.idea_answer_edit()}</summary>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        {field("answer", m.idea_answer_text())}
        {field("answer_en", m.idea_answer_en())}
        <div role="status">{needed.value && <p class="wrong">{m.idea_answer_needed()}</p>}</div>
        <Failed error={error} />
        <button type="submit" class="button wide" disabled={busy}>
          {m.idea_answer_do()}
        </button>
      </form>
    </details>
  );
}
