import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Fix } from "../../../api/wire";
import { kept } from "../../../app/kept";
import { Refused } from "../../../app/Refused";
import { useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { readable } from "../../../i18n/readable";
import { now, until, when } from "../../../i18n/time";
import type { Conversation } from "../../chat/queries";
import { answerPlace } from "../actions";
import { acts, placesOf, useFresh } from "../queries";

/** A phone that has not found itself by then is not waited for. */
const PATIENCE_MS = 20_000;

/** What a youth sees of a hand-over: what she was told, and the question for her place. Nothing else of it is on her phone. */
export function FromOutside({ talk }: { talk: Conversation }) {
  const box = useRef<HTMLDivElement>(null);
  const { told_at, location_id } = talk;
  const asked = talk.location_state === "asked" && talk.state !== "closed";
  useEffect(() => {
    if (told_at !== undefined || asked) box.current?.scrollIntoView({ block: "nearest" });
  }, [told_at, asked && location_id]);
  return (
    <div ref={box} class="stack">
      <div role="status">
        {told_at !== undefined && (
          <section class="notice" aria-label={m.told_title()}>
            <p class="small strong">{m.told_at({ when: when(told_at) })}</p>
            <blockquote>{readable(talk.told)}</blockquote>
          </section>
        )}
      </div>
      {location_id !== undefined && <Place key={location_id} talk={talk} which={location_id} />}
      <Refused lane={`conversation:${talk.conversation_id}`} only="location-answer" />
    </div>
  );
}

function Place({ talk, which }: { talk: Conversation; which: string }) {
  const id = talk.conversation_id;
  const waits = acts(id, "location-answer").some((row) => row.body.includes(which));
  return (
    <div role="status">
      {waits ? (
        <p class="notice">{kept(m.place_answer_saved, m.place_answer_in_tab)}</p>
      ) : talk.location_state === "given" ? (
        <Given id={id} which={which} />
      ) : talk.location_state === "declined" ? (
        <p class="small">{m.place_said_no()}</p>
      ) : (
        talk.state !== "closed" && <Question id={id} which={which} />
      )}
    </div>
  );
}

type Trouble = "denied" | "unavailable" | "late";
const troubles: Record<Trouble, () => string> = { denied: m.place_denied, unavailable: m.place_unavailable, late: m.place_late };

/** One fix of now, or why there is none. */
const find = (): Promise<Fix | Trouble> =>
  new Promise((done) => {
    // A browser inside another app may have none.
    if (!("geolocation" in navigator)) return done("unavailable");
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy }, timestamp }) => done({ latitude, longitude, accuracy, fixed_at: new Date(timestamp).toISOString() }),
      ({ code, PERMISSION_DENIED, TIMEOUT }) => done(code === PERMISSION_DENIED ? "denied" : code === TIMEOUT ? "late" : "unavailable"),
      { enableHighAccuracy: true, maximumAge: 0, timeout: PATIENCE_MS },
    );
  });

function Question({ id, which }: { id: string; which: string }) {
  const trouble = useSignal<Trouble | null>(null);
  const looking = useTask();
  const { busy, error, run } = useTask();
  // A question of the browser may stand unanswered for ever; whoever says no meanwhile has said so, whatever is found later.
  const saidNo = useRef(false);
  const yes = async () => {
    trouble.value = null;
    const found = await find();
    if (saidNo.current) return;
    if (typeof found === "string") trouble.value = found;
    else await run(() => answerPlace(id, which, found));
  };
  const no = async () => {
    saidNo.current = true;
    saidNo.current = await run(() => answerPlace(id, which));
  };
  return (
    <section class="notice" aria-label={m.place_question()}>
      <p class="strong">{m.place_question()}</p>
      <p>{m.place_why()}</p>
      {trouble.value !== null && <p class="wrong">{troubles[trouble.value]()}</p>}
      {looking.busy && <p>{m.place_looking()}</p>}
      <div class="row">
        {!looking.busy && (
          <button type="button" class="button" disabled={busy} onClick={() => void looking.run(yes)}>
            {trouble.value === null ? m.place_yes() : m.place_again()}
          </button>
        )}
        <button type="button" class="button plain" disabled={busy} onClick={() => void no()}>
          {m.place_no()}
        </button>
        {trouble.value !== null && (
          <button type="button" class="button plain" onClick={() => document.querySelector<HTMLElement>(".composer textarea")?.focus()}>
            {m.place_write()}
          </button>
        )}
      </div>
      <Failed error={error} />
    </section>
  );
}

/** How long it is to be seen, as the server says it. */
function Given({ id, which }: { id: string; which: string }) {
  const { now: places } = useFresh(() => placesOf(id), which);
  const place = places?.find((one) => one.location_id === which);
  if (!place) return <p class="notice">{m.place_given()}</p>;
  const over = place.expires_at === undefined || now.value >= Date.parse(place.expires_at);
  return <p class="notice">{over ? m.place_given_gone() : m.place_given_until({ when: until(place.expires_at ?? now.value) })}</p>;
}
