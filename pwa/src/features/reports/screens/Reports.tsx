import { useComputed, useSignal } from "@preact/signals";
import { Confirm, Empty, Icon, Page, useTask } from "../../../design";
import { kept } from "../../../app/kept";
import { NotRead } from "../../../app/NotRead";
import { go } from "../../../app/router";
import { m } from "../../../i18n";
import { Failed, Problem } from "../../../i18n/Problem";
import { readable } from "../../../i18n/readable";
import { age, when } from "../../../i18n/time";
import { delivered, draftRows, files as onPhone } from "../../../sync/mirror";
import { Pictures } from "../../unsent/screens/Pictures";
import { Asked } from "../../erasure/screens/Asked";
import { CodeCard } from "../../identity/screens/cards";
import type { DraftRow } from "../../../sync/rows";
import { discardReport } from "../actions";
import { discardDraft, editReport, showDraft } from "../drafts";
import { handled, reportById } from "../handled";
import type { ReportRow } from "../queries";
import { filesOfDraft } from "../named";
import { Became, becameWords, Help, needsHelp } from "./Became";
import { Excerpt } from "./Excerpt";
import { Facts } from "./Facts";
import { NoReports } from "./NoReports";
import { Receipt } from "./Receipt";
import { Who } from "./Who";

export function reportState(report: ReportRow): string {
  if (report.sync === "needs-attention") return m.report_attention();
  if (report.sync === "saved") return kept(m.report_saved);
  if (report.sync === "sending") return m.report_sending();
  return becameWords(report);
}

/** An unfinished report: when it was last saved, and what can become of it. */
function Unfinished({ row }: { row: DraftRow }) {
  const { busy, error, run } = useTask();
  const words = readable(row.what.trim());
  return (
    <li class="card unsent">
      {words ? <p class="four-lines">{words}</p> : <p>{m.draft_wordless()}</p>}
      <p class="small">
        <time dateTime={row.saved_at}>{kept(() => m.draft_saved_at({ when: when(row.saved_at) }))}</time>
        {filesOfDraft(row).length > 0 && ` · ${m.report_picture()}`}
      </p>
      <div class="row">
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() =>
            void run(async () => {
              await showDraft(row.report_id);
              go("/tell");
            })
          }
        >
          {m.draft_continue()}
        </button>
        <Confirm label={m.tell_discard()} ask={m.tell_discard_sure()} yes={m.tell_discard_yes()} busy={busy} onYes={() => void run(() => discardDraft(row.report_id))} />
      </div>
      <div role="alert">{error !== null && <p class="notice care">{m.tell_discard_failed()}</p>}</div>
    </li>
  );
}

export const Reports = () => (
  <Page title={m.reports_title()} up="/more">
    {draftRows.value.length > 0 && (
      <section class="block">
        <h2>{m.reports_drafts()}</h2>
        <ul class="rows">
          {draftRows.value.map((row) => (
            <Unfinished key={row.report_id} row={row} />
          ))}
        </ul>
        <h2>{m.reports_sent()}</h2>
      </section>
    )}
    {handled.value.length === 0 ? (
      <NoReports unknown={m.reports_unknown()}>
        <Empty title={m.reports_empty()}>
          <a class="button" href="/tell">
            {m.home_tell()}
          </a>
        </Empty>
      </NoReports>
    ) : (
      <ul class="rows">
        {handled.value.map((report) => (
          <li key={report.report_id}>
            <a class="talk-row" href={`/report/${report.report_id}`}>
              <span class="talk-row-words">
                <b class="one-line">{readable(report.what)}</b>
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
      <p role="alert">
        <b>{m.report_attention()}.</b> <Problem kind={report.problem_kind} />
      </p>
      <div class="row">
        <button type="button" class="button" disabled={busy} onClick={() => void edit()}>
          {m.attention_edit()}
        </button>
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
          yes={m.attention_remove_yes()}
          onYes={() => void run(() => discardReport(report.report_id))}
        />
      </div>
      <Failed error={error} />
    </div>
  );
}

export function Report({ id }: { id: string }) {
  const report = useComputed(() => reportById(id)).value;
  if (!report)
    return (
      <Page title={m.report_title()} up="/reports">
        <NoReports unknown={m.reports_unknown()}>
          <div role="status">
            {delivered.value.includes(id) ? (
              <Empty title={m.report_received()} text={m.signed_out_delivered()} />
            ) : (
              <Empty title={m.report_missing()} text={m.report_missing_text()} />
            )}
          </div>
        </NoReports>
      </Page>
    );
  const here = report.sync !== "arrived";
  const refused = report.sync === "needs-attention";
  const files = report.files.filter((file) => file.state !== "refused");
  const done = files.filter((file) => file.complete).length;
  const pictures = (here || files.length > 1) && <Pictures files={onPhone.value.filter((file) => file.report_id === id)} />;
  const coming = files.find((file) => !file.complete);
  return (
    <Page title={m.report_title()} up="/reports">
      {refused ? (
        <Refusal report={report} />
      ) : (
        <section class="notice" role="status">
          <p class="strong">{reportState(report)}</p>
          <Became report={report} />
          {files.length > 0 && <p>{m.report_file_progress({ done, total: files.length })}</p>}
          {coming && (
            <progress
              max={coming.size}
              value={coming.received}
              aria-label={m.report_file_part({ percent: Math.floor((100 * coming.received) / Math.max(1, coming.size)) })}
            />
          )}
          {pictures}
        </section>
      )}
      <Asked kind="report" id={id} />
      {files.length < report.files.length && (
        <p class="notice care" role="alert">
          {m.report_picture_refused()}
        </p>
      )}
      {refused && pictures}
      {needsHelp(report) ? <Help report={report} /> : (here || report.state === "received") && <NotRead here={here} refused={refused} />}
      <CodeCard />
      {/* Said of a report that is refused after all, it would be lost. */}
      {report.sync === "arrived" && <Who report={report} />}
      <Facts report={report} />
      <Excerpt report={report} side="youth" />
      <p class="small">{m.report_sent_at({ when: when(report.recorded_at) })}</p>
      {report.police_number === undefined && <p class="small">{m.tell_not_police_report()}</p>}
      <Receipt report={report} />
      <a class="button plain" href="/">
        <Icon name="talk" />
        {m.report_talk()}
      </a>
      <a class="button quiet" href={`/report/${id}/remove`}>
        {m.report_remove()}
      </a>
    </Page>
  );
}
