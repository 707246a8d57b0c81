import { useComputed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { BackButton, Icon, Lamp, Mark, Title } from "../../../design";
import { kept } from "../../../app/kept";
import { go } from "../../../app/router";
import { m } from "../../../i18n";
import { visible } from "../../../sync/state";
import { CodeCard } from "../../identity/screens/CodeCard";
import { markRead, sendMessage } from "../actions";
import { conversations, leaveConversation, messagesOf, openConversation, type MessageRow } from "../queries";
import { Composer } from "./Composer";
import { Thread } from "./Thread";

/** The dangerous state is a cry that nobody has read: it is said large, and 112 stands in it. */
function NotRead({ last }: { last: MessageRow }) {
  const here = last.state === "saved" || last.state === "sending" || last.state === "needs-attention";
  return (
    <section class="not-read" aria-label={m.wait_title()}>
      <Mark lit={false} />
      <div>
        <p class="strong">{here ? m.wait_saved_title() : m.wait_title()}</p>
        <p>{here ? kept(m.wait_saved_text, m.wait_in_tab_text) : m.wait_text()}</p>
      </div>
      <a class="button alarm" href="tel:112">
        <Icon name="phone" />
        {m.sos_call()}
      </a>
    </section>
  );
}

export function Talk({ id }: { id: string }) {
  const talk = useComputed(() => conversations.value.find((row) => row.conversation_id === id)).value;
  const list = messagesOf(id).value;
  const mine = list.filter((message) => message.mine);
  const last = mine[mine.length - 1];
  const unread = last && last.state !== "read";
  const newest = list[list.length - 1];

  useEffect(() => {
    openConversation(id);
    return () => leaveConversation(id);
  }, [id]);
  useEffect(() => {
    if (newest && visible.value) void markRead(id).catch(() => undefined);
  }, [id, newest?.message_id, visible.value]);

  const number = talk?.holder ?? talk?.read_by;
  return (
    <div class="talk">
      <header class="talk-head dusk">
        <BackButton up="/" />
        {number ? <Lamp number={number} /> : <Mark lit={false} />}
        <Title>{number ? m.officer({ number }) : m.talk_title()}</Title>
        <a class="mini-alarm" href="tel:112" aria-label={m.sos_call()}>
          112
        </a>
      </header>
      <main id="main" class="talk-main">
      <div class="talk-body" tabIndex={0} role="region" aria-label={m.talk_log()}>
        {list.length === 0 && <p class="empty">{m.talk_empty()}</p>}
        <Thread id={id} side="youth" reader={talk?.read_by ?? talk?.holder} more={(list[0]?.pos ?? 1) > 1} />
        {unread && <NotRead last={last} />}
        <CodeCard />
        {talk?.state === "closed" && <p class="notice">{m.talk_closed_text()}</p>}
      </div>
      <div class="talk-foot">
        {talk?.state === "closed" ? (
          <a class="button" href="/">
            {m.talk_new()}
          </a>
        ) : (
          <Composer
            place={id}
            send={async (text) => {
              const to = await sendMessage(text, id);
              if (to !== id) go(`/talk/${to}`, "replace");
            }}
          />
        )}
      </div>
      </main>
    </div>
  );
}
