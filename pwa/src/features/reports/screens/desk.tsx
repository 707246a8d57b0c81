import { useComputed } from "@preact/signals";
import { Empty, focusHeading, Icon, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { when } from "../../../i18n/time";
import { Refused } from "../../../app/Refused";
import { Badge, whyWords } from "../../chat/screens/Urgency";
import { ToRecord } from "../../erasure/screens/ToRecord";
import { ReportInIncident } from "../../incidents/screens/AtDesk";
import { Veiled } from "../../files/screens/Veiled";
import { waiting } from "../../files/withheld";
import { WithReason } from "../../identity/screens/WithReason";
import { markReading } from "../actions";
import { bundleReasons, saveBundle } from "../bundle";
import { reportById } from "../handled";
import type { ReportRow } from "../queries";
import { deskState } from "./deskState";
import { Excerpt } from "./Excerpt";
import { Facts } from "./Facts";
import { Handle } from "./Handle";
import { Meanwhile, MEANWHILE } from "./Meanwhile";
import { NoReports } from "./NoReports";

export { DeskReports } from "./DeskReports";
export { FindReports } from "./FindReports";

export function DeskReport({ id }: { id: string }) {
  const report = useComputed(() => reportById(id)).value;
  if (!report)
    return (
      <Page title={m.desk_report_tab()} up="/desk/reports">
        <NoReports unknown={m.desk_unknown()}>
          <div role="status">
            <Empty title={m.report_missing()} text={m.desk_missing_text()} />
          </div>
        </NoReports>
      </Page>
    );
  const coming = report.files.filter((file) => file.state !== "refused");
  return (
    <Page title={report.number || m.desk_report_tab()} up="/desk/reports">
      <Standing report={report} />
      <Meanwhile report={report} />
      <Refused lane={`report:${id}`} without={MEANWHILE} />
      <ReportInIncident report={report} />
      <Who report={report} />
      <Facts report={report} understood />
      <Excerpt report={report} side="officer" />
      {report.files.length > 0 && (
        <section class="block">
          <h2>{coming.length > 0 ? m.desk_report_files({ done: coming.filter((file) => file.complete).length, total: coming.length }) : m.desk_report_pictures()}</h2>
          {report.files.map((file) => (
            <Veiled key={file.file_id} file={file} />
          ))}
        </section>
      )}
      <p class="small">
        {m.desk_report_written({ when: when(report.recorded_at) })}
        {report.submitted_at && `. ${m.desk_report_arrived({ when: when(report.submitted_at) })}.`}
      </p>
      <Handle report={report} />
      {report.submitted_at && <Bundle report={report} />}
      <ToRecord kind="report" id={id} row={report} />
    </Page>
  );
}

/** What has become of it, how urgent it is and why, and the next step. */
function Standing({ report }: { report: ReportRow }) {
  const { busy, error, run } = useTask();
  const { state, conversation_id } = report;
  const why = whyWords({ reasons: report.reasons ?? [] });
  const asked = state === "question-asked";
  const toRead = state === "received" || asked;
  const read = toRead && (
    <button type="button" class={asked ? "button plain" : "button"} disabled={busy} onClick={() => void run(() => markReading(report.report_id)).then(focusHeading)}>
      {asked ? m.desk_report_read_on() : m.desk_report_read()}
    </button>
  );
  return (
    <section class="notice">
      <p class="strong" role="status">
        {state !== "closed" && <Badge priority={report.priority} />}
        {deskState(report)}
      </p>
      {state === "closed" && report.closing_words !== undefined && (
        <>
          <p class="small">{m.desk_report_told()}</p>
          <blockquote>{report.closing_words}</blockquote>
        </>
      )}
      {state !== "closed" && why && <p class="small">{why}</p>}
      {(toRead || conversation_id) && (
        <div class="row">
          {!asked && read}
          {conversation_id && (
            <a class={asked ? "button" : "button plain"} href={`/desk/talk/${conversation_id}`}>
              <Icon name="talk" />
              {m.desk_report_talk()}
            </a>
          )}
          {asked && read}
        </div>
      )}
      <Failed error={error} />
    </section>
  );
}

const Who = ({ report: { as_tip, introduction } }: { report: ReportRow }) =>
  introduction ? (
    <section class="card">
      <p class="small">{m.desk_report_youth()}</p>
      <p class="strong">{introduction.name}</p>
      {introduction.reach && <p>{introduction.reach}</p>}
    </section>
  ) : as_tip ? (
    <p class="small">{m.desk_report_tip()}</p>
  ) : null;

/** The report whole. As long as a mark has not arrived, the file that it is to keep away would go with it. */
const Bundle = ({ report: { report_id, files } }: { report: ReportRow }) =>
  files.some((file) => waiting.value.has(file.file_id)) ? (
    <p class="notice">{m.bundle_waits()}</p>
  ) : (
    <WithReason
      name="bundle-why"
      label={m.bundle_open()}
      text={m.bundle_text()}
      why={m.bundle_why()}
      reasons={bundleReasons}
      press={m.bundle_save()}
      done={m.bundle_saved()}
      does={(reason) => saveBundle(report_id, reason)}
    />
  );
