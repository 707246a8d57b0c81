import { computed, type ReadonlySignal } from "@preact/signals";
import { outbox, self } from "../../sync/mirror";
import { laidOver } from "./overlay";
import { reports, type ReportRow } from "./queries";

/** Reports with what this phone has done with them laid over, the newest first. */
export const handled: ReadonlySignal<ReportRow[]> = computed(() =>
  reports.value.map((report) =>
    outbox.value.filter((row) => row.lane === `report:${report.report_id}`).reduce((now, row) => laidOver(now, row, self.value?.public_number), report),
  ),
);

export const reportById = (id: string): ReportRow | null => handled.value.find((report) => report.report_id === id) ?? null;

/** After every time there is. */
const LAST = "9999";

/** The order of the desk, as the server has it: open ones by urgency and then age, then the closed ones, the newest first. */
export function soonest(a: ReportRow, b: ReportRow): number {
  if (a.closed_at !== undefined || b.closed_at !== undefined) return (b.closed_at ?? LAST).localeCompare(a.closed_at ?? LAST);
  return (a.priority ?? "p4").localeCompare(b.priority ?? "p4") || a.submitted_at.localeCompare(b.submitted_at);
}
