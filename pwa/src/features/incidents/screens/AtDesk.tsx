import { Icon } from "../../../design";
import { m } from "../../../i18n";
import { readable } from "../../../i18n/readable";
import type { Conversation } from "../../chat/queries";
import { Badge } from "../../chat/screens/Urgency";
import type { ReportRow } from "../../reports/queries";
import { incidents, partOf, partOfReport, priorityOf, type Part } from "../queries";

const wordsOf = ({ title, number }: Part): (string | undefined)[] => [readable(title), number];

const Line = ({ part }: { part: Part | undefined }) => (part ? <small class="two-lines">{[m.incident_part(), ...wordsOf(part)].filter(Boolean).join(" ")}</small> : null);

/** What a row's talk or report is a part of. */
export const PartWords = ({ talk }: { talk: Conversation }) => <Line part={partOf(talk)} />;
export const ReportPartWords = ({ report }: { report: ReportRow }) => <Line part={partOfReport(report)} />;

/** The same where one is open, with the way to the others. */
const ToPart = ({ part }: { part: Part | undefined }) =>
  part ? (
    <p class="small part-of">
      {m.incident_part()} <a href={`/desk/incident/${part.incident_id}`}>{wordsOf(part).filter(Boolean).join(" · ")}</a>
    </p>
  ) : null;
export const InIncident = ({ talk }: { talk: Conversation }) => <ToPart part={partOf(talk)} />;
export const ReportInIncident = ({ report }: { report: ReportRow }) => <ToPart part={partOfReport(report)} />;

export const JoinThis = ({ talk }: { talk: Conversation }) =>
  partOf(talk) ? null : (
    <a class="button quiet" href={`/desk/join/${talk.conversation_id}`}>
      {m.incident_join_this()}
    </a>
  );

/** Incidents that have talks or reports which are not closed. */
export function Incidents() {
  const all = incidents.value.filter((one) => [...one.talks, ...one.reports].some(({ state }) => state !== "closed"));
  if (all.length === 0) return null;
  return (
    <section class="block">
      <h2>{m.desk_count({ title: m.incidents_title(), count: all.length })}</h2>
      <ul class="rows">
        {all.map((one) => (
          <li key={one.incident_id}>
            <a class="talk-row" href={`/desk/incident/${one.incident_id}`}>
              <span class="talk-row-words">
                <b>
                  <Badge priority={priorityOf(one)} />
                  {readable(one.title)}
                </b>
                <small>
                  {[one.number, one.talks.length > 0 && m.incident_talks({ count: one.talks.length }), one.reports.length > 0 && m.incident_reports({ count: one.reports.length })]
                    .filter(Boolean)
                    .join(" · ")}
                </small>
              </span>
              <Icon name="next" />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
