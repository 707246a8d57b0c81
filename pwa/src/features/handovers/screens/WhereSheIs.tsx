import { useSignal } from "@preact/signals";
import { Icon, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { age, now, until } from "../../../i18n/time";
import type { Conversation } from "../../chat/queries";
import { placesOf, useFresh } from "../queries";

/** A millionth of a degree is a hand's breadth. */
const degrees = (value: number): string => value.toFixed(6);

/** The last place that the youth has given, or that she gives none. It goes when it has expired. `use`: puts it on a card. */
export function WhereSheIs({ talk, use = null }: { talk: Conversation; use?: ((text: string) => void) | null }) {
  const { location_state: state, location_id, conversation_id } = talk;
  if (state === "declined") return <p class="notice">{m.place_declined()}</p>;
  return state === "given" ? <Given key={location_id} id={conversation_id} which={location_id} use={use} /> : null;
}

function Given({ id, which, use }: { id: string; which: string | undefined; use: ((text: string) => void) | null }) {
  const { now: places } = useFresh(() => placesOf(id), which);
  const copied = useSignal(false);
  const { error, run } = useTask();
  const place = places?.find((one) => one.location_id === which);
  if (!place) return null;
  const { fix, since, expires_at } = place;
  // No later than it is promised, though nothing could be asked since.
  if (!fix || (expires_at !== undefined && now.value >= Date.parse(expires_at))) return <p class="notice">{m.place_gone()}</p>;
  const [latitude, longitude] = [degrees(fix.latitude), degrees(fix.longitude)];
  const metres = Math.ceil(fix.accuracy);
  const text = `${latitude}, ${longitude}`;
  return (
    <section class="notice place" aria-label={m.place_title()}>
      <p class="strong">{m.place_title()}</p>
      <p class="coordinates">{text}</p>
      <p>
        {m.place_accuracy({ metres })} {since !== undefined && m.place_age({ age: age(since) })}
      </p>
      {expires_at !== undefined && <p class="small">{m.place_until({ when: until(expires_at) })}</p>}
      <div class="row">
        <button type="button" class="button plain" onClick={() => void run(() => navigator.clipboard.writeText(text).then(() => void (copied.value = true)))}>
          <Icon name="copy" />
          {copied.value ? m.copied() : m.copy()}
        </button>
        <a class="button plain" href={`geo:${latitude},${longitude};u=${metres}`}>
          {m.place_map()}
        </a>
        {use && (
          <button type="button" class="button plain" onClick={() => use(m.place_on_card({ text, metres }))}>
            {m.place_use()}
          </button>
        )}
      </div>
      <Failed error={error} />
    </section>
  );
}
