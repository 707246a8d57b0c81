import { m } from "../../../i18n";
import { when } from "../../../i18n/time";
import { told, type Happened, type ReportRow } from "../queries";

export function happenedWords(happened: Happened | undefined): string {
  const { certainty, at, words } = told(happened);
  if (certainty === "unknown") return m.tell_when_unknown();
  if (at) return when(at);
  return words ? `${m.tell_when_about()}: ${words}` : m.tell_when_about();
}

export const Facts = ({ report }: { report: ReportRow }) => (
  <>
    {report.damaged && <p class="notice care">{report.what ? m.report_damaged_partly() : m.report_damaged()}</p>}
    <dl class="facts">
      {report.what && (
        <div>
          <dt>{m.report_what()}</dt>
          <dd>{report.what}</dd>
        </div>
      )}
      <div>
        <dt>{m.report_when()}</dt>
        <dd>{happenedWords(report.happened)}</dd>
      </div>
      {/* Nobody can say that there was no place when it may be among what is lost. */}
      {(report.place || !report.damaged) && (
        <div>
          <dt>{m.report_where()}</dt>
          <dd>{report.place || m.tell_no_place()}</dd>
        </div>
      )}
    </dl>
  </>
);
