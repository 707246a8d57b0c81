import { useSignal } from "@preact/signals";
import { Confirm, Icon, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed, Problem } from "../../../i18n/Problem";
import { keepForm } from "../../chat/halfForm";
import { assignQuestion, answerQuestion, drop, hideQuestion, mergeQuestion, muteAsker, pin, showQuestion } from "../actions";
import { markOf } from "../marks";
import { box, decisions, markHere, type AskedQuestion, type Decision, type Dialogue, type IdeaHiding, type Seat } from "../queries";
import { answerPlace, WriteAnswer } from "./Answer";
import { useClock } from "./useSeconds";
import { hidingNames, otherSeat } from "./words";

interface Of {
  question: AskedQuestion;
  dialogue: Dialogue;
  may: boolean;
  own: Seat | undefined;
}

/** A decision; what held the focus goes with it, and the list stays where it is. */
function useDecision() {
  const { run, ...task } = useTask();
  const decide = (work: () => Promise<unknown>) =>
    void run(work).then((done) => {
      if (done) document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
    });
  return { ...task, decide };
}

/** What can be made of a question, the likeliest under the thumb. */
export function Decide({ question, dialogue, may, own }: Of) {
  const { busy, error, decide } = useDecision();
  const { state, conversation_id } = question;
  const live = dialogue.state === "live";
  // What tells of harm is talked about before anything else: the talk has begun by itself.
  const harm = (question.reasons ?? []).length > 0;
  const shown = state === "shown";
  const writes = (shown || state === "answered") && (may || dialogue.state === "ended");
  const show = may && live && (state === "waiting" || state === "not-shown") && (
    <button key="show" type="button" class={harm ? "button plain wide" : "button wide"} disabled={busy} onClick={() => decide(() => showQuestion(question))}>
      <Icon name="check" />
      {m.idea_show()}
    </button>
  );
  // What nobody decided in time may still stand in the way of the archive.
  const hides = live ? state !== "merged" && state !== "not-shown" : harm && state === "waiting" && dialogue.state === "ended";
  return (
    <div class="stack decide">
      {conversation_id !== undefined && (
        <a class="button wide" href={`/desk/talk/${conversation_id}`}>
          <Icon name="talk" />
          {m.idea_talk_go()}
        </a>
      )}
      {show}
      {may && live && shown && <Now question={question} dialogue={dialogue} own={own} />}
      <Failed error={error} />
      {writes && <WriteAnswer question={question} />}
      {may && hides && <Hide question={question} />}
      {may && live && (state === "waiting" || shown) && <More question={question} dialogue={dialogue} />}
    </div>
  );
}

/** Answered aloud at this moment, or given to the other seat: the reader gives, the others answer. */
function Now({ question, dialogue, own }: Omit<Of, "may">) {
  const { busy, error, decide } = useDecision();
  useClock(true);
  const to = own === undefined ? (question.seat === "speaker" ? "reader" : "speaker") : otherSeat(own);
  const has = question.seat === to;
  const gives = own === "reader" && !has;
  const answer = (
    <button key="answer" type="button" class={gives ? "button plain wide" : "button wide"} disabled={busy} onClick={() => decide(() => answerQuestion(question, { mark_seconds: markHere(dialogue) }))}>
      <Icon name="clock" />
      {m.seat_answer_now({ mark: markOf(markHere(dialogue)) })}
    </button>
  );
  const give = (
    <button key="give" type="button" class={gives ? "button wide" : "button plain wide"} disabled={busy} onClick={() => decide(() => (has ? assignQuestion(question) : assignQuestion(question, to)))}>
      {has ? m.seat_assign_none() : to === "speaker" ? m.seat_assign_speaker() : m.seat_assign_reader()}
    </button>
  );
  return (
    <>
      {gives ? [give, answer] : [answer, give]}
      <Failed error={error} />
    </>
  );
}

/** Each reason is a press: a reader has a hundred to look at. */
function Hide({ question }: { question: AskedQuestion }) {
  const { busy, error, decide } = useDecision();
  return (
    <details class="fold">
      <summary>{m.idea_hide()}</summary>
      <div class="stack">
        <p class="small">{m.idea_hide_why()}</p>
        {(Object.keys(hidingNames) as IdeaHiding[]).map((one) => (
          <button key={one} type="button" class="button plain wide" disabled={busy} onClick={() => decide(() => hideQuestion(question, { hiding: one }))}>
            {hidingNames[one]()}
          </button>
        ))}
        <Failed error={error} />
      </div>
    </details>
  );
}

function More({ question, dialogue }: Pick<Of, "question" | "dialogue">) {
  const { busy, error, decide } = useDecision();
  const pinned = dialogue.pinned_question_id === question.question_id;
  return (
    <details class="fold">
      <summary>{m.seat_more()}</summary>
      <div class="stack">
        {question.state === "shown" && (
          <button type="button" class="button plain wide" disabled={busy} onClick={() => decide(() => (pinned ? pin(dialogue) : pin(dialogue, question.question_id)))}>
            {pinned ? m.seat_unpin() : m.seat_pin()}
          </button>
        )}
        <Merge question={question} />
        <Confirm label={m.seat_mute()} ask={m.seat_mute_ask()} yes={m.seat_mute()} busy={busy} onYes={() => decide(() => muteAsker(question))} />
        <Failed error={error} />
      </div>
    </details>
  );
}

/** Those that are shown, and may say the same. */
function Merge({ question }: { question: AskedQuestion }) {
  const into = useSignal("");
  const { busy, error, decide } = useDecision();
  const others = (box(question.dialogue_id, "shown").list.value?.items ?? []).filter(({ question_id }) => question_id !== question.question_id);
  return (
    <details class="fold">
      <summary>{m.idea_merge()}</summary>
      {others.length === 0 ? (
        <p class="small">{m.seat_merge_none()}</p>
      ) : (
        <div class="stack">
          <fieldset>
            <legend>{m.idea_merge_which()}</legend>
            <div class="choices">
              {others.map((one) => (
                <label class="choice" key={one.question_id}>
                  <input type="radio" name={`into-${question.question_id}`} checked={into.value === one.question_id} onChange={() => (into.value = one.question_id)} />
                  {one.text}
                </label>
              ))}
            </div>
          </fieldset>
          <Failed error={error} />
          <button type="button" class="button plain" disabled={busy || into.value === ""} onClick={() => decide(() => mergeQuestion(question, into.value))}>
            {m.idea_merge_do()}
          </button>
        </div>
      )}
    </details>
  );
}

/** What was refused is seen before it goes; words of an answer go back into the form. */
export function RefusedDecisions({ about }: { about: (question_id: string) => boolean }) {
  const { busy, error, run } = useTask();
  const seen = ({ action_id, kind, body: { question_id, answer, answer_en = "" } }: Decision) =>
    void run(async () => {
      if (kind === "question-answer" && answer != null) keepForm(answerPlace(question_id), { answer, answer_en });
      await drop(action_id);
    });
  return (
    <>
      {decisions.value
        .filter(({ refused, body }) => refused && about(body.question_id))
        .map((row) => (
          <div key={row.action_id} class="notice care" role="alert">
            <p>
              <b>{m.idea_decision_refused()}</b> <Problem kind={row.problem_kind} />
            </p>
            {row.body.answer != null && <blockquote>{row.body.answer}</blockquote>}
            <button type="button" class="button plain" disabled={busy} onClick={() => seen(row)}>
              {row.body.answer != null ? m.idea_answer_edit() : m.act_refused_seen()}
            </button>
          </div>
        ))}
      <Failed error={error} />
    </>
  );
}
