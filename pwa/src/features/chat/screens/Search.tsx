import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { quarters, type Quarter } from "../../quarters/shifts";
import type { Conversation } from "../queries";
import { searchTalks, type Search as By } from "../search";
import { DeskRow } from "./desk";
import { names as priorities } from "./Urgency";

const states: Record<Conversation["state"], () => string> = { waiting: m.desk_waiting, taken: m.search_taken, closed: m.desk_closed };

/** Talks by number, kind, area, time and state. There is no looking for words; by what one looks is written down. */
export function Search() {
  const by = useSignal<By>({});
  const found = useSignal<{ items: Conversation[]; next?: string } | null>(null);
  const areas = useSignal<Quarter[]>([]);
  const { busy, error, run } = useTask();
  useEffect(() => {
    void quarters().then((list) => (areas.value = list), () => undefined);
  }, []);
  const set = (part: By) => (by.value = { ...by.value, ...part });
  const look = (next?: string) =>
    void run(async () => {
      const page = await searchTalks(by.value, next);
      found.value = { ...page, items: [...(next ? (found.value?.items ?? []) : []), ...page.items] };
    });
  const choice = <K extends "priority" | "state" | "quarter_id">(name: K, label: string, options: [string, string][]) => (
    <label class="field">
      {label}
      <select value={by.value[name] ?? ""} onChange={(event) => set({ [name]: event.currentTarget.value })}>
        <option value="">{m.search_any()}</option>
        {options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
  const text = (name: "number" | "holder", label: string) => (
    <label class="field">
      {label}
      <input type="text" maxLength={20} autocomplete="off" value={by.value[name] ?? ""} onInput={(event) => set({ [name]: event.currentTarget.value })} />
    </label>
  );
  const day = (name: "from" | "until", label: string) => (
    <label class="field">
      {label}
      <input type="date" value={by.value[name] ?? ""} onInput={(event) => set({ [name]: event.currentTarget.value })} />
    </label>
  );
  return (
    <Page title={m.search_title()} up="/desk" lead={m.search_lead()}>
      <form
        class="card search"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) look();
        }}
      >
        {text("number", m.search_number())}
        {choice("priority", m.search_priority(), Object.entries(priorities).map(([value, words]) => [value, words()]))}
        {choice("state", m.search_state(), Object.entries(states).map(([value, words]) => [value, words()]))}
        {choice("quarter_id", m.search_area(), areas.value.map(({ quarter_id, name }) => [quarter_id, name]))}
        {text("holder", m.search_holder())}
        {day("from", m.search_from())}
        {day("until", m.search_until())}
        <button type="submit" class="button" disabled={busy}>
          {m.search_look()}
        </button>
      </form>
      <Failed error={error} />
      <p role="status">{found.value && (found.value.items.length === 0 ? m.search_none() : m.search_count({ count: found.value.items.length }))}</p>
      <ul class="rows">
        {found.value?.items.map((talk) => (
          <DeskRow key={talk.conversation_id} talk={talk} />
        ))}
      </ul>
      {found.value?.next !== undefined && (
        <button type="button" class="button plain" disabled={busy} onClick={() => look(found.value?.next)}>
          {m.search_more()}
        </button>
      )}
    </Page>
  );
}
