import { m } from "../../../i18n";
import type { SubjectKind } from "../queries";

/** What the page with the law, the keeping and the looks at a talk or a report is called. */
export const recordTitles: Record<SubjectKind, () => string> = { conversation: m.record_talk_title, report: m.record_report_title };
