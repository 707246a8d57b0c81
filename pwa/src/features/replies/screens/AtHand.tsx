import { useSignal } from "@preact/signals";
import { useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { halfWritten, write } from "../../chat/halfWritten";
import { messagesOf, type Conversation } from "../../chat/queries";
import { me } from "../../identity/queries";
import { opening } from "../../quarters/queries";
import { lookAtOpening } from "../../quarters/actions";
import { useLook } from "../../quarters/useLook";
import { BEST, chosen, filled, type ReplyLanguage } from "../choose";
import { loadReplies, replies, type CannedReply } from "../queries";
import { Level } from "./Level";

const LOOK_MS = 10 * 60_000;
const languages: [ReplyLanguage, () => string][] = [
  ["sv", m.reply_sv],
  ["easy", m.reply_easy],
  ["en", m.reply_en],
];

/**
 * Replies at hand: one press puts the text into the composer, where the officer reads and sends it. In a talk that nobody has yet
 * the press takes it too. `take` resolves once that is safe on this phone.
 */
export function AtHand({ talk, take }: { talk: Conversation; take?: () => Promise<unknown> }) {
  const id = talk.conversation_id;
  const place = `${id}/reply`;
  const more = useSignal(false);
  const { error, run } = useTask();
  useLook(LOOK_MS, loadReplies);
  useLook(LOOK_MS, lookAtOpening);
  const language = (halfWritten(place) || "sv") as ReplyLanguage;
  const answered = messagesOf(id).value.some((message) => message.by === "officer");
  const list = chosen(replies.value ?? [], talk, answered);

  const textOf = (reply: CannedReply) => filled(reply, language, { number: me.value?.public_number, opening: opening.value?.next_opening });
  const spoken = language === "en" ? "en" : "sv";
  const choose = async (reply: CannedReply) => {
    const text = textOf(reply);
    await take?.();
    write(id, [halfWritten(id).trim(), text].filter(Boolean).join("\n\n"));
    more.value = false;
    // The composer may only just have come.
    requestAnimationFrame(() => document.querySelector<HTMLTextAreaElement>(".talk-foot textarea")?.focus());
  };
  const chip = (reply: CannedReply) => (
    <button key={reply.reply_id} type="button" class="chip" onClick={() => void run(() => choose(reply))}>
      {reply.name}
    </button>
  );
  return (
    <div class="at-hand">
      {!take && <Level text={halfWritten(id)} />}
      {list.length > 0 && (
        <div class="chips" role="group" aria-label={m.reply_best()}>
          {list.slice(0, BEST).map(chip)}
          <button type="button" class="chip" aria-expanded={more.value} onClick={() => (more.value = !more.value)}>
            {m.reply_more()}
          </button>
        </div>
      )}
      {more.value && (
        <div class="stack">
          <div class="chips" role="group" aria-label={m.reply_language()}>
            {languages.map(([one, name]) => (
              <button key={one} type="button" class="chip" aria-pressed={language === one} onClick={() => write(place, one)}>
                {name()}
              </button>
            ))}
          </div>
          <ul class="rows replies" aria-label={m.reply_all()}>
            {list.map((reply) => (
              <li key={reply.reply_id}>
                <button type="button" class="talk-row" onClick={() => void run(() => choose(reply))}>
                  <span class="talk-row-words">
                    <b>{reply.name}</b>
                    <small lang={spoken}>{textOf(reply)}</small>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Failed error={error} />
    </div>
  );
}
