import { useSignal } from "@preact/signals";
import type { DutyDecision } from "../../../api/wire";
import { useTask } from "../../../design";
import { NotFetched } from "../../../app/NotFetched";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { when } from "../../../i18n/time";
import { halfWritten, write } from "../../chat/halfWritten";
import type { Conversation } from "../../chat/queries";
import { useFresh } from "../../handovers/queries";
import { useLook } from "../../quarters/useLook";
import { recordDuty } from "../actions";
import { dutyOf, dutyText, loadDutyText, recordsOf, type DutyMatter } from "../queries";

const LOOK_MS = 10 * 60_000;

const decisions: Record<DutyDecision, () => string> = {
  made: m.duty_made,
  "not-needed": m.duty_not_needed,
  "passed-on": m.duty_passed_on,
  "stopped-asking": m.duty_stopped,
};
const matters: Record<DutyMatter, () => string> = { "child-harmed": m.duty_child, "own-crime": m.duty_crime };

/** What the officer is asked for because police must act. It asks when the talk gives cause, and else waits to be pressed. */
export function DutyInTalk({ talk, mine }: { talk: Conversation; mine: boolean }) {
  useLook(LOOK_MS, loadDutyText);
  const id = talk.conversation_id;
  const { busy, error, run } = useTask();
  const open = useSignal(false);
  const child = dutyOf(talk, "child-harmed");
  const crime = dutyOf(talk, "own-crime");
  const may = mine && talk.state === "taken";
  const askChild = may && (child === "raised" || (child === undefined && talk.self_harm));
  const askCrime = may && crime === "raised";
  const text = dutyText.value;
  return (
    <>
      {askChild && (
        <section class="notice care stack" aria-label={m.duty_child_ask()}>
          <p class="strong">{m.duty_child_ask()}</p>
          <p class="small">{m.duty_child_why({ age: text.child_age })}</p>
          <Decide id={id} matter="child-harmed" choices={["made", "not-needed", "passed-on"]} />
        </section>
      )}
      {askCrime && (
        <section class="notice care stack" aria-label={m.duty_crime()}>
          <p class="strong">{m.duty_crime_stop()}</p>
          <p class="small">{m.duty_crime_age({ age: text.criminal_age })}</p>
          <Decide id={id} matter="own-crime" choices={["stopped-asking", "passed-on"]} />
        </section>
      )}
      <details class="fold duty" onToggle={(event) => (open.value = event.currentTarget.open)}>
        <summary>{child === "decided" || crime === "decided" ? m.duty_fold_decided() : m.duty_fold()}</summary>
        {open.value && (
          <div class="stack">
            {may && child !== "raised" && !askChild && (
              <button type="button" class="button plain" disabled={busy} onClick={() => void run(() => recordDuty(id, "child-harmed"))}>
                {m.duty_child_raise({ age: text.child_age })}
              </button>
            )}
            {may && crime !== "raised" && (
              <button type="button" class="button plain" disabled={busy} onClick={() => void run(() => recordDuty(id, "own-crime"))}>
                {m.duty_crime_raise()}
              </button>
            )}
            <p class="small">{m.duty_law({ law: text.law, version: text.version, when: when(text.valid_from) })}</p>
            <Records talk={talk} />
          </div>
        )}
      </details>
      <Failed error={error} />
    </>
  );
}

/** What is decided has its reason; that one has stopped asking is one already. */
function Decide({ id, matter, choices }: { id: string; matter: DutyMatter; choices: DutyDecision[] }) {
  const decision = useSignal<DutyDecision | null>(null);
  const place = `${id}/duty/${matter}`;
  const reason = halfWritten(place);
  const { busy, error, run } = useTask();
  const needs = decision.value !== "stopped-asking";
  const ready = decision.value !== null && (!needs || reason.trim() !== "");
  const name = `${matter}-${id}`;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const made = decision.value;
        if (ready && made && !busy)
          void run(async () => {
            await recordDuty(id, matter, { decision: made, ...(needs ? { reason: reason.trim() } : {}) });
            write(place, "");
          });
      }}
    >
      <div class="chips" role="radiogroup" aria-label={matters[matter]()}>
        {choices.map((one) => (
          <label class="chip" key={one}>
            <input type="radio" name={name} checked={decision.value === one} onChange={() => (decision.value = one)} />
            {decisions[one]()}
          </label>
        ))}
      </div>
      {decision.value !== null && (
        <>
          {needs && (
            <label class="field">
              {m.duty_reason()}
              <textarea rows={2} maxLength={1000} autocomplete="off" value={reason} onInput={(event) => write(place, event.currentTarget.value)} />
            </label>
          )}
          <button type="submit" class="button" disabled={busy || !ready}>
            {m.duty_save()}
          </button>
        </>
      )}
      <Failed error={error} />
    </form>
  );
}

function Records({ talk }: { talk: Conversation }) {
  const { now: list, error, again } = useFresh(() => recordsOf(talk.conversation_id), `${talk.child_duty} ${talk.crime_duty} ${talk.revision}`);
  if (list === null) return error === null ? null : <NotFetched error={error} again={again} />;
  return (
    <ul class="rows" aria-label={m.duty_records()}>
      {list.map((one) => (
        <li key={one.duty_id}>
          <p>
            <b>{matters[one.matter]()}: </b>
            {one.decision === undefined ? m.duty_raised() : decisions[one.decision]()}
          </p>
          {one.reason !== undefined && <blockquote>{one.reason}</blockquote>}
          <p class="small">
            {m.by_at({ number: one.by ?? "", when: when(one.at) })} · {m.duty_version({ version: one.text_version })}
          </p>
        </li>
      ))}
    </ul>
  );
}
