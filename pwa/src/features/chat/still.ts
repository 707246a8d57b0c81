import { m } from "../../i18n";
import { kick } from "../../sync/engine";
import { NEWS } from "../../sync/held";
import { conversationRows, outbox, pageCore, refresh } from "../../sync/mirror";
import { letGo } from "../../sync/outbox";
import { editAndResend, seen } from "./actions";
import { take } from "./changes";
import { conversations, type MessageRow } from "./queries";

const KINDS = [NEWS, "conversation-not-held", "conversation-closed", "conversation-taken", "dependency-refused"];

/** An officer's answer that did not go because the talk has moved on; its writer decides. */
export const stands = (message: MessageRow): boolean => message.state === "needs-attention" && KINDS.includes(message.problem_kind ?? "");

/** Sends it all the same, in these words; a talk that a colleague has got meanwhile is taken first. */
export async function sendStill(message: MessageRow, text: string): Promise<void> {
  const { conversation_id: id, action_id } = message;
  const now = seen(id).seen;
  const held = conversationRows.peek().find((talk) => talk.conversation_id === id)?.held_by_me;
  if (held && now && message.problem_kind === NEWS && text === message.text) {
    await letGo(await pageCore(), action_id, now);
    await refresh();
    void kick("write");
    return;
  }
  const taking = conversations.peek().find((talk) => talk.conversation_id === id)?.held_by_me
    ? // On its way already, if it is not done.
      outbox.peek().find((row) => row.kind === "conversation-take" && row.lane === `conversation:${id}` && row.state !== "attention")
    : await take(id, m.still_why());
  await editAndResend(action_id, text, taking ? [taking.action_id] : []);
}
