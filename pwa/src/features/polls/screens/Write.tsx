import { useSignal } from "@preact/signals";
import { Page, useTask } from "../../../design";
import { locale, m } from "../../../i18n";
import { inWords } from "../../../i18n/inWords";
import { Failed } from "../../../i18n/Problem";
import { fieldOf } from "../../../i18n/field";
import { now, until } from "../../../i18n/time";
import { online } from "../../../sync/state";
import { halfForm, keepForm } from "../../chat/halfForm";
import { write } from "../../chat/halfWritten";
import { Level } from "../../replies/screens/Level";
import { publishPoll } from "../actions";
import { empty, hasWords, lacks, LONGEST_QUESTION, preview, times, toPublish, type Lack, type PollDraft } from "../draft";
import { publishingIn, type PollKind } from "../queries";
import { Choices } from "./Choices";
import { Options } from "./Options";
import { RefusedPolls } from "./Refused";
import { kindNames, questionOf } from "./words";

const PLACE = "poll/new";

const lackWords: Record<Lack, () => string> = { question: m.poll_needs_question, options: m.poll_needs_options, from: m.tip_needed_from, until: m.poll_needs_until };
const kinds: PollKind[] = ["one", "many", "scale"];

export function WritePoll() {
  const draft = { ...empty, ...halfForm<Partial<PollDraft>>(PLACE) };
  const needed = useSignal(false);
  const done = useSignal("");
  const { busy, error, run } = useTask();
  const set = (part: Partial<PollDraft>) => {
    done.value = "";
    keepForm(PLACE, { ...draft, ...part });
  };
  const missing = lacks(draft, now.value);
  const publish = async () => {
    needed.value = missing.length > 0;
    if (needed.value) return;
    const poll = toPublish(draft);
    if (!(await run(() => publishPoll(poll)))) return;
    done.value = !online.value ? m.poll_published_here() : poll.opens_at === undefined ? m.poll_published() : m.poll_published_later({ when: until(poll.opens_at) });
    write(PLACE, "");
  };
  const question = (name: "question" | "question_easy" | "question_en", label: string) => (
    <div>
      <label class="field">
        {label}
        <textarea rows={2} maxLength={LONGEST_QUESTION} autocomplete="off" lang={name === "question_en" ? "en" : "sv"} value={draft[name]} onInput={(event) => set({ [name]: event.currentTarget.value })} />
      </label>
      {name !== "question_en" && <Level text={draft[name]} />}
    </div>
  );
  return (
    <Page title={m.poll_write()} up="/desk/polls" lead={m.poll_write_lead()}>
      <RefusedPolls polls={publishingIn()} full={hasWords(draft)} edit={set} />
      <form
        class="block questions"
        onSubmit={(event) => {
          event.preventDefault();
          void publish();
        }}
      >
        <fieldset>
          <legend>{m.poll_kind()}</legend>
          <div class="choices">
            {kinds.map((kind) => (
              <label class="choice" key={kind}>
                <input type="radio" name="kind" checked={draft.kind === kind} onChange={() => set({ kind })} />
                {kindNames[kind]()}
              </label>
            ))}
          </div>
        </fieldset>
        {question("question", m.poll_question())}
        {question("question_easy", m.poll_question_easy())}
        {question("question_en", m.poll_question_en())}
        <Options options={draft.options} scale={draft.kind === "scale"} onChange={(options) => set({ options })} />
        <WhenChoice draft={draft} set={set} />
        <Preview draft={draft} />
        <div role="status">
          {needed.value &&
            missing.map((lack) => (
              <p class="wrong" key={lack}>
                {lackWords[lack]()}
              </p>
            ))}
          {done.value !== "" && <p class="notice good">{done.value}</p>}
        </div>
        <Failed error={error} />
        <button type="submit" class="button wide" disabled={busy}>
          {m.poll_publish()}
        </button>
      </form>
    </Page>
  );
}

function WhenChoice({ draft, set }: { draft: PollDraft; set: (part: Partial<PollDraft>) => void }) {
  const end = times(draft, now.value).until;
  return (
    <fieldset>
      <legend>{m.poll_when()}</legend>
      <div class="choices">
        {([false, true] as const).map((later) => (
          <label class="choice" key={String(later)}>
            <input type="radio" name="when" checked={draft.later === later} onChange={() => set({ later })} />
            {later ? m.tip_later() : m.tip_now()}
          </label>
        ))}
        {draft.later && (
          <label class="field">
            {m.poll_opens_at()}
            <input type="datetime-local" value={draft.opens_at} onInput={(event) => set({ opens_at: event.currentTarget.value })} />
          </label>
        )}
        <label class="field">
          {m.poll_closes_at()}
          <span class="hint">{m.tip_expires_hint()}</span>
          <input type="datetime-local" value={draft.closes_at || (Number.isNaN(end) ? "" : fieldOf(end))} onInput={(event) => set({ closes_at: event.currentTarget.value })} />
        </label>
      </div>
    </fieldset>
  );
}

/** As a youth sees it; what is pressed here goes nowhere. */
function Preview({ draft }: { draft: PollDraft }) {
  const opened = useSignal(false);
  const chosen = useSignal<number[]>([]);
  const made = preview(draft, now.value);
  const named = made.options.map((option) => (option.text || made.kind === "scale" ? option : { ...option, text: m.poll_option({ number: option.place + 1 }) }));
  const poll = { ...made, options: named };
  const { text, lang } = inWords(questionOf(poll), locale.value, false);
  return (
    <details class="fold card" onToggle={(event) => (opened.value = event.currentTarget.open)}>
      <summary>{m.poll_preview()}</summary>
      {opened.value && (
        <div class="poll stack">
          <h2 lang={lang}>{text || m.poll_question()}</h2>
          <Choices poll={poll} chosen={poll.kind === "many" ? chosen.value : chosen.value.slice(-1)} easy={false} onChoose={(places) => (chosen.value = places)} />
          <p class="small">{m.poll_privacy()}</p>
        </div>
      )}
    </details>
  );
}
