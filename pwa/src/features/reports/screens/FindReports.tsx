import { useSignal, type Signal } from "@preact/signals";
import type { EventKind, ReportState, SearchReason } from "../../../api/wire";
import { Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { online } from "../../../sync/state";
import { useQuestionnaire } from "../documents";
import { handled } from "../handled";
import { findReports, reportsOfDays, type Days, type Found } from "../search";
import { states } from "./deskState";
import { Rows } from "./Row";
import { said } from "./words";

const reasons: Record<SearchReason, () => string> = {
  "follow-up": m.desk_find_follow,
  "same-person": m.desk_find_same,
  danger: m.desk_find_danger,
  asked: m.desk_find_asked,
};
const words = {
  number: [m.desk_find_number, m.desk_find_number_hint, 40],
  clue: [m.desk_find_clue, m.desk_find_clue_hint, 2000],
} as const;
const ways = { number: m.desk_find_number, clue: m.desk_find_clue, time: m.desk_find_time } as const;
type Way = keyof typeof ways;

/** Reports by number, or by what they name, with why one looks, which is written down; or of some days. */
export function FindReports() {
  const reason = useSignal<SearchReason | "">("");
  const way = useSignal<Way>("number");
  const text = useSignal("");
  const days = useSignal<Days>({ from: "", until: "", event_kind: "", state: "" });
  const found = useSignal<Found | null>(null);
  const { busy, error, run } = useTask();
  const ready = way.value === "time" ? days.value.from !== "" : reason.value !== "" && text.value.trim() !== "";
  const look = () =>
    run(async () => {
      found.value = null;
      if (way.value === "time") found.value = await reportsOfDays(days.value);
      else if (reason.value) found.value = await findReports({ reason: reason.value, [way.value]: text.value.trim() });
    });
  const more = (next: string) =>
    run(async () => {
      const page = await reportsOfDays(days.value, next);
      found.value = { ...page, ids: [...(found.value?.ids ?? []), ...page.ids] };
    });
  // As they stand on this phone, in the order in which they were found.
  const reports = found.value?.ids.flatMap((id) => handled.value.find((report) => report.report_id === id) ?? []) ?? [];
  const next = found.value?.next;
  return (
    <Page title={m.desk_find()} up="/desk/reports" lead={m.desk_find_lead()}>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void look();
        }}
      >
        <fieldset>
          <legend>{m.desk_find_by()}</legend>
          <div class="chips">
            {(Object.keys(ways) as Way[]).map((one) => (
              <label class="chip" key={one}>
                <input
                  type="radio"
                  name="way"
                  checked={way.value === one}
                  onChange={() => {
                    way.value = one;
                    found.value = null;
                  }}
                />
                {ways[one]()}
              </label>
            ))}
          </div>
        </fieldset>
        {way.value === "time" ? (
          <OfDays days={days} changed={() => (found.value = null)} />
        ) : (
          <>
            <label class="field">
              {m.desk_find_reason()}
              <select value={reason.value} onChange={(event) => (reason.value = event.currentTarget.value as SearchReason | "")}>
                <option value="">{m.desk_find_choose()}</option>
                {Object.entries(reasons).map(([value, words]) => (
                  <option key={value} value={value}>
                    {words()}
                  </option>
                ))}
              </select>
            </label>
            {reason.value && (
              <label class="field">
                {words[way.value][0]()}
                <span class="hint">{words[way.value][1]()}</span>
                <input
                  type="text"
                  maxLength={words[way.value][2]}
                  autocapitalize="none"
                  autocomplete="off"
                  spellcheck={false}
                  value={text.value}
                  onInput={(event) => {
                    text.value = event.currentTarget.value;
                    found.value = null;
                  }}
                />
              </label>
            )}
          </>
        )}
        {!online.value && <p class="notice care">{m.desk_find_offline()}</p>}
        <button type="submit" class="button" disabled={busy || !ready || !online.value}>
          {m.search_look()}
        </button>
        <Failed error={error} />
      </form>
      <p role="status">
        {found.value && (reports.length === 0 ? m.desk_find_none() : next === undefined ? m.incident_reports({ count: reports.length }) : m.desk_find_first({ count: reports.length }))}
      </p>
      <Rows reports={reports} />
      {next !== undefined && (
        <button type="button" class="button plain" disabled={busy || !online.value} onClick={() => void more(next)}>
          {m.search_more()}
        </button>
      )}
    </Page>
  );
}

/** From a day to a day, and of one kind or state. */
function OfDays({ days, changed }: { days: Signal<Days>; changed: () => void }) {
  const { document } = useQuestionnaire();
  const set = (part: Partial<Days>) => {
    days.value = { ...days.value, ...part };
    changed();
  };
  return (
    <div class="narrow">
      <label class="field">
        {m.desk_find_from()}
        <input type="date" required value={days.value.from} onInput={(event) => set({ from: event.currentTarget.value })} />
      </label>
      <label class="field">
        {m.desk_find_until()}
        <input type="date" min={days.value.from} value={days.value.until} onInput={(event) => set({ until: event.currentTarget.value })} />
      </label>
      <label class="field">
        {m.report_kind()}
        <select value={days.value.event_kind} onChange={(event) => set({ event_kind: event.currentTarget.value as EventKind | "" })}>
          <option value="">{m.search_any()}</option>
          {document?.kinds.map(({ kind, name }) => (
            <option key={kind} value={kind}>
              {said(name)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        {m.desk_filter_state()}
        <select value={days.value.state} onChange={(event) => set({ state: event.currentTarget.value as ReportState | "" })}>
          <option value="">{m.search_any()}</option>
          {Object.entries(states).map(([state, words]) => (
            <option key={state} value={state}>
              {words()}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
