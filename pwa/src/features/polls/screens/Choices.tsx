import { locale, m } from "../../../i18n";
import { inWords } from "../../../i18n/inWords";
import type { Poll } from "../queries";

interface Chosen {
  poll: Poll;
  chosen: number[];
  easy: boolean;
  onChoose: (places: number[]) => void;
}

/** The answers, as they are chosen: browsers' own buttons, so that keys and screen readers know them. */
export function Choices({ poll, chosen, easy, onChoose }: Chosen) {
  if (poll.kind === "scale") return <Scale poll={poll} chosen={chosen} easy={easy} onChoose={onChoose} />;
  const many = poll.kind === "many";
  const press = (place: number) => onChoose(!many ? [place] : chosen.includes(place) ? chosen.filter((one) => one !== place) : [...chosen, place].sort((a, b) => a - b));
  return (
    <div class="choices">
      {poll.options.map(({ place, ...option }) => {
        const { text, lang } = inWords(option, locale.value, easy);
        return (
          <label class="choice" key={place} lang={lang}>
            <input type={many ? "checkbox" : "radio"} name={poll.poll_id} checked={chosen.includes(place)} onChange={() => press(place)} />
            {text}
          </label>
        );
      })}
    </div>
  );
}

/** Steps between two ends. The ends stand above the steps, and in the names of theirs. */
function Scale({ poll, chosen, easy, onChoose }: Chosen) {
  const named = poll.options.map((option) => ({ place: option.place, ...inWords(option, locale.value, easy) }));
  const [low, high] = [named[0], named.at(-1)];
  return (
    <div class="scale">
      <div class="scale-ends" aria-hidden="true">
        <span lang={low?.lang}>{low?.text}</span>
        <span lang={high?.lang}>{high?.text}</span>
      </div>
      <div class="scale-steps">
        {named.map(({ place, text, lang }) => (
          <label class="scale-step" key={place}>
            <input
              type="radio"
              name={poll.poll_id}
              checked={chosen.includes(place)}
              aria-label={text === "" ? m.poll_step({ number: place + 1, count: named.length }) : `${place + 1}, ${text}`}
              lang={text === "" ? undefined : lang}
              onChange={() => onChoose([place])}
            />
            {place + 1}
          </label>
        ))}
      </div>
    </div>
  );
}
