import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Lamp, Loading, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { clock, until, when } from "../../../i18n/time";
import { enable } from "../../push/actions";
import { prefs, pushState } from "../../push/queries";
import { EndShift } from "../../work/screens/EndShift";
import { answerAlarm, askAlarm, lookAtShifts, ownShift, quarters, shifts, startShift, walked, type Quarter, type Shift as Own } from "../shifts";
import { troubleWords } from "./OnShift";

const HOURS = [4, 6, 8, 10, 12];
const HOUR_MS = 3_600_000;

/** The phone is to be woken: the browser is asked, where it has not said yes. A shift begins all the same, and says what it lacks. */
async function canBeWoken(): Promise<void> {
  await enable(prefs.peek() ?? { replies: true, topics: [], municipalities: [] }).catch(() => undefined);
}

/** What a pressed test alarm brought along; it is taken out of the address. */
function takeProof(): string {
  const proof = location.hash.slice(1);
  if (proof) history.replaceState(history.state, "", location.pathname);
  return proof;
}

export function Shift() {
  const told = useSignal("");
  const { error, run } = useTask();
  useEffect(() => {
    const proof = takeProof();
    void run(async () => {
      await lookAtShifts();
      const own = ownShift.peek();
      if (!proof) return;
      if (!own) told.value = m.shift_alarm_late();
      else {
        await answerAlarm(own.shift_id, proof);
        told.value = m.shift_alarm_answered();
      }
    });
  }, []);
  const own = ownShift.value;
  return (
    <Page title={m.shift_title()} up="/desk">
      <p class="strong" role="status">
        {told.value}
      </p>
      <Failed error={error} />
      {shifts.value === null ? (
        error === null && <Loading />
      ) : (
        <>
          {own ? <Running own={own} /> : <Start />}
          <Out />
          {own && <EndShift own={own} />}
        </>
      )}
    </Page>
  );
}

function Start() {
  const hours = useSignal(8);
  const known = useSignal<Quarter[]>([]);
  const where = useSignal<string[]>([]);
  const { busy, error, run } = useTask();
  useEffect(() => {
    quarters().then(
      (found) => (known.value = walked(found)),
      () => undefined,
    );
  }, []);
  const flip = (id: string) => (where.value = where.value.includes(id) ? where.value.filter((one) => one !== id) : [...where.value, id]);
  return (
    <section class="card">
      <p>{m.shift_start_text()}</p>
      <label class="field">
        {m.shift_long()}
        <select value={hours.value} onChange={(event) => (hours.value = Number(event.currentTarget.value))}>
          {HOURS.map((count) => (
            <option key={count} value={count}>
              {m.shift_hours({ count })}
            </option>
          ))}
        </select>
      </label>
      {known.value.length > 0 && (
        <fieldset>
          <legend>{m.shift_where()}</legend>
          <div class="chips">
            {known.value.map(({ quarter_id, name, platform }) => (
              <label class="chip" key={quarter_id}>
                <input type="checkbox" checked={where.value.includes(quarter_id)} onChange={() => flip(quarter_id)} />
                {name}, {platform}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <button
        type="button"
        class="button wide"
        disabled={busy}
        onClick={() =>
          void run(async () => {
            // The browser asks only at a press, and its push service may take its time.
            const known = pushState.peek() === "on";
            const woken = canBeWoken();
            await startShift(new Date(Date.now() + hours.value * HOUR_MS), where.value);
            await woken;
            const own = ownShift.peek();
            // The start of a shift rings only an address that the patrol had by then.
            if (own && pushState.peek() === "on" && (!known || own.troubles.includes("no-address"))) await askAlarm(own.shift_id);
          })
        }
      >
        {m.shift_start()}
      </button>
      <Failed error={error} />
    </section>
  );
}

function Running({ own }: { own: Own }) {
  const { busy, error, run } = useTask();
  const sent = useSignal(false);
  const again = () =>
    void run(async () => {
      sent.value = false;
      await canBeWoken();
      await askAlarm(own.shift_id);
      sent.value = true;
    });
  return (
    <section class={own.counted ? "notice" : "notice care"}>
      <div role="status">
        <p class="strong">{own.counted ? m.shift_counted() : m.shift_not_counted()}</p>
        {!own.counted && <p>{troubleWords(own.troubles)}</p>}
      </div>
      <p>{m.shift_sound()}</p>
      <p class="small">{m.shift_until({ when: until(own.ends_at) })}</p>
      <button type="button" class="button plain" disabled={busy} onClick={again}>
        {m.shift_alarm_again()}
      </button>
      <p class="small" role="status">
        {sent.value && m.shift_alarm_sent()}
      </p>
      <Failed error={error} />
    </section>
  );
}

const Out = () => (
  <section class="block">
    <h2>{m.shift_out()}</h2>
    {shifts.value?.length === 0 ? (
      <p class="small">{m.shift_none_out()}</p>
    ) : (
      <ul class="rows">
        {shifts.value?.map((shift) => (
          <li key={shift.shift_id} class="talk-row">
            <Lamp number={shift.public_number ?? ""} />
            <span class="talk-row-words">
              <b>{m.officer({ number: shift.public_number ?? "" })}</b>
              <small>
                {m.shift_since({ when: when(shift.started_at) })} · {shift.counted ? m.shift_there() : m.shift_not_there({ heard: clock(shift.heard_at) })}
              </small>
            </span>
          </li>
        ))}
      </ul>
    )}
  </section>
);
