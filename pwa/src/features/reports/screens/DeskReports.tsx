import { signal } from "@preact/signals";
import type { EventKind, Priority, ReportState } from "../../../api/wire";
import { Empty, Page } from "../../../design";
import { m } from "../../../i18n";
import { names as priorities } from "../../chat/screens/Urgency";
import { useQuestionnaire } from "../documents";
import { handled, soonest } from "../handled";
import type { ReportRow } from "../queries";
import { useAreas } from "./Area";
import { states } from "./deskState";
import { NoReports } from "./NoReports";
import { Rows } from "./Row";
import { said } from "./words";

interface Narrowed {
  event_kind?: EventKind;
  area?: string;
  state?: ReportState;
  priority?: Priority;
}

/** As long as the app is open: whoever comes back from a report finds the list as it was left. */
const by = signal<Narrowed>({});

const fits = (report: ReportRow): boolean => (Object.keys(by.value) as (keyof Narrowed)[]).every((field) => report[field] === by.value[field]);

/** All reports that the phone holds, in the order of the desk, or those of one sort. */
export function DeskReports() {
  const all = handled.value;
  const shown = all.filter(fits).sort(soonest);
  return (
    <Page title={m.desk_reports_title()}>
      {all.length === 0 ? (
        <NoReports unknown={m.desk_unknown()}>
          <Empty title={m.desk_reports_empty()} />
        </NoReports>
      ) : (
        <Filters all={all} />
      )}
      <a class="button quiet" href="/desk/reports/search">
        {m.desk_find()}
      </a>
      <p class="small" role="status">
        {shown.length < all.length && m.desk_filter_count({ shown: shown.length, total: all.length })}
      </p>
      {all.length > 0 && shown.length === 0 && (
        <Empty title={m.desk_filter_none()}>
          <button type="button" class="button plain" onClick={() => (by.value = {})}>
            {m.desk_filter_all()}
          </button>
        </Empty>
      )}
      <Rows reports={shown} />
    </Page>
  );
}

function Filters({ all }: { all: ReportRow[] }) {
  const { document } = useQuestionnaire();
  const areas = [...new Set(all.flatMap(({ area }) => area ?? []))];
  const areaName = useAreas(areas.length > 0);
  const choose = <F extends keyof Narrowed>(field: F, label: string, options: [value: string, words: string][]) => (
    <label class="field">
      {label}
      <select
        value={by.value[field] ?? ""}
        onChange={(event) => {
          const { [field]: _before, ...others } = by.value;
          const { value } = event.currentTarget;
          by.value = value ? { ...others, [field]: value } : others;
        }}
      >
        <option value="">{m.search_any()}</option>
        {options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <div class="narrow" role="group" aria-label={m.desk_filter()}>
      {choose("state", m.desk_filter_state(), Object.entries(states).map(([state, words]) => [state, words()]))}
      {choose("priority", m.search_priority(), Object.entries(priorities).map(([priority, words]) => [priority, words()]))}
      {choose("event_kind", m.report_kind(), document?.kinds.map(({ kind, name }) => [kind, said(name)]) ?? [])}
      {choose("area", m.report_area(), areas.map((code): [string, string] => [code, areaName(code)]).sort((a, b) => a[1].localeCompare(b[1], "sv")))}
    </div>
  );
}
