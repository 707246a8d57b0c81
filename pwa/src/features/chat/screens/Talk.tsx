import { useComputed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { BackButton, Lamp, Mark, Title } from "../../../design";
import { lazy } from "../../../app/lazy";
import { NotRead } from "../../../app/NotRead";
import { MiniAlarm } from "../../../app/Shell";
import { m } from "../../../i18n";
import { homeKnown } from "../../../sync/mirror";
import { visible } from "../../../sync/state";
import { CodeCard } from "../../identity/screens/cards";
import { markRead, sendMessage } from "../actions";
import { conversations, leaveConversation, messagesOf, openConversation } from "../queries";
import { carry } from "../halfWritten";
import { Composer } from "./Composer";
import { InDanger, lacks, SelfHarm } from "./InDanger";
import { Nothing } from "./Nothing";
import { Thread } from "./Thread";
import { Waiting } from "./Waiting";

const Asked = lazy(() => import("../../erasure/screens").then((part) => part.Asked), "quiet");

export function Talk({ id }: { id: string }) {
  const talk = useComputed(() => conversations.value.find((row) => row.conversation_id === id)).value;
  const list = messagesOf(id).value;
  const mine = list.filter((message) => message.mine);
  const last = mine[mine.length - 1];
  const unread = last && last.state !== "read";
  const newest = list[list.length - 1];
  const here = last?.state === "saved" || last?.state === "sending";
  const lack = lacks(talk, list);

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
  }, [id, over]);

  const number = talk?.holder ?? talk?.read_by;
  return (
    <div class="talk">
      <header class="talk-head dusk">
        <BackButton up="/" />
        {number ? <Lamp number={number} /> : <Mark lit={false} />}
        <Title>{number ? m.officer({ number }) : m.talk_title()}</Title>
        <MiniAlarm />
      </header>
      <main id="main" class="talk-main">
      <div class="talk-body" tabIndex={0} role="region" aria-label={m.talk_log()}>
        {list.length === 0 && <Nothing id={id} known={talk !== undefined} />}
        <Thread id={id} side="youth" reader={talk?.read_by ?? talk?.holder} more={(list[0]?.pos ?? 1) > 1} />
        {talk && <Asked kind="conversation" id={id} />}
        {lack ? (
          <InDanger lack={lack} here={here} selfHarm={talk?.self_harm ?? false} />
        ) : (
          <>
            {talk?.self_harm && talk.state !== "closed" && <SelfHarm />}
            {unread && <NotRead here={here} refused={last.state === "needs-attention"} />}
          </>
        )}
        {talk?.state === "waiting" && list.some((message) => message.pos > 0) && <Waiting talk={talk} alone={lack !== null} />}
        <CodeCard />
        {talk?.state === "closed" && <p class="notice">{m.talk_closed_text()}</p>}
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
          <Composer place={id} send={(text, saved) => sendMessage(text, id, saved)} />
        )}
      </div>
      </main>
    </div>
  );
}
