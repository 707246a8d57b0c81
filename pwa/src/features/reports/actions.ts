import type { CloseReport, IntroduceYouth, OpenReportTalk, PassReportOn, ReadReport, RegisterReport } from "../../api/wire";
import { kick } from "../../sync/engine";
import { uuidV7 } from "../../sync/ids";
import { outbox, pageCore, pageLocale, refresh } from "../../sync/mirror";
import { dropRefused, enqueue, type NewAction } from "../../sync/outbox";
import type { OutboxRow } from "../../sync/rows";
import { isRefused } from "./drafts";
import { reportById } from "./handled";
import type { ReportRow } from "./queries";

const laneOf = (report_id: string): string => `report:${report_id}`;

/** Takes back a report that was refused. */
export async function discardReport(report_id: string): Promise<void> {
  const row = outbox.peek().find((one) => isRefused(one, report_id));
  if (row) await dropRefused(await pageCore(), row.action_id);
  await refresh();
}

async function act(action: Omit<NewAction, "lane">, report_id: string): Promise<void> {
  await enqueue(await pageCore(), pageLocale(), { ...action, lane: laneOf(report_id) });
  await refresh();
  void kick("write");
}

interface Handling {
  "report-read": ReadReport;
  "report-open-talk": OpenReportTalk;
  "report-pass-on": PassReportOn;
  "report-register": RegisterReport;
  "report-close": CloseReport;
}

/** An officer changes a report as it stands on the screen. What is on its way counts into its revision, and where that is refused this is too. */
const handle = <K extends keyof Handling>(kind: K, { report_id, revision }: ReportRow, more: Omit<Handling[K], "report_id" | "expected_revision">): Promise<void> =>
  act({ kind, after: underway(report_id), body: { report_id, expected_revision: revision, ...more } }, report_id);

const underway = (report_id: string): string[] =>
  outbox
    .peek()
    .filter((row) => row.lane === laneOf(report_id) && (row.state === "queued" || row.state === "sending"))
    .map((row) => row.action_id);

/** The officer says that a person is reading it, or reads on after a question. */
export async function markReading(report_id: string): Promise<void> {
  const report = reportById(report_id);
  // One that is on its way says it already.
  if (report?.state === "received" || report?.state === "question-asked") await handle("report-read", report, {});
}

/** Begins the talk in which its youth is asked; gives the talk's id. */
export async function askAbout(report: ReportRow): Promise<string> {
  const core = await pageCore();
  const conversation_id = uuidV7(core.fill, core.now());
  await handle("report-open-talk", report, { conversation_id });
  return conversation_id;
}

export const passOn = (report: ReportRow, to: string): Promise<void> => handle("report-pass-on", report, { to });
export const register = (report: ReportRow, police_number: string): Promise<void> => handle("report-register", report, { police_number });
export const close = (report: ReportRow, end: Pick<CloseReport, "outcome" | "why">): Promise<void> => handle("report-close", report, end);

/** The youth says who she is; said again, it counts as it was said last. */
export const introduce = (report_id: string, who: Pick<IntroduceYouth, "name" | "reach">): Promise<void> => act({ kind: "report-introduce", body: { report_id, ...who } }, report_id);

/** What was refused because the report had changed, done again with what has changed seen. */
export async function doAgain(row: OutboxRow, { report_id, revision }: ReportRow): Promise<void> {
  const after = underway(report_id);
  await dropRefused(await pageCore(), row.action_id, ({ kind, v, lane, body }) => ({ kind, v, lane, after, body: { ...(JSON.parse(body) as object), expected_revision: revision } }));
  await refresh();
  void kick("write");
}
