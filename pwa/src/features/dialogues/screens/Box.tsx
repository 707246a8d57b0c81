import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { NotFetched } from "../../../app/NotFetched";
import { Stale } from "../../../app/Stale";
import { Empty, Loading, useLoad, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { readable } from "../../../i18n/readable";
import { when } from "../../../i18n/time";
import { homePos } from "../../../sync/mirror";
import { online } from "../../../sync/state";
import { Badge, whyWords } from "../../chat/screens/Urgency";
import { markOf } from "../marks";
import { box, decisions, type AskedQuestion, type Dialogue, type QuestionState, type Room, type Seat } from "../queries";
import { Decide, RefusedDecisions } from "./Decide";
import { SeatPolls } from "./SeatPolls";
import { hidingNames, seatNames } from "./words";

type Tab = Exclude<QuestionState, "merged"> | "polls";
const tabs: Tab[] = ["waiting", "shown", "answered", "not-shown", "polls"];
const names: Record<Tab, () => string> = {
  waiting: m.ideas_box_waiting,
  shown: m.ideas_box_shown,
  answered: m.ideas_box_answered,
  "not-shown": m.ideas_box_not_shown,
  polls: m.room_polls,
};
export const tab = signal<Tab>("waiting");

/** What was asked, by what became of it, and the polls. `may`: has a seat, or leads. */
export function BoxOfQuestions({ at, may, own }: { at: Room; may: boolean; own: Seat | undefined }) {
  const { dialogue } = at;
  const { dialogue_id, state } = dialogue;
  const lists = { waiting: box(dialogue_id, "waiting"), shown: box(dialogue_id, "shown") };
  // How much there is to do is seen from each list.
  const both = useLoad(() => Promise.all([lists.waiting.load(), lists.shown.load()]), [dialogue_id, homePos.value, online.value, dialogue.revision]);
  useEffect(() => {
    // Nothing waits any more once it is over, and what lacks an answer comes first.
    if (state === "ended" && tab.peek() === "waiting") tab.value = "shown";
  }, [state]);
  const counts: Partial<Record<Tab, number | undefined>> = { waiting: lists.waiting.list.value?.items.length, shown: lists.shown.list.value?.items.length };
  return (
    <section class="block">
      {!may && <p class="notice">{state === "live" ? m.seat_needed() : m.seat_after()}</p>}
      <fieldset class="seat-tabs">
        <legend class="sr">{m.ideas_box_which()}</legend>
        <div class="chips">
          {tabs.map((one) => (
            <label class="chip" key={one}>
              <input type="radio" name="seat-tab" checked={tab.value === one} onChange={() => (tab.value = one)} />
              {names[one]()}
              {counts[one] !== undefined && ` ${counts[one]}`}
            </label>
          ))}
        </div>
      </fieldset>
      {tab.value === "polls" ? <SeatPolls at={at} may={may} /> : <List key={tab.value} dialogue={dialogue} state={tab.value} may={may} own={own} error={both.error} again={both.load} />}
    </section>
  );
}

interface Listed {
  dialogue: Dialogue;
  state: QuestionState;
  may: boolean;
  own: Seat | undefined;
  error: unknown;
  again: () => void;
}

function List({ dialogue, state, may, own, error, again }: Listed) {
  const of = box(dialogue.dialogue_id, state);
  const more = useTask();
  const read = useLoad(async () => state !== "waiting" && state !== "shown" && of.load(), [state, homePos.value, online.value]);
  const failed = error ?? read.error;
  const list = of.list.value;
  const listed = new Set(list?.items.map(({ question_id }) => question_id));
  const retry = () => (again(), read.load());
  return (
    <>
      {/* What was decided elsewhere meanwhile stands in another list now. */}
      <RefusedDecisions about={(id) => !listed.has(id)} />
      {failed !== null && (list === null ? <NotFetched error={failed} again={retry} /> : <Stale text={m.tips_copy()} again={retry} />)}
      {list === null && failed === null && <Loading />}
      {list?.items.length === 0 && <Empty title={m.seat_box_empty()} />}
      <ul class="rows">
        {list?.items.map((one) => (
          <Row key={one.question_id} question={one} dialogue={dialogue} may={may} own={own} />
        ))}
      </ul>
      {list?.next !== undefined && (
        <button type="button" class="button plain" disabled={more.busy} onClick={() => void more.run(of.more)}>
          {m.ideas_more()}
        </button>
      )}
      <Failed error={more.error} />
    </>
  );
}

function Row({ question, dialogue, may, own }: { question: AskedQuestion; dialogue: Dialogue; may: boolean; own: Seat | undefined }) {
  const { question_id, votes, asked_at, seat, mark_seconds, answer, hiding } = question;
  const going = decisions.value.some(({ refused, body }) => !refused && body.question_id === question_id);
  const why = whyWords({ ...(question.reasons === undefined ? {} : { reasons: question.reasons }) });
  const pinned = dialogue.pinned_question_id === question_id;
  const facts = [
    m.question_votes({ count: votes }),
    ...(asked_at === undefined ? [] : [when(asked_at)]),
    ...(seat === undefined ? [] : [seatNames[seat]()]),
    ...(mark_seconds === undefined ? [] : [m.question_answered_at({ mark: markOf(mark_seconds) })]),
  ];
  return (
    <li class="tip question">
      {(going || pinned) && <span class="tag">{going ? m.planned_going() : m.question_pinned()}</span>}
      {why !== "" && (
        <p class="small strong">
          <Badge priority={question.priority} /> {why}
        </p>
      )}
      <p class="dialogue-words">{readable(question.text)}</p>
      <span class="small">{facts.join(" · ")}</span>
      {hiding !== undefined && <p class="small">{hidingNames[hiding]()}</p>}
      {answer !== undefined && <blockquote lang="sv">{answer}</blockquote>}
      <RefusedDecisions about={(id) => id === question_id} />
      {!going && <Decide question={question} dialogue={dialogue} may={may} own={own} />}
    </li>
  );
}
