import { useComputed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { BackButton, Confirm, Icon, Lamp, Loading, Mark, Title, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { readable } from "../../../i18n/readable";
import { age } from "../../../i18n/time";
import { homeKnown } from "../../../sync/mirror";
import { attention, liveState, online, visible } from "../../../sync/state";
import { Refused } from "../../../app/Refused";
import { ToRecord } from "../../erasure/screens/ToRecord";
import { me } from "../../identity/queries";
import { OnShift } from "../../quarters/screens/OnShift";
import { close, markRead, sendMessage, take } from "../actions";
import { conversations, leaveConversation, messagesOf, openConversation, type Conversation } from "../queries";
import { stands } from "../still";
import { Composer } from "./Composer";
import { Badge, soonest, Urgency, whyWords } from "./Urgency";
import { Nothing } from "./Nothing";
import { Still } from "./Still";
import { Thread, type Standing } from "./Thread";

const standing: Standing = { is: stands, words: m.still_state, Part: Still };

const liveWords = { live: m.desk_live, connecting: m.desk_connecting, off: m.desk_off } as const;

function DeskRow({ talk }: { talk: Conversation }) {
  const waiting = talk.state === "waiting";
  const stuck = attention.value.some((row) => row.kind === "message-send" && row.lane === `conversation:${talk.conversation_id}`);
  return (
    <li>
      <a class={waiting || talk.unread || stuck ? "talk-row new" : "talk-row"} href={`/desk/talk/${talk.conversation_id}`}>
        {talk.holder ? <Lamp number={talk.holder} /> : <Mark lit={false} />}
        <span class="talk-row-words">
          <b class={waiting ? "waited" : undefined}>
            {talk.state !== "closed" && <Badge priority={talk.priority} />}
            {waiting ? m.desk_waited({ age: age(talk.waiting_since) }) : m.desk_last({ age: age(talk.last_at) })}
          </b>
          <span class="two-lines">{readable(talk.last_text)}</span>
          {talk.state !== "closed" && <small class="two-lines">{whyWords(talk)}</small>}
          <small>
            {talk.holder && !talk.held_by_me && `${m.desk_held_by({ number: talk.holder })} · `}
            {stuck ? m.still_state() : talk.unread && m.desk_unread()}
          </small>
        </span>
        <Icon name="next" />
      </a>
    </li>
  );
}

function Part({ title, rows, none, folded }: { title: string; rows: Conversation[]; none: string; folded?: boolean }) {
  // Not read yet is not the same as none.
  if (rows.length === 0 && !homeKnown.value) return null;
  const list =
    rows.length === 0 ? (
      <p class="small">{none}</p>
    ) : (
      <ul class="rows">
        {rows.map((talk) => (
          <DeskRow key={talk.conversation_id} talk={talk} />
        ))}
      </ul>
    );
  const name = m.desk_count({ title, count: rows.length });
  if (folded)
    return (
      <details class="fold">
        <summary>
          <h2>{name}</h2>
        </summary>
        {list}
      </details>
    );
  return (
    <section class="block">
      <h2>{name}</h2>
      {list}
    </section>
  );
}

/** Answers that stand are told where officers come in: their talks may be among the colleagues' by now. */
const Answers = () => {
  const lanes = attention.value.filter((row) => row.kind === "message-send").map((row) => row.lane);
  const count = lanes.length;
  // Where they all stand in one talk, what came stands there as well.
  const to = new Set(lanes).size === 1 ? `/desk/talk/${lanes[0]?.slice("conversation:".length)}` : "/desk/unsent";
  return (
    <div role="status">
      {count > 0 && (
        <a class="talk-row new" href={to}>
          <Icon name="warn" />
          <span class="talk-row-words">
            <b>{m.still_rows({ count })}</b>
          </span>
          <Icon name="next" />
        </a>
      )}
    </div>
  );
};

const latest = (a: Conversation, b: Conversation): number => Date.parse(b.last_at) - Date.parse(a.last_at);

/** Danger first, and then whoever has waited longest: age, not noise, decides. */
export function DeskList() {
  const all = conversations.value;
  const live = liveState.value;
  return (
    <main id="main" class="page">
      <div class="page-head spread">
        <Title>{m.desk_title()}</Title>
        <span class={`line ${live}`} role="status">
          {liveWords[live]()}
        </span>
      </div>
      {!homeKnown.value && (online.value ? <Loading /> : <p class="notice care">{m.desk_unknown()}</p>)}
      <OnShift />
      <Answers />
      <Part title={m.desk_waiting()} rows={all.filter((talk) => talk.state === "waiting").sort(soonest)} none={m.desk_none_waiting()} />
      <Part
        title={m.desk_mine()}
        rows={all.filter((talk) => talk.state === "taken" && talk.held_by_me).sort(latest)}
        none={m.desk_none_mine()}
      />
      <Part
        title={m.desk_others()}
        rows={all.filter((talk) => talk.state === "taken" && !talk.held_by_me).sort(latest)}
        none={m.desk_none_others()}
        folded
      />
      <Part title={m.desk_closed()} rows={all.filter((talk) => talk.state === "closed").sort(latest)} none={m.desk_none_closed()} folded />
    </main>
  );
}

export function DeskTalk({ id }: { id: string }) {
  const talk = useComputed(() => conversations.value.find((row) => row.conversation_id === id)).value;
  const list = messagesOf(id).value;
  // An answer that waits stands last, whatever comes.
  const theirs = list.filter((message) => !message.mine).at(-1);
  const newest = list[list.length - 1];
  const { busy, error, run } = useTask();
  const mine = talk?.held_by_me || (talk?.holder !== undefined && talk.holder === me.value?.public_number);

  useEffect(() => {
    openConversation(id);
    return () => leaveConversation(id);
  }, [id]);
  // Only the one who holds the talk makes it "read": a look in passing must not tell a youth that somebody has it.
  useEffect(() => {
    if (mine && newest && visible.value) void markRead(id).catch(() => undefined);
  }, [id, mine, newest?.message_id, theirs?.message_id, visible.value]);

  return (
    <div class="talk desk-talk">
      <header class="talk-head dusk">
        <BackButton up="/desk" />
        <Mark lit={Boolean(talk?.holder)} />
        <Title>{m.desk_youth()}</Title>
        {talk && <span class="head-note">{talk.state === "waiting" ? m.desk_waited({ age: age(talk.waiting_since) }) : m.desk_last({ age: age(talk.last_at) })}</span>}
      </header>
      <main id="main" class="talk-main">
      {talk && talk.state !== "closed" && <Urgency talk={talk} />}
      <div class="talk-body" tabIndex={0} role="region" aria-label={m.talk_log()}>
        {list.length === 0 && <Nothing id={id} known={talk !== undefined} />}
        <Thread id={id} side="officer" reader={undefined} more={(list[0]?.pos ?? 1) > 1} standing={standing} />
        {mine && talk?.state === "taken" && (
          <div class="end-talk">
            <Confirm label={m.desk_close()} ask={m.desk_close_sure()} yes={m.desk_close_yes()} onYes={() => void run(() => close(id))} />
          </div>
        )}
        <Refused lane={`conversation:${id}`} />
        <Failed error={error} />
        {talk && <ToRecord kind="conversation" id={id} row={talk} />}
      </div>
      <div class="talk-foot">
        {talk?.state === "closed" ? (
          <p>{m.desk_closed_text()}</p>
        ) : mine ? (
          <Composer place={id} label={m.desk_answer_label()} send={(text, saved) => sendMessage(text, id, saved)} />
        ) : talk?.holder ? (
          <p>{m.desk_held_other({ number: talk.holder })}</p>
        ) : (
          <>
            <button type="button" class="button" disabled={busy || !talk} onClick={() => void run(() => take(id))}>
              {m.desk_take()}
            </button>
            <p class="small">{m.desk_take_hint()}</p>
          </>
        )}
      </div>
      </main>
    </div>
  );
}
