import type { AgeBand, TimesOfDay } from "../../../api/wire";
import { Chips } from "../../../design/Chips";
import { m } from "../../../i18n";
import { ageNames, ages } from "../../tips/screens/ages";
import { Municipalities } from "../../tips/screens/Municipalities";
import { topicName, topics } from "../../tips/screens/topics";
import { HoursFields, sameHours } from "./Hours";

export interface TipChoice {
  topics: string[];
  municipalities: string[];
  age_band: AgeBand | "";
  quiet: TimesOfDay;
  at_night: boolean;
}

/** Which safety tips wake a youth's phone, and when they do not. */
export function TipChoices({ chosen, set }: { chosen: TipChoice; set: (part: Partial<TipChoice>) => void }) {
  // Without a topic nothing comes, whatever else was chosen.
  const half = chosen.topics.length === 0 && (chosen.municipalities.length > 0 || chosen.age_band !== "");
  return (
    <section class="block questions">
      <h2>{m.tips_title()}</h2>
      <fieldset>
        <legend>{m.notices_topics()}</legend>
        <Chips all={topics} chosen={chosen.topics} name={topicName} onChange={(topics) => set({ topics })} />
      </fieldset>
      <Municipalities legend={m.notices_places()} hint={m.notices_place_hint()} chosen={chosen.municipalities} onChange={(municipalities) => set({ municipalities })} />
      <label class="field">
        {m.notices_age()}
        <span class="hint">{m.notices_age_hint()}</span>
        <select value={chosen.age_band} onChange={(event) => set({ age_band: event.currentTarget.value as AgeBand | "" })}>
          <option value="">{m.notices_age_unsaid()}</option>
          {ages.map((age) => (
            <option key={age} value={age}>
              {ageNames[age]()}
            </option>
          ))}
        </select>
      </label>
      <div role="status">{half && <p class="notice care">{m.notices_topic_needed()}</p>}</div>
      <fieldset>
        <legend>{m.notices_quiet()}</legend>
        <p class="hint">{m.notices_quiet_hint()}</p>
        <div class="choices">
          {!chosen.at_night && <HoursFields hours={chosen.quiet} onChange={(quiet) => set({ quiet })} />}
          <label class="choice">
            <input type="checkbox" checked={chosen.at_night} onChange={() => set({ at_night: !chosen.at_night })} />
            {m.notices_at_night()}
          </label>
        </div>
        <div role="status">{!chosen.at_night && sameHours(chosen.quiet) && <p class="wrong">{m.notices_hours_same()}</p>}</div>
      </fieldset>
    </section>
  );
}
