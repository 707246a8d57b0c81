import { dropRefused, enqueue } from "../../sync/outbox";
import { kick } from "../../sync/engine";
import { outbox, pageCore, pageLocale, refresh } from "../../sync/mirror";
import { isRefused } from "./drafts";

/** Takes back a report that was refused. */
export async function discardReport(report_id: string): Promise<void> {
  const row = outbox.peek().find((one) => isRefused(one, report_id));
  if (row) await dropRefused(await pageCore(), row.action_id);
  await refresh();
}

/** The officer says that a person is reading it. */
export async function markReading(report_id: string): Promise<void> {
  const lane = `report:${report_id}`;
  // One that is on its way says it already.
  if (outbox.peek().some((row) => row.kind === "report-read" && row.lane === lane && row.state !== "attention")) return;
  const core = await pageCore();
  const seen = await core.db.read(["reports"], (tx) => tx.get("reports", report_id));
  const body = { report_id, expected_revision: seen?.revision ?? 0 };
  await enqueue(core, pageLocale(), { kind: "report-read", lane, body });
  await refresh();
  void kick("write");
}
