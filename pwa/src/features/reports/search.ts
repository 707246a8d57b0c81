import type { EventKind, ReportPage, ReportState, SearchReports } from "../../api/wire";
import { getKept } from "../../sync/core";
import { pageCore, refresh } from "../../sync/mirror";
import { erasures, putReport, still } from "../../sync/pull";
import { api } from "../../sync/session";
import { beginOf } from "../chat/days";

/** Reports that the server gives, as ids, and how to ask for what follows. What is found stands on this phone as any other report does, so that it
 *  opens as what it is. */
export interface Found {
  ids: string[];
  next?: string;
}

async function found(path: string, body?: object): Promise<Found> {
  const core = await pageCore();
  const before = await core.db.read(["kept"], async (tx) => ({ self: await getKept(tx, "self"), asked: await erasures(tx) }));
  const { items, next } = await api<ReportPage>(core, path, body ? { method: "POST", body } : {});
  await core.db.write(["kept", "reports", "outbox"], async (tx) => {
    if (!before.self || !(await still(tx, before.self)) || (await erasures(tx)) !== before.asked) return;
    for (const report of items) await putReport(tx, report);
  });
  await refresh();
  core.changed();
  return { ids: items.map((report) => report.report_id), ...(next === undefined ? {} : { next }) };
}

export const findReports = (by: SearchReports): Promise<Found> => found("/api/v1/reports/search", by);

export interface Days {
  /** As in `2026-11-30`; both days belong to it. */
  from: string;
  until: string;
  event_kind: EventKind | "";
  state: ReportState | "";
}

/** Reports of some days, the newest first. */
export function reportsOfDays({ from, until, event_kind, state }: Days, next?: string): Promise<Found> {
  const query = new URLSearchParams({ limit: "50", received_from: beginOf(from) });
  if (until) query.set("received_until", beginOf(until, 1));
  if (event_kind) query.set("event_kind", event_kind);
  if (state) query.set("state", state);
  if (next !== undefined) query.set("next", next);
  return found(`/api/v1/reports?${query}`);
}
