import { LiveLine } from "../../dialogues/screens/LiveLine";
import { m } from "../../../i18n";
import { until, when } from "../../../i18n/time";
import { lookAtOpening } from "../actions";
import { opening, type OpeningState } from "../queries";
import { useLook } from "../useLook";
import { Numbers } from "./Numbers";

const LOOK_MS = 30_000;

/** The moment before which nobody reads, as it is said. */
export const closedWords = ({ next_opening }: Pick<OpeningState, "next_opening">): string =>
  next_opening === undefined ? m.open_closed_unknown() : m.open_closed({ when: until(next_opening) });

/** Whether anybody is there, in one line above the words. */
export function OpenLine() {
  useLook(LOOK_MS, lookAtOpening);
  const state = opening.value;
  return (
    <span role="status">
      {state && (
        <span class={state.open && state.staffed ? "line live" : "line"}>
          {!state.open
            ? closedWords(state)
            : state.as_of !== undefined
              ? state.open_until === undefined
                ? m.open_by_plan()
                : m.open_by_plan_until({ when: until(state.open_until) })
              : state.staffed
                ? m.open_staffed()
                : m.open_unstaffed()}
          {state.as_of !== undefined && ` ${m.open_as_of({ when: when(state.as_of) })}`}
        </span>
      )}
    </span>
  );
}

/** While nobody reads: where somebody answers. `alone`: 112 and nothing else. */
export function Closed({ alone }: { alone: boolean }) {
  const state = opening.value;
  // Where there is danger nothing else is offered.
  if (!state || (state.open && (state.staffed || state.as_of !== undefined))) return alone ? null : <LiveLine />;
  return (
    <>
      {!alone && <LiveLine />}
      <section class="notice" aria-label={state.open ? m.open_unstaffed() : m.open_closed_title()}>
        <p>{state.open ? m.open_unstaffed_text() : alone ? m.open_closed_danger({ closed: closedWords(state) }) : m.open_closed_text()}</p>
        <Numbers alone={alone} />
      </section>
    </>
  );
}
