import { Icon, Lamp, Mark } from "../../../design";
import { kept } from "../../../app/kept";
import { m } from "../../../i18n";
import { lastWords, nothingSaid } from "../../../i18n/readable";
import { age } from "../../../i18n/time";
import { messagesOf, type Conversation } from "../queries";

function stateOf(talk: Conversation): string {
  const mine = messagesOf(talk.conversation_id).value.filter((message) => message.mine);
  const last = mine[mine.length - 1];
  if (mine.some((message) => message.state === "needs-attention")) return m.talk_row_attention();
  if (talk.unread) return m.talk_row_reply();
  if (talk.state === "closed") return m.talk_row_closed();
  if (last && (last.state === "saved" || last.state === "sending")) return kept(m.talk_row_saved);
  return talk.read_by && talk.officer_read_pos >= talk.head
    ? m.talk_row_read({ number: talk.read_by })
    : (talk.last_by === "officer" || nothingSaid(talk)) && talk.holder
      ? m.officer({ number: talk.holder })
      : m.talk_row_waiting();
}

const TalkRow = ({ talk }: { talk: Conversation }) => (
  <li>
    <a class={talk.unread ? "talk-row new" : "talk-row"} href={`/talk/${talk.conversation_id}`}>
      {talk.holder ? <Lamp number={talk.holder} /> : <Mark lit={false} />}
      <span class="talk-row-words">
        <b>{talk.holder ? m.officer({ number: talk.holder }) : m.talk_title()}</b>
        <span class="one-line">{lastWords(talk)}</span>
        <small>
          {stateOf(talk)} · {age(talk.last_at)}
        </small>
      </span>
      <Icon name="next" />
    </a>
  </li>
);

export const TalkRows = ({ talks, label }: { talks: Conversation[]; label?: string }) => (
  <ul class="rows" aria-label={label}>
    {talks.map((talk) => (
      <TalkRow key={talk.conversation_id} talk={talk} />
    ))}
  </ul>
);
