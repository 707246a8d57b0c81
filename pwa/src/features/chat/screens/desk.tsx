import { useComputed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { BackButton, Icon, Lamp, Loading, Mark, Title, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { lastWords } from "../../../i18n/readable";
import { age } from "../../../i18n/time";
import { homeKnown } from "../../../sync/mirror";
import { attention, online, visible } from "../../../sync/state";
import { Refused } from "../../../app/Refused";
import { ToRecord } from "../../erasure/screens/ToRecord";
import { Outside } from "../../handovers/screens/Outside";
import { RedCards } from "../../handovers/screens/RedCards";
import { WhereSheIs } from "../../handovers/screens/WhereSheIs";
import { me } from "../../identity/queries";
import { MarkHard, Pause } from "../../care/screens/AtDesk";
import { DutyInTalk } from "../../duty/screens/InTalk";
import { Incidents, InIncident, JoinThis, PartWords } from "../../incidents/screens/AtDesk";
import { TalkComposer } from "../../files/screens/TalkComposer";
import { MutedHere, MuteFold } from "../../mutes/screens/AtDesk";
import { AtThisTalk } from "../../presence/screens/Signs";
import { typing } from "../../presence/signs";
import { FirstShift } from "../../quarters/screens/FirstShift";
import { OnShift } from "../../quarters/screens/OnShift";
import { OfTalk } from "../../reports/screens/OfTalk";
import { AtHand } from "../../replies/screens/AtHand";
import { outcomeWords } from "../../work/outcomes";
import { CloseTalk } from "../../work/screens/CloseTalk";
import { HandOver } from "../../work/screens/HandOver";
import { Notes } from "../../work/screens/Notes";
import { TakeOver } from "../../work/screens/TakeOver";
import { markRead, sendMessage } from "../actions";
import { close, take } from "../changes";
import { conversations, leaveConversation, messagesOf, openConversation, type Conversation } from "../queries";
import { stands } from "../still";
import { Badge, soonest, Urgency, whyWords } from "./Urgency";
import { LiveLine } from "./LiveLine";
import { Nothing } from "./Nothing";
import { Origin } from "./Origin";
import { Still } from "./Still";
import { Thread, type Standing } from "./Thread";

const standing: Standing = { is: stands, words: m.still_state, Part: Still };

export function DeskRow({ talk }: { talk: Conversation }) {
  const waiting = talk.state === "waiting";
  const stuck = attention.value.some((row) => row.kind === "message-send" && row.lane === `conversation:${talk.conversation_id}`);
  return (
    <li>
      <a class={waiting || talk.unread || talk.mentioned || stuck ? "talk-row new" : "talk-row"} href={`/desk/talk/${talk.conversation_id}`}>
        {talk.holder ? <Lamp number={talk.holder} /> : <Mark lit={false} />}
        <span class="talk-row-words">
          <b class={waiting ? "waited" : undefined}>
            {talk.state !== "closed" && <Badge priority={talk.priority} />}
            {waiting ? m.desk_waited({ age: age(talk.waiting_since) }) : m.desk_last({ age: age(talk.last_at) })}
          </b>
          <span class="two-lines">{lastWords(talk)}</span>
          {talk.state !== "closed" && <small class="two-lines">{whyWords(talk)}</small>}
          <small>
            {talk.mentioned && <b>{m.notes_mentioned()} · </b>}
            {talk.state === "waiting" && talk.returned_at !== undefined && `${m.desk_returned()} · `}
            {talk.outcome !== undefined && `${outcomeWords(talk.outcome)} · `}
            {talk.holder && !talk.held_by_me && `${m.desk_held_by({ number: talk.holder })} · `}
            {stuck ? m.still_state() : talk.unread && m.desk_unread()}
          </small>
          <PartWords talk={talk} />
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
  return (
    <main id="main" class="page">
      <div class="page-head spread">
        <Title>{m.desk_title()}</Title>
        <LiveLine />
      </div>
      {!homeKnown.value && (online.value ? <Loading /> : <p class="notice care">{m.desk_unknown()}</p>)}
      <OnShift />
      <Pause />
      <RedCards />
      <Answers />
      <Part title={m.desk_waiting()} rows={all.filter((talk) => talk.state === "waiting").sort(soonest)} none={m.desk_none_waiting()} />
      <Incidents />
      <div class="row desk-ways">
        <a class="button quiet" href="/desk/search">
          {m.search_title()}
        </a>
        <a class="button quiet" href="/desk/join">
          {m.incident_join()}
        </a>
      </div>
      <FirstShift />
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
      <Origin talk={talk} />
      {talk && <InIncident talk={talk} />}
      <OfTalk id={id} up="/desk/report" />
      {talk && talk.state !== "closed" && <Urgency talk={talk} />}
      {talk && <Notes talk={talk} />}
      {talk && (talk.state !== "closed" || talk.red_since !== undefined) && <Outside talk={talk} mine={mine ?? false} />}
      <div class="talk-body" tabIndex={0} role="region" aria-label={m.talk_log()}>
        {list.length === 0 && <Nothing id={id} known={talk !== undefined} />}
        <Thread id={id} side="officer" reader={undefined} more={(list[0]?.pos ?? 1) > 1} standing={standing} />
        {talk && <MutedHere talk={talk} />}
        {talk && <WhereSheIs talk={talk} />}
        {talk && <DutyInTalk talk={talk} mine={mine ?? false} />}
        {talk && <JoinThis talk={talk} />}
        {mine && <MarkHard id={id} />}
        {talk && <MuteFold talk={talk} mine={mine ?? false} />}
        {mine && talk?.state === "taken" && (
          <div class="end-talk">
            <HandOver id={id} />
            <CloseTalk onClose={(outcome) => void run(() => close(id, outcome))} />
          </div>
        )}
        <Refused lane={`conversation:${id}`} />
        <Failed error={error} />
        {talk && <ToRecord kind="conversation" id={id} row={talk} />}
      </div>
      <div class="talk-foot">
        {talk && talk.state !== "closed" && <AtThisTalk talk={talk} newest={theirs?.message_id} />}
        {talk?.state === "closed" ? (
          <p>
            {m.desk_closed_text()} {talk.outcome !== undefined && outcomeWords(talk.outcome)}
          </p>
        ) : mine ? (
          <>
            <TalkComposer id={id} side="officer" label={m.desk_answer_label()} typing={() => typing(id)} send={(text, saved, files) => sendMessage(text, id, saved, files)} />
            {talk && <AtHand talk={talk} />}
          </>
        ) : talk?.holder ? (
          <TakeOver talk={talk} holder={talk.holder} />
        ) : (
          <>
            <button type="button" class="button" disabled={busy || !talk} onClick={() => void run(() => take(id))}>
              {m.desk_take()}
            </button>
            <p class="small">{m.desk_take_hint()}</p>
            {talk && <AtHand talk={talk} take={() => take(id)} />}
          </>
        )}
      </div>
      </main>
    </div>
  );
}
