import { Icon } from "../../../design";
import { m } from "../../../i18n";
import { readable } from "../../../i18n/readable";
import type { Conversation } from "../../chat/queries";
import { Badge } from "../../chat/screens/Urgency";
import { incidents, partOf } from "../queries";

/** What a row's talk is a part of. */
export function PartWords({ talk }: { talk: Conversation }) {
  const part = partOf(talk);
  return part ? <small class="two-lines">{[m.incident_part(), readable(part.title), part.number].filter(Boolean).join(" ")}</small> : null;
}

/** The same where the talk is open, with the way to the others. */
export function InIncident({ talk }: { talk: Conversation }) {
  const part = partOf(talk);
  if (!part) return null;
  return (
    <p class="small part-of">
      {m.incident_part()} <a href={`/desk/incident/${part.incident_id}`}>{[readable(part.title), part.number].filter(Boolean).join(" · ")}</a>
    </p>
  );
}

export const JoinThis = ({ talk }: { talk: Conversation }) =>
  partOf(talk) ? null : (
    <a class="button quiet" href={`/desk/join/${talk.conversation_id}`}>
      {m.incident_join_this()}
    </a>
  );

/** Incidents that have talks which are not closed. */
export function Incidents() {
  const all = incidents.value.filter((one) => one.talks.some((talk) => talk.state !== "closed"));
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
                  <Badge priority={one.talks[0]?.priority} />
                  {readable(one.title)}
                </b>
                <small>{[one.number, m.incident_talks({ count: one.talks.length })].filter(Boolean).join(" · ")}</small>
              </span>
              <Icon name="next" />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
