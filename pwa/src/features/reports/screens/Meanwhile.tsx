import { focusHeading, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import type { OutboxRow } from "../../../sync/rows";
import { attention } from "../../../sync/state";
import { discard } from "../../chat/actions";
import { wordsOf } from "../../unsent/words";
import { doAgain } from "../actions";
import type { ReportRow } from "../queries";
import { deskState } from "./deskState";

/** Why something was not done that is as right as before, once what is new has been seen. */
export const MEANWHILE = ["revision-conflict", "dependency-refused"];

/** A picture that arrives, a youth's name or a colleague changes a report under an officer's hands: what is new stands here, and she presses again. */
export const Meanwhile = ({ report }: { report: ReportRow }) => (
  <div role="alert">
    {attention.value
      .filter((row) => row.lane === `report:${report.report_id}` && MEANWHILE.includes(row.problem_kind ?? ""))
      .map((row) => (
        <Again key={row.action_id} row={row} report={report} />
      ))}
  </div>
);

const acts: Partial<Record<OutboxRow["kind"], () => string>> = {
  "report-read": m.desk_report_read,
  "report-open-talk": m.desk_report_ask,
  "report-pass-on": m.desk_report_pass,
  "report-register": m.desk_report_register,
  "report-close": m.desk_report_close,
};

function Again({ row, report }: { row: OutboxRow; report: ReportRow }) {
  const { busy, error, run } = useTask();
  const words = wordsOf(JSON.parse(row.body));
  const { introduction, files } = report;
  return (
    <div class="notice stack">
      <p class="strong">{m.desk_report_changed()}</p>
      <p>{m.desk_report_changed_text()}</p>
      <ul class="plain-list dotted">
        <li>{m.desk_report_now({ state: deskState(report) })}</li>
        {files.length > 0 && <li>{m.desk_report_files({ done: files.filter((file) => file.complete).length, total: files.length })}</li>}
        {introduction && (
          <li>
            {m.desk_report_youth()}: {introduction.name}
          </li>
        )}
      </ul>
      <p>
        <b>{acts[row.kind]?.()}</b>
      </p>
      {words && <blockquote>{words}</blockquote>}
      <div class="row">
        {report.state !== "closed" && (
          <button type="button" class="button" disabled={busy} onClick={() => void run(() => doAgain(row, report)).then(focusHeading)}>
            {m.desk_report_again()}
          </button>
        )}
        <button type="button" class="button plain" disabled={busy} onClick={() => void run(() => discard(row.action_id)).then(focusHeading)}>
          {m.desk_report_drop()}
        </button>
      </div>
      <Failed error={error} />
    </div>
  );
}
