import { useComputed } from "@preact/signals";
import { Empty, Icon, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { readable } from "../../../i18n/readable";
import { age, when } from "../../../i18n/time";
import { Refused } from "../../../app/Refused";
import { ToRecord } from "../../erasure/screens/ToRecord";
import { me } from "../../identity/queries";
import { Veiled } from "../../files/screens/Veiled";
import { markReading } from "../actions";
import { reportById, reports, type ReportRow } from "../queries";
import { Facts, KindOf } from "./Facts";
import { NoReports } from "./NoReports";

function stateOf(report: ReportRow): string {
  if (report.state === "received") return m.desk_report_new();
  return report.reader === me.value?.public_number ? m.desk_report_mine() : m.desk_report_read_by({ number: report.reader ?? "" });
}

const arrived = (report: ReportRow): string => report.submitted_at || report.recorded_at;

export const DeskReports = () => (
  <Page title={m.desk_reports_title()}>
    {reports.value.length === 0 && (
      <NoReports unknown={m.desk_unknown()}>
        <Empty title={m.desk_reports_empty()} />
      </NoReports>
    )}
    <ul class="rows">
      {[...reports.value]
        .sort((a, b) => Number(a.state !== "received") - Number(b.state !== "received") || Date.parse(arrived(b)) - Date.parse(arrived(a)))
        .map((report) => (
          <li key={report.report_id}>
            <a class={report.state === "received" ? "talk-row new" : "talk-row"} href={`/desk/report/${report.report_id}`}>
              <span class="talk-row-words">
                <b class="two-lines">{readable(report.what)}</b>
                <small>
                  <KindOf report={report} /> · {stateOf(report)} · {age(arrived(report))}
                  {report.files.length > 0 && ` · ${m.report_picture()}`}
                </small>
              </span>
              <Icon name="next" />
            </a>
          </li>
        ))}
    </ul>
  </Page>
);

export function DeskReport({ id }: { id: string }) {
  const report = useComputed(() => reportById(id)).value;
  const { busy, error, run } = useTask();
  if (!report)
    return (
      <Page title={m.desk_report_title()} up="/desk/reports">
        <NoReports unknown={m.desk_unknown()}>
          <div role="status">
            <Empty title={m.report_missing()} text={m.desk_missing_text()} />
          </div>
        </NoReports>
      </Page>
    );
  const coming = report.files.filter((file) => file.state !== "refused");
  return (
    <Page title={m.desk_report_title()} up="/desk/reports">
      <p class="notice strong" role="status">
        {stateOf(report)}
      </p>
      {report.state === "received" && (
        <button type="button" class="button" disabled={busy} onClick={() => void run(() => markReading(report.report_id))}>
          {m.desk_report_read()}
        </button>
      )}
      <Refused lane={`report:${id}`} />
      <Failed error={error} />
      <Facts report={report} />
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
      <ToRecord kind="report" id={id} row={report} />
    </Page>
  );
}
