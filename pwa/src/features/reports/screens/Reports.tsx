import { useComputed, useSignal } from "@preact/signals";
import { Confirm, Empty, Icon, Page, useTask } from "../../../design";
import { kept } from "../../../app/kept";
import { go } from "../../../app/router";
import { m } from "../../../i18n";
import { Problem, kindOf } from "../../../i18n/Problem";
import { age, when } from "../../../i18n/time";
import { discardReport, editReport } from "../actions";
import { draft, reportById, reports, type ReportRow } from "../queries";
import { happenedWords } from "./Tell";

export function reportState(report: ReportRow): string {
  if (report.sync === "needs-attention") return m.report_attention();
  if (report.sync === "saved") return kept(m.report_saved);
  if (report.sync === "sending") return m.report_sending();
  return report.state === "being-read" ? m.report_being_read({ number: report.reader ?? "" }) : m.report_received();
}

export const Reports = () => (
  <Page title={m.reports_title()} up="/more">
    {reports.value.length === 0 ? (
      <Empty title={m.reports_empty()}>
        <a class="button" href="/tell">
          {m.home_tell()}
        </a>
      </Empty>
    ) : (
      <ul class="rows">
        {reports.value.map((report) => (
          <li key={report.report_id}>
            <a class="talk-row" href={`/report/${report.report_id}`}>
              <span class="talk-row-words">
                <b class="one-line">{report.what}</b>
                <small>
                  {reportState(report)} · {age(report.recorded_at)}
                </small>
              </span>
              <Icon name="next" />
            </a>
          </li>
        ))}
      </ul>
    )}
  </Page>
);

/** What was refused is never a dead end: the words can be changed and sent again, or taken elsewhere. */
function Refusal({ report }: { report: ReportRow }) {
  const copied = useSignal(false);
  const { busy, error, run } = useTask();
  const edit = () =>
    run(async () => {
      if (await editReport(report.report_id)) go("/tell");
    });
  return (
    <div class="notice care">
      <p>
        <Problem kind={report.problem_kind} />
      </p>
      {draft.value && (
        <p>
          {m.report_edit_later()} <a href="/tell">{m.home_draft()}</a>
        </p>
      )}
      <div class="row">
        {!draft.value && (
          <button type="button" class="button" disabled={busy} onClick={() => void edit()}>
            {m.attention_edit()}
          </button>
        )}
        <button
          type="button"
          class="button plain"
          onClick={() => void run(() => navigator.clipboard.writeText(report.what).then(() => (copied.value = true)))}
        >
          {copied.value ? m.copied() : m.copy()}
        </button>
        <Confirm
          label={m.attention_remove()}
          ask={m.report_remove_sure()}
          yes={m.report_remove_yes()}
          onYes={() => void run(() => discardReport(report.report_id))}
        />
      </div>
      {error !== null && (
        <p role="alert">
          <Problem kind={kindOf(error)} />
        </p>
      )}
    </div>
  );
}

export function Report({ id }: { id: string }) {
  const report = useComputed(() => reportById(id)).value;
  if (!report)
    return (
      <Page title={m.report_title()} up="/reports">
        <Empty title={m.report_missing()} />
      </Page>
    );
  const here = report.sync !== "arrived";
  const refused = report.sync === "needs-attention";
  const files = report.files.filter((file) => file.state !== "refused");
  const done = files.filter((file) => file.complete).length;
  const coming = files.find((file) => !file.complete);
  return (
    <Page title={m.report_title()} up="/reports">
      <section class="notice" role="status">
        <p class="strong">{reportState(report)}</p>
        {files.length > 0 && !refused && (
          <>
            <p>{m.report_file_progress({ done, total: files.length })}</p>
            {coming && (
              <progress
                max={coming.size}
                value={coming.received}
                aria-label={m.report_file_part({ percent: Math.floor((100 * coming.received) / Math.max(1, coming.size)) })}
              />
            )}
          </>
        )}
      </section>
      {files.length < report.files.length && (
        <p class="notice care" role="alert">
          {m.report_picture_refused()}
        </p>
      )}
      {refused && <Refusal report={report} />}
      {(here || report.state === "received") && (
        <section class="not-read">
          <Icon name="warn" />
          <div>
            <p class="strong">{refused ? m.report_refused_title() : here ? m.wait_saved_title() : m.wait_title()}</p>
            <p>{here && !refused ? kept(m.wait_saved_text, m.wait_in_tab_text) : m.wait_text()}</p>
          </div>
          <a class="button alarm" href="tel:112">
            <Icon name="phone" />
            {m.sos_call()}
          </a>
        </section>
      )}
      <dl class="facts">
        <div>
          <dt>{m.report_what()}</dt>
          <dd>{report.what}</dd>
        </div>
        <div>
          <dt>{m.report_when()}</dt>
          <dd>{happenedWords(report.happened)}</dd>
        </div>
        <div>
          <dt>{m.report_where()}</dt>
          <dd>{report.place || m.tell_no_place()}</dd>
        </div>
      </dl>
      <p class="small">{m.report_sent_at({ when: when(report.recorded_at) })}</p>
      <p class="small">{m.tell_not_police_report()}</p>
      <a class="button plain" href="/">
        <Icon name="talk" />
        {m.report_talk()}
      </a>
    </Page>
  );
}
