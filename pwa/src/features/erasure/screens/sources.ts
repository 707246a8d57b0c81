import { m } from "../../../i18n";

/** The grounds that the program's own rules come with, by their words in the database; another ground is the station's own and shown as it stands. */
const known: Record<string, () => string> = {
  "Proposal, to be decided by the controller: 90 days after the last message": m.source_conversation,
  "Kept until it is handed over; there is no handing over yet (2018:1177, 2:18)": m.source_report_crime,
  "Kept until it is handed over; there is no handing over yet": m.source_report,
  "Proposal, to be decided by the controller: a year after it was published": m.source_tip,
  "Proposal, to be decided by the controller: five years": m.source_audit,
};

export const sourceWords = (source: string): string => (known[source] ?? (() => source))();
