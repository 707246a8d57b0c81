import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Icon, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { readable } from "../../../i18n/readable";
import { answerQuestion } from "../actions";
import { markOf } from "../marks";
import { box, decisions, markHere, type AskedQuestion, type Dialogue } from "../queries";
import { useClock } from "./useSeconds";

/** What is being answered aloud, until the speaker is done: its mark is set when she begins. */
const answering = signal<AskedQuestion | null>(null);

/** What the one who speaks is to answer: one question, large, and the next below. */
export function Speaker({ dialogue }: { dialogue: Dialogue }) {
  const { busy, error, run } = useTask();
  useClock(true);
  const { dialogue_id } = dialogue;
  useEffect(() => {
    if (answering.value?.dialogue_id !== dialogue_id) answering.value = null;
  }, [dialogue_id]);
  const going = new Set(decisions.value.filter(({ refused }) => !refused).map(({ body }) => body.question_id));
  const items = box(dialogue_id, "shown").list.value?.items ?? [];
  const queue = items.filter(({ seat, question_id }) => seat === "speaker" && !going.has(question_id)).sort((a, b) => b.votes - a.votes);
  const current = answering.value;
  const [one, next] = current ? [current, queue[0]] : queue;
  const begin = (question: AskedQuestion) =>
    void run(async () => {
      await answerQuestion(question, { mark_seconds: markHere(dialogue) });
      answering.value = question;
    });
  return (
    <section class="seat-speaker" aria-label={m.seat_for_you()}>
      <p class="tag">{current ? m.seat_answering() : m.seat_for_you()}</p>
      <p class="seat-now" aria-live="polite">
        {one ? readable(one.text) : m.seat_nothing()}
      </p>
      {current ? (
        <button type="button" class="button wide" onClick={() => (answering.value = null)}>
          {m.seat_done()}
          <Icon name="next" />
        </button>
      ) : (
        one && (
          <button type="button" class="button wide" disabled={busy} onClick={() => begin(one)}>
            <Icon name="clock" />
            {m.seat_answer_now({ mark: markOf(markHere(dialogue)) })}
          </button>
        )
      )}
      <Failed error={error} />
      {next && (
        <p class="seat-next">
          <b>{m.seat_next()}</b> <span>{readable(next.text)}</span>
        </p>
      )}
    </section>
  );
}
