import { m } from "../../../i18n";
import { opening } from "../../quarters/queries";
import { answer, answered } from "../danger";

const LONGEST_PLACE = 300;
const answers = [
  ["yes", m.danger_yes],
  ["unsure", m.danger_unsure],
  ["no", m.danger_no],
] as const;

/** What helps whoever reads it to choose; both may be left out. While nobody reads, nothing more is asked. */
export function Questions() {
  if (answered("danger") === "yes" && opening.value?.open === false) return null;
  return (
    <>
      <fieldset>
        <legend>{m.danger_hurt()}</legend>
        <div class="chips">
          {answers.map(([value, words]) => (
            <label class="chip" key={value}>
              <input type="radio" name="hurt" checked={answered("hurt") === value} onChange={() => answer("hurt", value)} />
              {words()}
            </label>
          ))}
        </div>
      </fieldset>
      <label class="field">
        {m.danger_where()}
        <input
          autocomplete="off"
          maxLength={LONGEST_PLACE}
          value={answered("where")}
          onInput={(event) => answer("where", event.currentTarget.value)}
        />
        <span class="hint">{m.danger_skip()}</span>
      </label>
    </>
  );
}
