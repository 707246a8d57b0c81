import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { when } from "../../../i18n/time";
import { shared } from "../../../sync/shared";
import { prove } from "../../identity/actions";
import { pushState } from "../../push/queries";
import { opening, openingOf, waitsLong, type Wait } from "../../quarters/queries";
import { closedWords } from "../../quarters/screens/Opening";
import { Numbers } from "../../quarters/screens/Numbers";
import { useLook } from "../../quarters/useLook";
import { stepAway } from "../actions";
import { waitOf, type Conversation } from "../queries";

const LOOK_MS = 10_000;

const placeWords = (place: number): string => (place === 1 ? m.wait_next() : m.wait_place({ place }));
const rangeWords = (least: number, most: number): string => (least === 0 ? m.wait_most({ most }) : m.wait_range({ least, most }));

/** A youth's place in the queue, or that nobody reads now. `alone`: 112 and no other number. */
export function Waiting({ talk, alone }: { talk: Conversation; alone: boolean }) {
  const wait = useSignal<Wait | null>(null);
  const proving = useRef(false);
  useLook(
    LOOK_MS,
    async () => {
      const { proof_bits } = (wait.value = await waitOf(talk.conversation_id));
      if (proof_bits === undefined || proving.current) return;
      proving.current = true;
      // One that failed is tried again at the next look; the talk waits meanwhile, behind the others.
      await prove(proof_bits).finally(() => (proving.current = false));
    },
    talk.revision,
  );
  const now = wait.value;
  // Until the server has said how this one waits, what is known of all is told.
  const state = now ? openingOf(now) : opening.value;
  if (now && now.state !== "waiting") return null;
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
        now && (
          <section class="notice" aria-label={m.wait_queue()}>
            {returned}
            {now.place !== undefined && <p class="strong">{placeWords(now.place)}</p>}
            {now.least_minutes !== undefined && now.most_minutes !== undefined && <p>{rangeWords(now.least_minutes, now.most_minutes)}</p>}
            {now.proof_bits !== undefined && <p>{m.wait_proof()}</p>}
            {!now.staffed && <p>{m.open_unstaffed_text()}</p>}
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
  if (talk.stepped_away_at !== undefined) return <p>{m.wait_left({ when: when(talk.stepped_away_at) })}</p>;
  const on = pushState.value === "on";
  return (
    <>
      <p>{m.wait_leave_text()}</p>
      {on ? (
        <button type="button" class="button" disabled={busy} onClick={() => void run(() => stepAway(talk.conversation_id))}>
          {m.wait_leave()}
        </button>
      ) : (
        <a class="button" href="/notices">
          {m.notices_on()}
        </a>
      )}
      <Failed error={error} />
    </>
  );
}
