import type { CloseReport, IntroduceYouth, JoinReport, OpenReportTalk, PassReportOn, RegisterReport, Report } from "../../api/wire";
import type { OutboxRow } from "../../sync/rows";

type Body = Partial<OpenReportTalk & PassReportOn & RegisterReport & CloseReport & IntroduceYouth & JoinReport>;

/** A report with what this phone has done since laid over it; `number` is the officer's own. Each change raises its revision, as it does on the server. */
export function laidOver<R extends Report>(report: R, row: OutboxRow, number = ""): R {
  if (row.state === "attention") return report;
  const revision = report.revision + 1;
  if (row.kind === "report-leave") return report.incident_id === bodyOf(row).incident_id ? { ...apart(report), revision } : report;
  const change = changeOf(report, row, number);
  return change ? { ...report, ...change, revision } : report;
}

const bodyOf = (row: OutboxRow): Body => JSON.parse(row.body) as Body;

function apart<R extends Report>(report: R): R {
  const { incident_id, incident_number, incident_title, ...rest } = report;
  return rest as R;
}

function changeOf(report: Report, row: OutboxRow, reader: string): Partial<Report> | null {
  const { to = "", police_number = "", outcome, why = "", conversation_id = "", incident_id = "", title = "", name = "", reach } = bodyOf(row);
  switch (row.kind) {
    case "report-read":
      return report.state === "received" || report.state === "question-asked" ? { state: "being-read", reader } : null;
    case "report-open-talk":
      return { state: "question-asked", reader, conversation_id };
    case "report-pass-on":
      return { state: "passed-on", reader, passed_to: to };
    case "report-register":
      return { state: "registered", reader, as_tip: false, police_number, registered_at: row.recorded_at };
    case "report-close":
      return { state: "closed", reader, closing_words: why, closed_at: row.recorded_at, ...(outcome ? { outcome } : {}) };
    case "report-introduce":
      return { as_tip: false, introduction: { name, ...(reach === undefined ? {} : { reach }) } };
    case "report-join":
      return { incident_id, incident_title: title };
    default:
      return null;
  }
}
