import { useSignal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { NotFetched } from "../../../app/NotFetched";
import { Loading, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { fieldOf } from "../../../i18n/field";
import { Failed } from "../../../i18n/Problem";
import { now, until } from "../../../i18n/time";
import { me } from "../../identity/queries";
import { planOf, readHours, setDay, setNow, setWeek, shown, today, told, WEEK, type OpeningHours, type OpenSpan, type Weekday } from "../hours";
import { lookAtOpening } from "../actions";
import { opening } from "../queries";
import { useLook } from "../useLook";
import { closedWords } from "./Opening";

const days: Record<Weekday, () => string> = {
  monday: m.day_monday,
  tuesday: m.day_tuesday,
  wednesday: m.day_wednesday,
  thursday: m.day_thursday,
  friday: m.day_friday,
  saturday: m.day_saturday,
  sunday: m.day_sunday,
};
const spanWords = ({ opens, closes }: OpenSpan): string => `${opens}–${closes}`;
const HOUR = 3_600_000;
const evening: OpenSpan = { opens: "16:00", closes: "22:00" };

/** When the chat is open: a usual week, days that are otherwise, and what is decided for now. */
export function Hours() {
  const hours = useSignal<OpeningHours | null>(null);
  const { error, run } = useTask();
  const load = () => void run(async () => (hours.value = await readHours()));
  const lead = me.value?.role === "lead";
  useEffect(() => {
    if (lead) load();
  }, [lead]);
  return (
    <Page title={m.hours_title()} up="/desk/me">
      {!lead ? (
        <p class="notice">{m.leads_only()}</p>
      ) : hours.value === null ? (
        error === null ? <Loading /> : <NotFetched error={error} again={load} />
      ) : (
        <>
          <Now hours={hours} />
          <Week hours={hours} />
          <Days hours={hours} />
        </>
      )}
    </Page>
  );
}

type Part = { hours: Signal<OpeningHours | null> };

/** Asks the server, and shows what it says stands now. */
function useSet({ hours }: Part) {
  const said = useSignal("");
  const { busy, error, run } = useTask();
  const set = async (work: () => Promise<OpeningHours>) => {
    said.value = "";
    const done = await run(async () => {
      hours.value = await work();
      await lookAtOpening().catch(() => undefined);
    });
    if (done) said.value = m.record_saved();
    return done;
  };
  const outcome = (
    <>
      <p class="small" role="status">
        {said.value}
      </p>
      <Failed error={error} />
    </>
  );
  return { busy, set, outcome };
}

/** Whether it is open, and the way to close or to keep it open for now. */
export function Now({ hours }: Part) {
  useLook(30_000, lookAtOpening);
  const { busy, set, outcome } = useSet({ hours });
  /** Nothing: an hour from now, however long the page has stood here. */
  const chosen = useSignal<string | null>(null);
  const to = chosen.value ?? fieldOf(now.value + HOUR);
  const decided = hours.value?.for_now;
  const state = opening.value;
  const decide = (state: "open" | "closed") => void set(() => setNow({ state, until: new Date(to).toISOString() }));
  const wrong = !(Date.parse(to) > now.value);
  return (
    <section class="card">
      <h2>{m.hours_now()}</h2>
      {state && (
        <p role="status">
          {state.open ? (state.open_until === undefined ? m.open_by_plan() : m.open_by_plan_until({ when: until(state.open_until) })) : closedWords(state)}
        </p>
      )}
      {state?.open && state.next_opening !== undefined && <p class="small">{m.hours_next({ when: until(state.next_opening) })}</p>}
      {decided?.until !== undefined && (
        <>
          <p>{decided.state === "closed" ? m.hours_now_closed({ when: until(decided.until) }) : m.hours_now_open({ when: until(decided.until) })}</p>
          <button type="button" class="button plain" disabled={busy} onClick={() => void set(() => setNow({ state: "as-planned" }))}>
            {m.hours_as_planned()}
          </button>
        </>
      )}
      <label class="field">
        {m.hours_until()}
        <input type="datetime-local" value={to} onInput={(event) => (chosen.value = event.currentTarget.value)} />
      </label>
      <div role="status">{wrong && <p class="wrong">{m.hours_until_past()}</p>}</div>
      <div class="row">
        <button type="button" class="button" disabled={busy || wrong} onClick={() => decide("open")}>
          {m.hours_keep_open()}
        </button>
        <button type="button" class="button plain" disabled={busy || wrong} onClick={() => decide("closed")}>
          {m.hours_close()}
        </button>
      </div>
      {outcome}
    </section>
  );
}

type Spans = { name: string; spans: OpenSpan[]; set: (spans: OpenSpan[]) => void };

function SpanFields({ name, spans, set }: Spans) {
  const change = (nth: number, part: Partial<OpenSpan>) => set(spans.map((span, n) => (n === nth ? { ...span, ...part } : span)));
  return (
    <fieldset class="day-hours">
      <legend>{name}</legend>
      {spans.length === 0 && <p class="small">{m.hours_closed()}</p>}
      {spans.map((span, nth) => (
        <div class="row" key={nth}>
          <input type="time" aria-label={m.hours_from({ day: name })} value={span.opens} onInput={(event) => change(nth, { opens: event.currentTarget.value })} />
          <input type="time" aria-label={m.hours_to({ day: name })} value={shown(span.closes)} onInput={(event) => change(nth, { closes: event.currentTarget.value })} />
          <button type="button" class="button plain" aria-label={m.hours_take_away_named({ day: name, span: spanWords(span) })} onClick={() => set(spans.filter((_, n) => n !== nth))}>
            {m.hours_take_away()}
          </button>
        </div>
      ))}
      <button type="button" class="button quiet" aria-label={m.hours_add_named({ day: name })} onClick={() => set([...spans, evening])}>
        {m.hours_add()}
      </button>
    </fieldset>
  );
}

const whole = (spans: OpenSpan[]): boolean => spans.every(({ opens, closes }) => opens !== "" && closes !== "");

function Week({ hours }: Part) {
  const { busy, set, outcome } = useSet({ hours });
  const plan = hours.value && planOf(hours.value);
  const from = useSignal(today());
  const week = useSignal<Record<Weekday, OpenSpan[]>>(
    Object.fromEntries(WEEK.map((day) => [day, (plan?.intervals ?? []).filter((one) => one.weekday === day).map(({ opens, closes }) => ({ opens, closes }))])) as Record<Weekday, OpenSpan[]>,
  );
  const later = (hours.value?.plans ?? []).filter((one) => one.valid_from > today());
  const save = () =>
    void set(() => setWeek({ valid_from: from.value, intervals: WEEK.flatMap((weekday) => week.value[weekday].map((span) => ({ weekday, ...told(span) }))) }));
  return (
    <section class="card">
      <h2>{m.hours_week()}</h2>
      <p class="small">{m.hours_night()}</p>
      {WEEK.map((day) => (
        <SpanFields key={day} name={days[day]()} spans={week.value[day]} set={(spans) => (week.value = { ...week.value, [day]: spans })} />
      ))}
      <label class="field">
        {m.hours_valid_from()}
        <input type="date" min={today()} value={from.value} onInput={(event) => (from.value = event.currentTarget.value)} />
      </label>
      <button type="button" class="button" disabled={busy || from.value === "" || !WEEK.every((day) => whole(week.value[day]))} onClick={save}>
        {m.hours_save_week()}
      </button>
      {outcome}
      {later.length > 0 && (
        <ul class="plain-list">
          {later.map((one) => (
            <li key={one.valid_from}>{m.hours_later({ day: one.valid_from, count: one.intervals.length })}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Days({ hours }: Part) {
  const { busy, set, outcome } = useSet({ hours });
  const day = useSignal("");
  const spans = useSignal<OpenSpan[]>([]);
  const list = hours.value?.exceptions ?? [];
  const save = async () => {
    if (!(await set(() => setDay({ day: day.value, spans: spans.value.map(told) })))) return;
    day.value = "";
    spans.value = [];
  };
  return (
    <section class="card">
      <h2>{m.hours_days()}</h2>
      {list.length === 0 && <p class="small">{m.hours_days_none()}</p>}
      <ul class="rows">
        {list.map((one) => (
          <li key={one.day} class="row">
            <b>{one.day}</b>
            <span>{one.spans?.length ? one.spans.map(spanWords).join(", ") : m.hours_closed()}</span>
            <button type="button" class="button plain" aria-label={m.hours_usual_named({ day: one.day })} disabled={busy} onClick={() => void set(() => setDay({ day: one.day }))}>
              {m.hours_usual()}
            </button>
          </li>
        ))}
      </ul>
      <label class="field">
        {m.hours_day()}
        <input type="date" min={today()} value={day.value} onInput={(event) => (day.value = event.currentTarget.value)} />
      </label>
      <SpanFields name={m.hours_that_day()} spans={spans.value} set={(next) => (spans.value = next)} />
      <button type="button" class="button" disabled={busy || day.value === "" || !whole(spans.value)} onClick={() => void save()}>
        {m.hours_save_day()}
      </button>
      {outcome}
    </section>
  );
}
