import { Icon } from "../../../design";
import { m } from "../../../i18n";
import { refusedReports } from "../queries";

/** What did not get through is told where people come in, not only in a list that they would have to look for. */
export const RefusedReports = () =>
  refusedReports.value.length > 0 ? (
    <ul class="rows" aria-label={m.wait_attention_title()}>
      {refusedReports.value.map((report) => (
        <li key={report.report_id}>
          <a class="talk-row new" href={`/report/${report.report_id}`}>
            <Icon name="warn" />
            <span class="talk-row-words">
              <b>{m.report_title()}</b>
              <span class="one-line">{report.what}</span>
              <small>{m.report_attention()}</small>
            </span>
            <Icon name="next" />
          </a>
        </li>
      ))}
    </ul>
  ) : null;
