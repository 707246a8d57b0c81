import { kick } from "../../sync/engine";
import { pageCore, pageLocale, refresh } from "../../sync/mirror";
import { enqueue } from "../../sync/outbox";

export async function markHard(conversation_id: string): Promise<void> {
  await enqueue(await pageCore(), pageLocale(), { kind: "case-hard", lane: `conversation:${conversation_id}`, body: { conversation_id } });
  await refresh();
  void kick("write");
}
