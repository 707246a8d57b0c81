import { useSignal } from "@preact/signals";
import { Empty, Icon, Page, useTask } from "../../../design";
import { Refused } from "../../../app/Refused";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { lastWords, readable } from "../../../i18n/readable";
import { age } from "../../../i18n/time";
import { halfWritten, write } from "../../chat/halfWritten";
import type { Conversation } from "../../chat/queries";
import { Badge } from "../../chat/screens/Urgency";
import { Level } from "../../replies/screens/Level";
import { Row } from "../../reports/screens/Row";
import { answerAll, leave, leaveWithReport } from "../actions";
import { incidents } from "../queries";

/** A colleague's talk is the colleague's to answer in, and a closed one takes no more words. */
const open = (talk: Conversation): boolean => talk.state !== "closed" && (talk.held_by_me || talk.holder === undefined);

/** One incident: its talks and its reports, danger first, and one answer to all or some of the talks. */
export function Incident({ id }: { id: string }) {
  const incident = incidents.value.find((one) => one.incident_id === id);
  const left = useSignal<string[]>([]);
  const place = `${id}/answer`;
  const text = halfWritten(place);
  const said = useSignal("");
  const { busy, error, run } = useTask();
  const talks = incident?.talks ?? [];
  const to = talks.filter((talk) => open(talk) && !left.value.includes(talk.conversation_id));
  const ready = text.trim() !== "" && to.length > 0 && !busy;
  const send = async () => {
    const count = to.length;
    if (await run(() => answerAll(text.trim(), to))) {
      write(place, "");
      said.value = m.incident_sent({ count });
    }
  };
  if (!incident)
    return (
      <Page title={m.incident_title()} up="/desk">
        <Empty title={m.incident_empty()} />
      </Page>
    );
  return (
    <Page title={readable(incident.title)} up="/desk">
      <p class="small">{incident.number === undefined ? m.incident_no_number() : m.incident_number({ number: incident.number })}</p>
      <ul class="rows">
        {talks.map((talk) => (
          <li key={talk.conversation_id} class="card joined">
            <a class="talk-row" href={`/desk/talk/${talk.conversation_id}`}>
              <span class="talk-row-words">
                <b>
                  <Badge priority={talk.priority} />
                  {talk.state === "waiting" ? m.desk_waited({ age: age(talk.waiting_since) }) : m.desk_last({ age: age(talk.last_at) })}
                </b>
                <span class="two-lines">{lastWords(talk)}</span>
                {talk.holder && <small>{m.desk_held_by({ number: talk.holder })}</small>}
              </span>
              <Icon name="next" />
            </a>
            <div class="row">
              {open(talk) ? (
                <label class="chip">
                  <input
                    type="checkbox"
                    checked={!left.value.includes(talk.conversation_id)}
                    onChange={(event) =>
                      (left.value = event.currentTarget.checked ? left.value.filter((other) => other !== talk.conversation_id) : [...left.value, talk.conversation_id])
                    }
                  />
                  {m.incident_to_this()}
                </label>
              ) : (
                <span class="small">{talk.state === "closed" ? m.desk_closed_text() : m.desk_held_other({ number: talk.holder ?? "" })}</span>
              )}
              <button type="button" class="button quiet" disabled={busy} onClick={() => void run(() => leave(id, talk.conversation_id))}>
                {m.incident_leave()}
              </button>
            </div>
            <Refused lane={`conversation:${talk.conversation_id}`} />
          </li>
        ))}
      </ul>
      {incident.reports.length > 0 && (
        <section class="block">
          <h2>{m.incident_reports({ count: incident.reports.length })}</h2>
          <ul class="rows">
            {incident.reports.map((report) => (
              <li key={report.report_id} class="card joined">
                <Row report={report} joined />
                <button type="button" class="button quiet" disabled={busy} onClick={() => void run(() => leaveWithReport(id, report.report_id))}>
                  {m.incident_leave()}
                </button>
                <Refused lane={`report:${report.report_id}`} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {talks.length > 0 && (
        <form
          class="card"
          aria-label={m.incident_answer()}
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) void send();
          }}
        >
          <label class="field">
            {m.incident_answer()}
            <textarea
              rows={3}
              maxLength={4000}
              autocomplete="off"
              value={text}
              onInput={(event) => {
                write(place, event.currentTarget.value);
                said.value = "";
              }}
            />
          </label>
          <Level text={text} />
          <p class="small">{m.incident_answer_hint()}</p>
          <button type="submit" class="button" disabled={!ready}>
            {m.incident_send({ count: to.length })}
          </button>
          <p class="small" role="status">
            {said.value}
          </p>
        </form>
      )}
      <Failed error={error} />
    </Page>
  );
}
