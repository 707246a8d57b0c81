import { useSignal, type Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon, useTask } from "../../../design";
import { locale, m } from "../../../i18n";
import { inWords } from "../../../i18n/inWords";
import { Failed, kindOf } from "../../../i18n/Problem";
import { readable } from "../../../i18n/readable";
import { hasFilm } from "../film";
import { markOf, spanOf } from "../marks";
import { mineOf, more, order, reorder, vote, votes, type AskedQuestion, type Order, type Room } from "../queries";
import { ordered, steady } from "../room";
import type { Jump } from "./Film";
import { useReader } from "./useReader";

const orders: Order[] = ["votes", "newest"];

/** What was asked and is shown. Whoever reads in it keeps it as it stands until she asks for what is new. */
export function Questions({ at, jump }: { at: Room; jump: Signal<Jump | null> }) {
  const { dialogue } = at;
  const pinned = dialogue.pinned_question_id;
  const next = useTask();
  const list = useRef<HTMLUListElement>(null);
  // What is on top stands there alone.
  const all = ordered(
    at.questions.filter(({ question_id }) => question_id !== pinned),
    order.value,
  );
  const { stand, reads, joins } = useReader(list, all.map(({ question_id }) => question_id).join());
  const { shown, waiting } = steady(all, stand, reads);
  return (
    <section class="block">
      <h2>{m.questions_title()}</h2>
      <fieldset>
        <legend class="sr">{m.ideas_order()}</legend>
        <div class="chips">
          {orders.map((one) => (
            <label class="chip" key={one}>
              <input
                type="radio"
                name="question-order"
                checked={order.value === one}
                onChange={() => {
                  void next.run(() => reorder(one));
                  joins();
                }}
              />
              {one === "votes" ? m.questions_by_votes() : m.questions_by_newest()}
            </label>
          ))}
        </div>
      </fieldset>
      <News count={waiting} total={all.length} />
      {waiting > 0 && (
        <button type="button" class="button plain dialogue-new" onClick={joins}>
          {m.questions_show_new({ count: waiting })}
        </button>
      )}
      {at.questions.length === 0 && <p class="small">{m.questions_empty()}</p>}
      <ul class="rows" ref={list}>
        {shown.map((one) => (
          <QuestionCard key={one.question_id} question={one} jump={hasFilm(dialogue) ? jump : null}>
            <Vote question={one} open={dialogue.state === "live"} />
          </QuestionCard>
        ))}
      </ul>
      {at.next !== undefined && (
        <button type="button" class="button plain" disabled={next.busy} onClick={() => void next.run(more)}>
          {m.ideas_more()}
        </button>
      )}
      <Failed error={next.error} />
    </section>
  );
}

const SAID_MS = 10_000;

/** For a screen reader: how many are new since it last said so, at most each ten seconds. */
function News({ count, total }: { count: number; total: number }) {
  const said = useSignal("");
  const latest = useRef({ count, total });
  latest.current = { count, total };
  useEffect(() => {
    let known = latest.current.total;
    const timer = setInterval(() => {
      const fresh = latest.current.total - known;
      known = latest.current.total;
      said.value = fresh > 0 ? m.questions_new({ count: fresh }) : "";
    }, SAID_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="sr" role="status">
      {said.value}
    </p>
  );
}

/** What stands above all others, for as long as it does. */
export function Pinned({ at, jump }: { at: Room; jump: Signal<Jump | null> }) {
  const { dialogue, questions } = at;
  const question = questions.find(({ question_id }) => question_id === dialogue.pinned_question_id);
  if (!question) return null;
  return (
    <section class="dialogue-pinned" aria-label={m.question_pinned()}>
      <p class="tag">{m.question_pinned()}</p>
      <p class="dialogue-words">{readable(question.text)}</p>
      <Answered question={question} jump={hasFilm(dialogue) ? jump : null} />
      <Vote question={question} open={dialogue.state === "live"} />
    </section>
  );
}

export const QuestionCard = ({ question, jump, tag, heading = false, children }: { question: AskedQuestion; jump: Signal<Jump | null> | null; tag?: string; heading?: boolean; children?: ComponentChildren }) => (
  <li class="tip question">
    {tag !== undefined && <span class="tag">{tag}</span>}
    {heading ? <h3 class="dialogue-words">{readable(question.text)}</h3> : <p class="dialogue-words">{readable(question.text)}</p>}
    <Answered question={question} jump={jump} />
    {children}
  </li>
);

/** Where it is answered in the film, or the answer itself. */
function Answered({ question, jump }: { question: AskedQuestion; jump: Signal<Jump | null> | null }) {
  const { mark_seconds, answer, answer_en } = question;
  return (
    <>
      {mark_seconds !== undefined && <Mark seconds={mark_seconds} text={question.text} jump={jump} />}
      {answer !== undefined && <Written answer={answer} answer_en={answer_en} />}
    </>
  );
}

export function Mark({ seconds, text, jump }: { seconds: number; text: string; jump: Signal<Jump | null> | null }) {
  const mark = <time dateTime={spanOf(seconds)}>{m.question_answered_at({ mark: markOf(seconds) })}</time>;
  if (!jump)
    return (
      <p class="own-mark">
        <Icon name="check" />
        {mark}
      </p>
    );
  return (
    <button type="button" class="button plain dialogue-mark" onClick={() => (jump.value = { seconds })}>
      <Icon name="clock" />
      {mark}
      <span class="sr">: {text}</span>
    </button>
  );
}

function Written({ answer, answer_en }: { answer: string; answer_en: string | undefined }) {
  const { text, lang } = inWords({ text: answer, text_en: answer_en }, locale.value, false);
  return (
    <blockquote class="idea-answer">
      <b>{m.idea_we_did()}</b>
      <p lang={lang}>{text}</p>
    </blockquote>
  );
}

/** One a phone, and none for what is answered. */
function Vote({ question, open }: { question: AskedQuestion; open: boolean }) {
  const { busy, error, run } = useTask();
  const already = useSignal(false);
  const { question_id, dialogue_id, state } = question;
  const on = votes.value.includes(question_id);
  const own = mineOf(dialogue_id).list.value?.items.some((one) => one.question_id === question_id) ?? false;
  const offline = kindOf(error) === "network";
  const count = m.question_votes({ count: question.votes });
  if (own)
    return (
      <span class="own-mark">
        <Icon name="check" />
        {m.question_own()} · {count}
      </span>
    );
  if (!open || state !== "shown") return <span class="small">{count}</span>;
  return (
    <>
      <button
        type="button"
        class="button plain question-vote"
        aria-pressed={on}
        aria-disabled={busy}
        onClick={() => void run(async () => (already.value = (await vote(question_id, !on)) === "already"))}
      >
        <Icon name={on ? "check" : "tips"} />
        {on ? m.question_voted() : m.question_vote()}
        <span class="sr">: {question.text}</span>
        <span class="question-count">
          <span aria-hidden="true">{question.votes}</span>
          <span class="sr">. {count}</span>
        </span>
      </button>
      <div role="status">
        {already.value && <p class="small">{m.question_voted_already()}</p>}
        {offline && <p class="notice">{m.question_vote_offline()}</p>}
      </div>
      {!offline && <Failed error={error} />}
    </>
  );
}
