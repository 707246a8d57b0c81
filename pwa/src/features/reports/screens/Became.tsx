import { Icon } from "../../../design";
import { m } from "../../../i18n";
import { Call112 } from "../../chat/screens/Danger";
import { SelfHarm } from "../../chat/screens/InDanger";
import type { ReportRow } from "../queries";
import { questionOf, type QuestionState } from "../question";

const question: Record<QuestionState, () => string> = {
  coming: m.report_asking,
  asked: m.report_asked,
  answered: m.report_answered,
  over: m.report_asked_over,
};

/** What has become of a report, as its youth is told where there is only a line for it. */
export function becameWords(report: ReportRow): string {
  const { state, reader = "", passed_to = "", police_number = "" } = report;
  switch (state) {
    case "being-read":
      return m.report_being_read({ number: reader });
    case "question-asked":
      return question[questionOf(report)]();
    case "passed-on":
      return m.report_passed({ to: passed_to });
    case "registered":
      return m.report_registered({ number: police_number });
    case "closed":
      return m.report_closed();
    default:
      return m.report_received();
  }
}

/** What there is to say of it beside that line, and to do. */
export function Became({ report }: { report: ReportRow }) {
  const { state, reader = "", police_number, closing_words, number } = report;
  return (
    <>
      {state === "question-asked" && <Question report={report} />}
      {state === "closed" && closing_words !== undefined && (
        <>
          <p class="small">{m.report_closed_by({ number: reader })}</p>
          <blockquote>{closing_words}</blockquote>
        </>
      )}
      {police_number !== undefined && (
        <>
          {state !== "registered" && <p class="strong">{m.report_registered({ number: police_number })}</p>}
          <p>{m.report_registered_text()}</p>
        </>
      )}
      {state === "closed" && <p>{m.report_closed_more()}</p>}
      {number && <p class="small">{m.report_number({ number })}</p>}
    </>
  );
}

function Question({ report }: { report: ReportRow }) {
  const { reader = "", conversation_id } = report;
  const now = questionOf(report);
  if (conversation_id === undefined || now === "over") return null;
  if (now === "coming") return <p>{m.report_asking_text({ number: reader })}</p>;
  const answered = now === "answered";
  return (
    <>
      <p>{answered ? m.report_answered_text({ number: reader }) : m.report_asked_text({ number: reader })}</p>
      <a class={answered ? "button plain" : "button"} href={`/talk/${conversation_id}`}>
        <Icon name="talk" />
        {answered ? m.report_answered_go() : m.report_asked_go()}
      </a>
    </>
  );
}

/** Whether there is help to show beside it. */
export const needsHelp = ({ state, self_harm, in_danger }: ReportRow): boolean => state !== "closed" && (self_harm || in_danger);

/** Who answers now, as talks show it. The app says so, and nobody is to think that an officer wrote it. */
export const Help = ({ report }: { report: ReportRow }) =>
  report.self_harm ? (
    <SelfHarm />
  ) : (
    <section class="notice care" aria-label={m.danger_label()}>
      <p class="strong">{m.report_danger_text()}</p>
      <Call112 />
      <p class="small">{m.harm_by_app()}</p>
    </section>
  );
