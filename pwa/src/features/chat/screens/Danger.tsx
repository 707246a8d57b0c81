import { lazy } from "../../../app/lazy";
import { Icon } from "../../../design";
import { m } from "../../../i18n";
import { answer, answered, urgent } from "../danger";

const More = lazy(() => import("./Questions").then((part) => part.Questions), "quiet");
const answers = [
  ["yes", m.danger_yes],
  ["unsure", m.danger_unsure],
  ["no", m.danger_no],
  ["only-asking", m.danger_only_asking],
] as const;

/** A full-width way to 112: a plain link, which needs no network. */
export const Call112 = () => (
  <a class="button alarm wide" href="tel:112">
    <Icon name="phone" />
    {m.sos_call()}
  </a>
);

/** Before the first words; it may be left out. */
export function Danger() {
  const danger = answered("danger");
  return (
    <>
      <fieldset>
        <legend>{m.danger_question()}</legend>
        <div class="chips">
          {answers.map(([value, words]) => (
            <label class="chip" key={value}>
              <input type="radio" name="danger" checked={danger === value} onChange={() => answer("danger", value)} />
              {words()}
            </label>
          ))}
        </div>
      </fieldset>
      <div role="status">
        {danger === "yes" && (
          <div class="notice care">
            <p class="strong">{m.danger_yes_text()}</p>
            <Call112 />
          </div>
        )}
      </div>
      {urgent() && <More />}
    </>
  );
}
