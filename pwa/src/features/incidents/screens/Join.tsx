import { useSignal } from "@preact/signals";
import { Empty, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { lastWords, readable } from "../../../i18n/readable";
import { age } from "../../../i18n/time";
import { go } from "../../../app/router";
import { conversations, type Conversation } from "../../chat/queries";
import { Badge, soonest } from "../../chat/screens/Urgency";
import { handled, soonest as soonestReport } from "../../reports/handled";
import { join, newIncident } from "../actions";
import { incidents, partOf, partOfReport } from "../queries";

const NEW = "new";

interface Choice {
  key: string;
  words: string;
  priority: Conversation["priority"];
  about: string;
}

/** Talks and reports that are about one thing are joined: those in none so far, into a new incident or one that is there. */
export function Join({ id }: { id?: string }) {
  const picked = useSignal<string[]>(id === undefined ? [] : [id]);
  const to = useSignal(NEW);
  const title = useSignal("");
  const { busy, error, run } = useTask();
  const talks = conversations.value.filter((talk) => (talk.state !== "closed" || talk.conversation_id === id) && !partOf(talk)).sort(soonest);
  const reports = handled.value.filter((report) => (report.state !== "closed" || report.report_id === id) && !partOfReport(report)).sort(soonestReport);
  const choices: Choice[] = [
    ...talks.map((talk) => ({ key: talk.conversation_id, words: lastWords(talk), priority: talk.priority, about: age(talk.waiting_since) })),
    ...reports.map((report) => ({ key: report.report_id, words: readable(report.what), priority: report.priority, about: [m.desk_report_title({ number: report.number }), age(report.submitted_at)].join(" · ") })),
  ].sort((a, b) => Number(b.key === id) - Number(a.key === id));
  const known = incidents.value;
  const into = known.find((one) => one.incident_id === to.value);
  const name = into ? (into.title ?? into.number ?? "") : title.value.trim();
  const ready = picked.value.length > 0 && name !== "";
  const press = () =>
    void run(async () => {
      const incident = into?.incident_id ?? (await newIncident());
      const among = (ids: string[]) => ids.filter((one) => picked.value.includes(one));
      await join(incident, name, among(talks.map((talk) => talk.conversation_id)), among(reports.map((report) => report.report_id)));
      go(`/desk/incident/${incident}`, "replace");
    });
  return (
    <Page title={m.incident_join_title()} up="/desk" lead={m.incident_join_lead()}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) press();
        }}
      >
        <fieldset>
          <legend>{m.incident_which()}</legend>
          {choices.length === 0 && <Empty title={m.incident_none_to_join()} />}
          <div class="choices">
            {choices.map(({ key, words, priority, about }) => (
              <label class="choice" key={key}>
                <input
                  type="checkbox"
                  checked={picked.value.includes(key)}
                  onChange={(event) => (picked.value = event.currentTarget.checked ? [...picked.value, key] : picked.value.filter((other) => other !== key))}
                />
                <span class="talk-row-words">
                  <span class="two-lines">{words}</span>
                  <small>
                    <Badge priority={priority} />
                    {about}
                  </small>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
        {known.length > 0 && (
          <label class="field">
            {m.incident_into()}
            <select value={to.value} onChange={(event) => (to.value = event.currentTarget.value)}>
              <option value={NEW}>{m.incident_new()}</option>
              {known.map((one) => (
                <option key={one.incident_id} value={one.incident_id}>
                  {[one.title, one.number].filter(Boolean).join(" · ")}
                </option>
              ))}
            </select>
          </label>
        )}
        {!into && (
          <label class="field">
            {m.incident_name()}
            <input type="text" maxLength={100} autocomplete="off" value={title.value} onInput={(event) => (title.value = event.currentTarget.value)} />
          </label>
        )}
        <p class="small">{m.incident_apart()}</p>
        <button type="submit" class="button" disabled={busy || !ready}>
          {m.incident_join_count({ count: picked.value.length })}
        </button>
        <Failed error={error} />
      </form>
    </Page>
  );
}
