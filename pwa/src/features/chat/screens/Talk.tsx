import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { BackButton, Lamp, Mark, Title } from "../../../design";
import { lazy } from "../../../app/lazy";
import { NotRead } from "../../../app/NotRead";
import { MiniAlarm } from "../../../app/Shell";
import { m } from "../../../i18n";
import { homeKnown } from "../../../sync/mirror";
import { visible } from "../../../sync/state";
import { shared } from "../../../sync/shared";
import { codeState } from "../../identity/queries";
import { CodeCard } from "../../identity/screens/cards";
import { DutyLine } from "../../duty/screens/Line";
import { attachedTo } from "../../files/attached";
import { TalkComposer } from "../../files/screens/TalkComposer";
import { mutedIn } from "../../mutes/queries";
import { WritesToYou } from "../../presence/screens/Signs";
import { typing } from "../../presence/signs";
import { canPutHome, thisBrowser } from "../../unsent/keeping";
import { OfTalk } from "../../reports/screens/OfTalk";
import type { Stage } from "../../reports/screens/PictureStep";
import { markRead, sendMessage } from "../actions";
import { conversations, leaveConversation, messagesOf, openConversation } from "../queries";
import { carry } from "../halfWritten";
import { InDanger, SelfHarm, useLack } from "./InDanger";
import { Nothing } from "./Nothing";
import { Origin } from "./Origin";
import { Thread } from "./Thread";
import { Waiting } from "./Waiting";

const HomeScreen = lazy(() => import("../../push/screens/HomeScreen").then((part) => part.HomeScreen), "quiet");
const FromOutside = lazy(() => import("../../handovers/screens/youth").then((part) => part.FromOutside), "quiet");
const Quiet = lazy(() => import("../../mutes/screens/Quiet").then((part) => part.Quiet), "quiet");
const QuietHere = lazy(() => import("../../mutes/screens/Quiet").then((part) => part.QuietHere), "quiet");
const Survey = lazy(() => import("../../surveys/screens/Survey").then((part) => part.Survey), "quiet");
const Asked = lazy(() => import("../../erasure/screens").then((part) => part.Asked), "quiet");

export function Talk({ id }: { id: string }) {
  const listed = useComputed(() => conversations.value.find((row) => row.conversation_id === id)).value;
  const list = messagesOf(id).value;
  // Her words may be read before the list that names their talk: while they stand here it is as it was, and what she writes meanwhile
  // begins no other one, that would know nothing of the danger.
  const known = useRef(listed);
  if (list.length === 0 || (listed && (listed.revision > 0 || !known.current?.in_danger))) known.current = listed;
  const talk = known.current;
  // It is over by the phone's clock, whether or not the server has been asked since.
  const muted = talk && mutedIn(talk);
  const mine = list.filter((message) => message.mine);
  const last = mine[mine.length - 1];
  const unread = last && last.state !== "read";
  const newest = list[list.length - 1];
  const here = last?.state === "saved" || last?.state === "sending";
  const sent = list.some((message) => message.pos > 0);
  const lack = useLack(talk, list);
  // Beside danger there is one thing to read.
  const calm = talk && !lack && !talk.in_danger && !talk.self_harm && !shared;
  const [danger, tell] = useState(false);
  const stage = useSignal<Stage>("closed");
  // One question at a time.
  const attaching = stage.value !== "closed" || attachedTo(id).length > 0;
  // Thanks stand where a question stood.
  const asked = useRef(false);
  asked.current ||= talk?.asks !== undefined;

  useEffect(() => {
    openConversation(id);
    return () => leaveConversation(id);
  }, [id]);
  useEffect(() => {
    if (newest && visible.value) void markRead(id).catch(() => undefined);
  }, [id, newest?.message_id, visible.value]);

  const gone = list.some((message) => message.problem_kind === "erased");
  const broken = list.some((message) => message.problem_kind === "damaged");
  const over = talk?.state === "closed" || gone || broken || (!talk && homeKnown.value);
  useEffect(() => {
    if (over) carry(id, "new");
    if (over && attachedTo(id).length > 0) void import("../../files/attach").then((part) => part.detach(id)).catch(() => undefined);
  }, [id, over]);

  // Whoever had it and is gone is not who she talks with.
  const number = talk?.returned_at === undefined ? (talk?.holder ?? talk?.read_by) : undefined;
  return (
    <div class="talk">
      <header class="talk-head dusk">
        <BackButton up="/" />
        {number ? <Lamp number={number} /> : <Mark lit={false} />}
        <Title>{number ? m.officer({ number }) : m.talk_title()}</Title>
        <MiniAlarm />
      </header>
      <main id="main" class="talk-main">
      <Origin talk={talk} />
      <OfTalk id={id} up="/report" />
      <div class="talk-body" tabIndex={0} role="region" aria-label={m.talk_log()}>
        {list.length === 0 && <Nothing id={id} known={talk !== undefined} />}
        <Thread id={id} side="youth" reader={talk?.read_by ?? talk?.holder} more={(list[0]?.pos ?? 1) > 1} />
        {talk && (talk.told_at || talk.location_id) && <FromOutside talk={talk} />}
        {talk && <Asked kind="conversation" id={id} />}
        {lack ? (
          <InDanger lack={lack} here={here} selfHarm={talk?.self_harm ?? false} />
        ) : (
          <>
            {talk?.self_harm && talk.state !== "closed" && <SelfHarm />}
            {unread && <NotRead here={here} refused={last.state === "needs-attention"} />}
          </>
        )}
        {talk?.state === "waiting" && sent && <Waiting talk={talk} alone={lack !== null} />}
        {muted && talk?.state !== "closed" && <Quiet />}
        <CodeCard />
        {sent && calm && codeState.value !== "unseen" && canPutHome(thisBrowser()) && <HomeScreen />}
        {talk?.state === "closed" && <p class="notice">{m.talk_closed_text()}</p>}
        {talk && asked.current && sent && !attaching && !lack && !talk.in_danger && !talk.self_harm && <Survey talk={talk} />}
        {talk && !gone && sent && (
          <a class="button quiet" href={`/talk/${id}/report`}>
            {m.talk_report()}
          </a>
        )}
        {talk && !gone && (
          <a class="button quiet" href={`/talk/${id}/remove`}>
            {m.talk_remove()}
          </a>
        )}
      </div>
      <div class="talk-foot">
        {over ? (
          <a class="button" href="/">
            {m.talk_new()}
          </a>
        ) : (
          <>
            {talk && <WritesToYou talk={talk} newest={list.filter((message) => !message.mine).at(-1)?.message_id} />}
            {muted && <QuietHere told={danger} tell={tell} />}
            <TalkComposer
              id={id}
              side="youth"
              stage={stage}
              typing={() => typing(id)}
              send={(text, saved, files) =>
                sendMessage(text, id, () => (saved(), tell(false)), { ...files, ...(muted && danger ? { triage: { danger: "yes" } } : {}) })
              }
            />
            {!lack && !muted && <DutyLine />}
          </>
        )}
      </div>
      </main>
    </div>
  );
}
