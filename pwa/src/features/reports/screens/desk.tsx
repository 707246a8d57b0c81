import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Empty, Icon, Page, Trouble, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { readable } from "../../../i18n/readable";
import { age, when } from "../../../i18n/time";
import { Refused } from "../../../app/Refused";
import { Problem as Refusal } from "../../../api/problem";
import { ToRecord } from "../../erasure/screens/ToRecord";
import { touchPasskey } from "../../identity/actions";
import { me } from "../../identity/queries";
import { markReading, pictureUrl } from "../actions";
import { reportById, reports, type ReportFile, type ReportRow } from "../queries";
import { Facts } from "./Facts";
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
                  {stateOf(report)} · {age(arrived(report))}
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

/** Blurred and grey until somebody chooses to look: what comes in can be hard to see. */
function Picture({ file }: { file: ReportFile }) {
  const url = useSignal<string | null>(null);
  const shown = useSignal(false);
  const unreadable = useSignal(false);
  // A phone left open shows no picture: after five minutes the passkey is touched again.
  const locked = useSignal(false);
  const again = useRef(true);
  const { busy, error, run } = useTask();
  const load = (before?: () => Promise<void>) =>
    run(async () => {
      try {
        await before?.();
        url.value = await pictureUrl(file.file_id);
        locked.value = unreadable.value = false;
      } catch (refusal) {
        if (!(refusal instanceof Refusal) || refusal.kind !== "touch-needed") throw refusal;
        locked.value = true;
        shown.value = false;
        url.value = null;
      }
    });
  useEffect(() => {
    if (file.complete) void load();
  }, [file.file_id, file.complete]);
  // A link lives five minutes, so the first failure may be only its age; the next is the picture's own.
  const failed = () => {
    if (again.current) void load();
    else unreadable.value = true;
    again.current = false;
  };

  if (file.state === "refused") return <p class="notice care">{m.desk_picture_refused()}</p>;
  if (!file.complete) return <p class="notice">{m.desk_picture_waiting()}</p>;
  if (locked.value)
    return (
      <div class="block">
        <p class="notice">{m.desk_picture_locked()}</p>
        <Failed error={error} />
        <button type="button" class="button plain" disabled={busy} onClick={() => void load(touchPasskey)}>
          {m.desk_picture_unlock()}
        </button>
      </div>
    );
  const look = shown.value ? "picture" : "picture veiled";
  return (
    <div class="block">
      {error !== null && <Trouble text={m.desk_picture_failed()} again={() => void load()} />}
      {unreadable.value && <p class="notice care">{m.picture_unreadable()}</p>}
      {url.value && !unreadable.value && (
        <div class="veil">
          {file.media_type.startsWith("video/") ? (
            <video
              class={look}
              src={url.value}
              controls={shown.value}
              preload="metadata"
              aria-label={m.desk_film()}
              onError={failed}
              onLoadedData={() => (again.current = true)}
            />
          ) : (
            <img class={look} src={url.value} alt={m.desk_picture_alt()} onError={failed} onLoad={() => (again.current = true)} />
          )}
        </div>
      )}
      {!shown.value && !unreadable.value && <p class="small">{m.desk_picture_blurred()}</p>}
      {!unreadable.value && (
        <button
          type="button"
          class="button plain"
          onClick={() => {
            shown.value = !shown.value;
            if (shown.value) void load();
          }}
        >
          {shown.value ? m.desk_picture_hide() : m.desk_picture_show()}
        </button>
      )}
    </div>
  );
}

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
            <Picture key={file.file_id} file={file} />
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
