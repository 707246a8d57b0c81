import { Fragment, type ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Confirm, Icon, Lamp, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Problem, kindOf } from "../../../i18n/Problem";
import { readable } from "../../../i18n/readable";
import { clock, day, when } from "../../../i18n/time";
import { CopyWords } from "../../../app/CopyWords";
import { kept } from "../../../app/kept";
import { lazy } from "../../../app/lazy";
import { go } from "../../../app/router";
import { named } from "../../files/attached";
import { discard, editAndResend, sendMessage } from "../actions";
import { useChanged } from "../changed";
import { loadOlder, messagesOf, type MessageRow } from "../queries";

const InMessage = lazy(() => import("../../files/screens/InMessage").then((part) => part.InMessage), "quiet");

type Side = "youth" | "officer";
/** How the officers' side tells of an answer that stands because the talk has moved on. */
export type Standing = { is: (message: MessageRow) => boolean; words: () => string; Part: ComponentType<{ message: MessageRow }> };

function stateWords(message: MessageRow, side: Side, reader: string | undefined): string {
  switch (message.state) {
    case "saved":
      return kept(m.state_saved);
    case "sending":
      return m.state_sending();
    case "needs-attention":
      return m.state_attention();
    case "read":
      return side === "youth" ? m.state_read({ number: reader ?? "" }) : m.desk_state_read();
    default:
      return side === "youth" ? m.state_arrived() : m.desk_state_arrived();
  }
}

const stateIcon = { saved: "saved", sending: "clock", arrived: "clock", read: "check", "needs-attention": "warn" } as const;

/** Nothing that was refused is lost or hidden: the reason stands there with what can be done. */
function Attention({ message, side }: { message: MessageRow; side: Side }) {
  const { editing, text, edit, set, over } = useChanged(message);
  const { busy, error, run } = useTask();
  const resend = async () => {
    const words = text.trim();
    const ended = ["conversation-closed", "erased", "damaged"].includes(message.problem_kind ?? "");
    if (side === "officer" || !ended) {
      await editAndResend(message.action_id, words);
      return over();
    }
    // A talk that has ended or gone takes no more words, so they begin a new one; the old item goes once they are safe there.
    const fresh = await sendMessage(words, undefined, undefined, named(message.files ?? []));
    await drop();
    go(`/talk/${fresh}`);
  };
  const drop = async () => {
    await discard(message.action_id);
    over();
  };
  return (
    <div class="notice care attention">
      <p>
        <b>{m.state_attention()}.</b> <Problem kind={message.problem_kind} />
      </p>
      {editing && (
        <label class="field">
          {m.attention_text_label()}
          <textarea rows={4} autocomplete="off" value={text} onInput={(event) => set(event.currentTarget.value)} />
        </label>
      )}
      <div class="row">
        {side === "youth" && /^(muted|blocked)$/.test(message.problem_kind ?? "") && (
          <button
            type="button"
            class="button"
            disabled={busy || !text.trim()}
            onClick={() =>
              void run(async () => {
                await editAndResend(message.action_id, text.trim(), [], { triage: { danger: "yes" } });
                over();
              })
            }
          >
            {m.quiet_resend()}
          </button>
        )}
        <button
          type="button"
          class="button"
          disabled={busy || (editing && !text.trim() && !message.files)}
          onClick={() => (editing ? void run(resend) : edit())}
        >
          {editing ? m.attention_resend() : m.attention_edit()}
        </button>
        <CopyWords words={text} />
        <Confirm
          label={m.attention_remove()}
          ask={m.attention_remove_sure()}
          yes={m.attention_remove_yes()}
          onYes={() => void run(drop)}
        />
      </div>
      {error !== null && (
        <p class="strong" role="alert">
          <Problem kind={kindOf(error)} />
        </p>
      )}
    </div>
  );
}

type Said = { message: MessageRow; side: Side; reader: string | undefined; showState: boolean; standing: Standing | undefined };

function Bubble({ message, side, reader, showState, standing }: Said) {
  // A phone's clock never orders the talk, but a long way between writing and arriving is told.
  const late = message.received_at && Math.abs(Date.parse(message.received_at) - Date.parse(message.recorded_at)) > 120_000;
  const at = message.received_at || message.recorded_at;
  const who = message.mine
    ? side === "youth"
      ? m.talk_you()
      : m.desk_you({ number: message.public_number ?? "" })
    : message.by === "officer"
      ? m.officer({ number: message.public_number ?? "" })
      : m.desk_youth();
  return (
    <li class={message.mine ? "said mine" : "said"}>
      {!message.mine && message.by === "officer" && message.public_number && <Lamp number={message.public_number} />}
      <div class="bubble">
        <span class={message.mine ? "sr" : "who"}>{who}</span>
        {message.damaged ? <p class="damaged">{m.message_damaged()}</p> : message.text && <p>{message.text}</p>}
        {message.files && <InMessage message={message} side={side} />}
      </div>
      <span class="said-at">
        {showState && message.mine && (
          <span class={`state ${message.state}`}>
            <Icon name={stateIcon[message.state]} />
            {standing ? standing.words() : stateWords(message, side, reader)} ·{" "}
          </span>
        )}
        <time dateTime={at}>{clock(at)}</time>
        {late && ` · ${m.written_at({ when: when(message.recorded_at) })}`}
      </span>
      {standing ? <standing.Part message={message} /> : message.state === "needs-attention" && <Attention message={message} side={side} />}
    </li>
  );
}

const sameDay = (a: string, b: string): boolean => new Date(a).toDateString() === new Date(b).toDateString();

type All = { id: string; side: Side; reader: string | undefined; more: boolean; standing?: Standing };

export function Thread({ id, side, reader, more, standing }: All) {
  const list = messagesOf(id).value;
  const end = useRef<HTMLDivElement>(null);
  const older = useTask();
  // Only what comes while the talk is open is read aloud, never the whole history, neither at first nor when it is fetched later.
  const [spoken, speak] = useState<string[]>([]);
  const heard = useRef<{ pos: number; newest: string } | null>(null);
  const newest = list[list.length - 1];
  // What says that nobody has read it comes into view with the last words.
  const rest = (behavior: ScrollBehavior) =>
    (document.querySelector(".not-read") ?? end.current)?.scrollIntoView({ block: "end", behavior });
  const own = list.filter((message) => message.mine).at(-1);
  const standingOf = (message: MessageRow) => (standing?.is(message) ? standing : undefined);
  const state = own && (standingOf(own)?.words() ?? stateWords(own, side, reader));
  const first = useRef(state);

  useEffect(() => {
    if (!newest) return;
    const before = heard.current;
    heard.current = { pos: Math.max(before?.pos ?? 0, ...list.map((message) => message.pos)), newest: newest.message_id };
    if (before === null) return;
    const theirs = list.filter((message) => !message.mine && message.pos > before.pos);
    if (theirs.length > 0) speak(theirs.map((message) => message.message_id));
    if (theirs.length > 0 || before.newest !== newest.message_id)
      rest(matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");
  }, [newest?.message_id, list.length]);
  useEffect(() => {
    rest("instant");
  }, [id, list.length > 0]);

  return (
    <>
      {more && list.length > 0 && (
        <button type="button" class="button plain older" disabled={older.busy} onClick={() => void older.run(() => loadOlder(id))}>
          {m.talk_older()}
        </button>
      )}
      <ol class="thread">
        {list.map((message, i) => {
          const at = message.received_at || message.recorded_at;
          const before = list[i - 1];
          const after = list[i + 1];
          // The state stands under the last of a run alike; saying it under each would be noise.
          const showState = !after || !after.mine || after.state !== message.state;
          return (
            <Fragment key={message.message_id}>
              {(!before || !sameDay(before.received_at || before.recorded_at, at)) && (
                <li class="day">
                  <span>{day(at)}</span>
                </li>
              )}
              <Bubble message={message} side={side} reader={reader} showState={showState} standing={standingOf(message)} />
            </Fragment>
          );
        })}
      </ol>
      <div class="sr" role="log" aria-live="polite">
        {list
          .filter((message) => spoken.includes(message.message_id))
          .map((message) => (
            <p key={message.message_id}>
              {message.by === "officer" ? m.officer({ number: message.public_number ?? "" }) : m.desk_youth()}:{" "}
              {message.text || !message.files ? readable(message.text) : m.words_picture()}
            </p>
          ))}
      </div>
      <p class="sr" role="status">
        {state !== first.current && state}
      </p>
      <div ref={end} class="thread-end" />
    </>
  );
}
