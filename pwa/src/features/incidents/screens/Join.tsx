import { useSignal } from "@preact/signals";
import { Empty, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { lastWords } from "../../../i18n/readable";
import { age } from "../../../i18n/time";
import { go } from "../../../app/router";
import { conversations } from "../../chat/queries";
import { Badge, soonest } from "../../chat/screens/Urgency";
import { join, newIncident } from "../actions";
import { incidents, partOf } from "../queries";

const NEW = "new";

/** Talks that are about one thing are joined: those in none so far, into a new incident or one that is there. */
export function Join({ id }: { id?: string }) {
  const picked = useSignal<string[]>(id === undefined ? [] : [id]);
  const to = useSignal(NEW);
  const title = useSignal("");
  const { busy, error, run } = useTask();
  const talks = conversations.value.filter((talk) => (talk.state !== "closed" || talk.conversation_id === id) && !partOf(talk)).sort(soonest);
  const known = incidents.value;
  const into = known.find((one) => one.incident_id === to.value);
  const name = into ? (into.title ?? into.number ?? "") : title.value.trim();
  const ready = picked.value.length > 0 && name !== "";
  const press = () =>
    void run(async () => {
      const incident = into?.incident_id ?? (await newIncident());
      await join(incident, name, picked.value);
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
          {talks.length === 0 && <Empty title={m.incident_none_to_join()} />}
          <div class="choices">
            {talks.map((talk) => (
              <label class="choice" key={talk.conversation_id}>
                <input
                  type="checkbox"
                  checked={picked.value.includes(talk.conversation_id)}
                  onChange={(event) =>
                    (picked.value = event.currentTarget.checked ? [...picked.value, talk.conversation_id] : picked.value.filter((other) => other !== talk.conversation_id))
                  }
                />
                <span class="talk-row-words">
                  <span class="two-lines">{lastWords(talk)}</span>
                  <small>
                    <Badge priority={talk.priority} />
                    {age(talk.waiting_since)}
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
