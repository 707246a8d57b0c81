import type { DutyDecision, DutyMatter, RecordDuty } from "../../api/wire";
import { kick } from "../../sync/engine";
import { uuidV7 } from "../../sync/ids";
import { pageCore, pageLocale, refresh } from "../../sync/mirror";
import { enqueue } from "../../sync/outbox";
import { dutyText } from "./queries";

/** Raises a matter, or says what was decided of it. Safe on this phone when it resolves. */
export async function recordDuty(conversation_id: string, matter: DutyMatter, decided?: { decision: DutyDecision; reason?: string }): Promise<void> {
  const core = await pageCore();
  const { decision, reason } = decided ?? {};
  const body: RecordDuty = {
    duty_id: uuidV7(core.fill, core.now()),
    conversation_id,
    matter,
    text_version: dutyText.peek().version,
    ...(decision === undefined ? {} : { decision }),
    ...(reason ? { reason } : {}),
  };
  await enqueue(core, pageLocale(), { kind: "duty-record", lane: `conversation:${conversation_id}`, body });
  await refresh();
  void kick("write");
}
