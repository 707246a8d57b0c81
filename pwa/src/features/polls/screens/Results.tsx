import { Icon } from "../../../design";
import { locale, m } from "../../../i18n";
import { inWords } from "../../../i18n/inWords";
import type { Poll } from "../queries";
import { percent } from "../read";

/** How many have chosen each, in words and as a bar. `own`: what was voted from this phone. */
export function Results({ poll, own = [], easy = false }: { poll: Poll; own?: number[]; easy?: boolean }) {
  const voters = poll.voters ?? 0;
  return (
    <div class="block">
      <ul class="counts">
        {poll.options.map(({ place, votes = 0, ...option }) => {
          const { text, lang } = inWords(option, locale.value, easy);
          const share = percent(votes, voters);
          return (
            <li key={place} class={own.includes(place) ? "count-row own" : "count-row"}>
              <div class="count-words">
                <span lang={text === "" ? undefined : lang}>{poll.kind === "scale" ? [place + 1, text].filter(Boolean).join(". ") : text}</span>
                <span class="count-number">{m.poll_count({ count: votes, percent: share })}</span>
              </div>
              {/* The words say it already. */}
              <progress value={share} max={100} aria-hidden="true" />
              {own.includes(place) && (
                <span class="own-mark">
                  <Icon name="check" />
                  {m.poll_own()}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      <p class="small">{m.poll_voters({ count: voters })}</p>
      {poll.kind === "many" && <p class="small">{m.poll_many_sum()}</p>}
    </div>
  );
}
