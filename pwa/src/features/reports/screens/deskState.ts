import type { ReportState } from "../../../api/wire";
import { m } from "../../../i18n";
import { me } from "../../identity/queries";
import { outcomeWords } from "../../work/outcomes";
import type { ReportRow } from "../queries";
import { questionOf, type QuestionState } from "../question";

/** The states in a word each, in the order that a report goes through them. */
export const states: Record<ReportState, () => string> = {
  received: m.desk_state_received,
  "being-read": m.desk_state_being_read,
  "question-asked": m.desk_state_asked,
  "passed-on": m.desk_state_passed,
  registered: m.desk_state_registered,
  closed: m.desk_state_closed,
};

const question: Record<QuestionState, () => string> = {
  coming: m.desk_report_asking,
  asked: m.desk_report_asked,
  answered: m.desk_report_answered,
  over: m.desk_report_asked_over,
};

/** What has become of a report, as officers are told. */
export function deskState(report: ReportRow): string {
  const { state, reader = "", passed_to, police_number, outcome } = report;
  switch (state) {
    case "received":
      return m.desk_report_new();
    case "being-read":
      return reader === me.value?.public_number ? m.desk_report_mine() : m.desk_report_read_by({ number: reader });
    case "question-asked":
      return question[questionOf(report)]();
    // A number or a name that does not open any more is not said.
    case "passed-on":
      return passed_to ? m.desk_report_passed({ to: passed_to }) : states[state]();
    case "registered":
      return police_number ? m.desk_report_registered({ number: police_number }) : states[state]();
    case "closed":
      return outcome ? m.desk_report_closed({ outcome: outcomeWords(outcome) }) : states[state]();
    default:
      return state;
  }
}
