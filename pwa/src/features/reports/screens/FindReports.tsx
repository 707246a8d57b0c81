import { useSignal } from "@preact/signals";
import type { SearchReason } from "../../../api/wire";
import { Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { online } from "../../../sync/state";
import { handled } from "../handled";
import { findReports } from "../search";
import { Rows } from "./Row";

const reasons: Record<SearchReason, () => string> = {
  "follow-up": m.desk_find_follow,
  "same-person": m.desk_find_same,
  danger: m.desk_find_danger,
  asked: m.desk_find_asked,
};
const ways = {
  number: [m.desk_find_number, m.desk_find_number_hint, 40],
  clue: [m.desk_find_clue, m.desk_find_clue_hint, 2000],
} as const;
type Way = keyof typeof ways;

/** Reports by number, or by what they name. Why one looks comes first, and is written down. */
export function FindReports() {
  const reason = useSignal<SearchReason | "">("");
  const way = useSignal<Way>("number");
  const words = useSignal("");
  const found = useSignal<string[] | null>(null);
  const { busy, error, run } = useTask();
  const [label, hint, longest] = ways[way.value];
  const wanted = words.value.trim();
  const look = () =>
    run(async () => {
      if (!reason.value) return;
      found.value = null;
      found.value = await findReports({ reason: reason.value, [way.value]: wanted });
    });
  // As they stand on this phone, in the order in which they were found.
  const reports = found.value?.flatMap((id) => handled.value.find((report) => report.report_id === id) ?? []) ?? [];
  return (
    <Page title={m.desk_find()} up="/desk/reports" lead={m.desk_find_lead()}>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted) void look();
        }}
      >
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
          <>
            <fieldset>
              <legend>{m.desk_find_by()}</legend>
              <div class="chips">
                {(Object.keys(ways) as Way[]).map((one) => (
                  <label class="chip" key={one}>
                    <input type="radio" name="way" checked={way.value === one} onChange={() => (way.value = one)} />
                    {ways[one][0]()}
                  </label>
                ))}
              </div>
            </fieldset>
            <label class="field">
              {label()}
              <span class="hint">{hint()}</span>
              <input
                type="text"
                maxLength={longest}
                autocapitalize="none"
                autocomplete="off"
                spellcheck={false}
                value={words.value}
                onInput={(event) => {
                  words.value = event.currentTarget.value;
                  found.value = null;
                }}
              />
            </label>
          </>
        )}
        {!online.value && <p class="notice care">{m.desk_find_offline()}</p>}
        <button type="submit" class="button" disabled={busy || !reason.value || !wanted || !online.value}>
          {m.search_look()}
        </button>
        <Failed error={error} />
      </form>
      <p role="status">{found.value && (found.value.length === 0 ? m.desk_find_none() : m.incident_reports({ count: found.value.length }))}</p>
      <Rows reports={reports} />
    </Page>
  );
}
