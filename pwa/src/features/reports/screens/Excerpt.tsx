import { m } from "../../../i18n";
import { when } from "../../../i18n/time";
import type { ReportRow } from "../queries";

type Said = NonNullable<ReportRow["excerpt"]>[number];

/** What a youth chose from her talk, as it stood there. */
export function Excerpt({ report: { excerpt = [] }, side }: { report: ReportRow; side: "youth" | "officer" }) {
  if (excerpt.length === 0) return null;
  const who = ({ by, public_number = "" }: Said): string =>
    by === "officer" ? m.officer({ number: public_number }) : side === "youth" ? m.report_you() : m.desk_youth();
  return (
    <section class="block">
      <h2>{m.report_excerpt()}</h2>
      <ul class="rows">
        {excerpt.map((message) => (
          <li key={message.message_id}>
            <p>
              <b>{who(message)}</b> <small>{when(message.received_at)}</small>
            </p>
            <blockquote>{message.text}</blockquote>
          </li>
        ))}
      </ul>
    </section>
  );
}
