import { useEffect, useRef } from "preact/hooks";
import { focusHeading, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import type { Receiver } from "../../../api/wire";
import { makeCard } from "../actions";
import { asRead, LINES, lineNames, LONGEST_LINE, MOST_SECONDS, receivers, secondsOf } from "../card";
import { begun, drop, line, replacing, setLine, setReceiver, written } from "../draft";
import type { CardRow } from "../overlay";

/** As long as any other when it is said. */
const ANY_NUMBER = "2222-2222";

/** How long a card takes to read aloud; too long is told in words and not by colour alone. */
export const Seconds = ({ seconds }: { seconds: number }) => (
  <p class={seconds > MOST_SECONDS ? "small wrong" : "small"} role="status">
    {seconds > MOST_SECONDS ? m.card_seconds_long({ seconds, most: MOST_SECONDS }) : m.card_seconds({ seconds })}
  </p>
);

/** The card that is being written. What was known stands in it, and the officer changes it. `asked`: she pressed for it. */
export function CardForm({ id, cards, asked }: { id: string; cards: CardRow[]; asked: boolean }) {
  const { busy, error, run } = useTask();
  const first = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (asked) first.current?.focus();
  }, []);
  const to = begun(id);
  if (!to) return null;
  const card = written(id);
  const older = cards.find((one) => one.handover_id === replacing(id));
  const inTheWay = cards.some((one) => one.red && one.receiver === to && one.handover_id !== older?.handover_id);
  const seconds = secondsOf(asRead(card, to, ANY_NUMBER));
  const make = async () => {
    // What held the focus goes with the press.
    if (await run(() => makeCard(id, to, card, replacing(id), () => drop(id)))) focusHeading();
  };
  return (
    <form
      class="card hand-form"
      aria-label={m.card_new()}
      onSubmit={(event) => {
        event.preventDefault();
        if (card.what && !inTheWay) void make();
      }}
    >
      <h2>{older ? m.card_changed_title({ receiver: receivers[to].name }) : m.card_new()}</h2>
      {!older && (
        <fieldset>
          <legend>{m.card_to()}</legend>
          <div class="chips">
            {(Object.keys(receivers) as Receiver[]).map((one) => (
              <label class="chip" key={one}>
                <input type="radio" name="receiver" checked={to === one} onChange={() => setReceiver(id, one)} />
                {receivers[one].name}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {LINES.map((name) => (
        <label class="field" key={name}>
          {lineNames[name]()}
          <textarea
            ref={name === "what" ? first : null}
            rows={name === "what" || name === "last_words" ? 2 : 1}
            maxLength={LONGEST_LINE}
            autocomplete="off"
            value={line(id, name)}
            onInput={(event) => setLine(id, name, event.currentTarget.value)}
          />
          {name === "what" && <span class="hint">{m.card_what_hint()}</span>}
        </label>
      ))}
      <Seconds seconds={seconds} />
      {inTheWay && (
        <p class="notice care" role="alert">
          {m.card_in_the_way({ receiver: receivers[to].name })}
        </p>
      )}
      <div class="row">
        <button type="submit" class="button" disabled={busy || !card.what || inTheWay}>
          {m.card_make({ receiver: receivers[to].name })}
        </button>
        <button type="button" class="button plain" onClick={() => (drop(id), focusHeading())}>
          {m.card_drop()}
        </button>
      </div>
      <Failed error={error} />
    </form>
  );
}
