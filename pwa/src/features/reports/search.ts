import type { ReportPage, SearchReports } from "../../api/wire";
import { getKept } from "../../sync/core";
import { pageCore, refresh } from "../../sync/mirror";
import { erasures, putReport, still } from "../../sync/pull";
import { api } from "../../sync/session";

/** Looks for reports with the server, and gives their ids. What is found stands on this phone as any other report does, so that it opens as what it is. */
export async function findReports(by: SearchReports): Promise<string[]> {
  const core = await pageCore();
  const before = await core.db.read(["kept"], async (tx) => ({ self: await getKept(tx, "self"), asked: await erasures(tx) }));
  const { items } = await api<ReportPage>(core, "/api/v1/reports/search", { method: "POST", body: by });
  await core.db.write(["kept", "reports", "outbox"], async (tx) => {
    if (!before.self || !(await still(tx, before.self)) || (await erasures(tx)) !== before.asked) return;
    for (const report of items) await putReport(tx, report);
  });
  await refresh();
  core.changed();
  return items.map((report) => report.report_id);
}
