import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { now, when } from "../../../i18n/time";
import { storage } from "../../../sync/mirror";
import { shared } from "../../../sync/shared";
import { prove } from "../../identity/actions";
import { pushState } from "../../push/queries";
import { opening, waitsLong } from "../../quarters/queries";
import { closedWords } from "../../quarters/screens/Opening";
import { Numbers } from "../../quarters/screens/Numbers";
import { useLook } from "../../quarters/useLook";
import { heardNow, type Heard } from "../../quarters/waiting";
import { stepAway } from "../actions";
import { waitOf, type Conversation } from "../queries";

const LOOK_MS = 10_000;

const placeWords = (place: number): string => (place === 1 ? m.wait_next() : m.wait_place({ place }));
const rangeWords = (least: number, most: number): string => (least > 0 ? m.wait_range({ least, most }) : most === 1 ? m.wait_most_one() : m.wait_most({ most }));

/** A youth's place in the queue, or that nobody reads now. `alone`: 112 and no other number. */
export function Waiting({ talk, alone }: { talk: Conversation; alone: boolean }) {
  const heard = useSignal<Heard | null>(null);
  const proving = useRef(false);
  useLook(
    LOOK_MS,
    async () => {
      const said = await waitOf(talk.conversation_id);
      heard.value = { wait: said, at: Date.now() };
      const { proof_bits } = said;
      if (proof_bits === undefined || proving.current) return;
      proving.current = true;
      // One that failed is tried again at the next look; the talk waits meanwhile, behind the others.
      await prove(proof_bits).finally(() => (proving.current = false));
    },
    talk.revision,
  );
  const { wait, state } = heardNow(heard.value, opening.value, now.value);
  if (heard.value && heard.value.wait.state !== "waiting") return null;
  const returned = talk.returned_at !== undefined && <p>{m.wait_returned()}</p>;
  return (
    <div class="waiting" role="status">
      {state && !state.open ? (
        <section class="notice" aria-label={m.open_closed_title()}>
          {returned}
          <p class="strong">{closedWords(state)}</p>
          <p>{m.wait_closed()}</p>
          {!alone && <Numbers />}
        </section>
      ) : (
        wait && (
          <section class="notice" aria-label={m.wait_queue()}>
            {returned}
            {wait.place !== undefined && <p class="strong">{placeWords(wait.place)}</p>}
            {wait.least_minutes !== undefined && wait.most_minutes !== undefined && <p>{rangeWords(wait.least_minutes, wait.most_minutes)}</p>}
            {wait.proof_bits !== undefined && <p>{m.wait_proof()}</p>}
            {!wait.staffed && <p>{m.open_unstaffed_text()}</p>}
            {waitsLong(talk.waiting_since) && !shared && <Leave talk={talk} />}
          </section>
        )
      )}
    </div>
  );
}

/** Nobody has to sit and look at a queue. */
function Leave({ talk }: { talk: Conversation }) {
  const { busy, error, run } = useTask();
  const state = pushState.value;
  // The code alone leads back where the talk goes with the tab, and where nothing can tell her.
  const byCode = storage.value === "memory-only" ? m.wait_leave_in_tab : ["unsupported", "denied", "needs-install"].includes(state) ? m.wait_leave_code : null;
  if (byCode)
    return (
      <>
        <p>{byCode()}</p>
        <a class="button plain" href="/device">
          {m.device_title()}
        </a>
        {state === "needs-install" && <ToNotices />}
      </>
    );
  if (talk.stepped_away_at !== undefined) return <p>{m.wait_left({ when: when(talk.stepped_away_at) })}</p>;
  return (
    <>
      <p>{m.wait_leave_text()}</p>
      {state === "on" ? (
        <button type="button" class="button" disabled={busy} onClick={() => void run(() => stepAway(talk.conversation_id))}>
          {m.wait_leave()}
        </button>
      ) : (
        <ToNotices />
      )}
      <Failed error={error} />
    </>
  );
}

const ToNotices = () => (
  <a class="button" href="/notices">
    {m.notices_on()}
  </a>
);
