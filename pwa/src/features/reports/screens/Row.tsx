import { Icon } from "../../../design";
import { m } from "../../../i18n";
import { readable } from "../../../i18n/readable";
import { age } from "../../../i18n/time";
import { Badge, whyWords } from "../../chat/screens/Urgency";
import { ReportPartWords } from "../../incidents/screens/AtDesk";
import type { ReportRow } from "../queries";
import { deskState } from "./deskState";
import { KindOf } from "./Facts";

/** A report in a list of the desk; `joined` where all of the list is a part of one thing. */
export const Row = ({ report, joined }: { report: ReportRow; joined?: boolean }) => (
  <a class={report.state === "received" ? "talk-row new" : "talk-row"} href={`/desk/report/${report.report_id}`}>
    <span class="talk-row-words">
      <b>
        {report.state !== "closed" && <Badge priority={report.priority} />}
        <KindOf report={report} />
      </b>
      <span class="two-lines">{readable(report.what)}</span>
      {report.state !== "closed" && <small class="two-lines">{whyWords({ reasons: report.reasons ?? [] })}</small>}
      <small class="two-lines">{deskState(report)}</small>
      <small>{[report.number, age(report.submitted_at || report.recorded_at), report.files.length > 0 && m.report_picture()].filter(Boolean).join(" · ")}</small>
      {!joined && <ReportPartWords report={report} />}
    </span>
    <Icon name="next" />
  </a>
);

export const Rows = ({ reports }: { reports: ReportRow[] }) => (
  <ul class="rows">
    {reports.map((report) => (
      <li key={report.report_id}>
        <Row report={report} />
      </li>
    ))}
  </ul>
);
