import { useSignal } from "@preact/signals";
import { Confirm, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed, Problem } from "../../../i18n/Problem";
import { halfForm, keepForm } from "../../chat/halfForm";
import { write } from "../../chat/halfWritten";
import { drop, setFilm } from "../actions";
import { filmPlace } from "../half";
import { filming, isGoing, type Dialogue } from "../queries";

interface Draft {
  film_url: string;
}

/** Where the film is from now on: an address may break while all look at it, and what it showed lies elsewhere afterwards. */
export function SetFilm({ dialogue }: { dialogue: Dialogue }) {
  const { dialogue_id, film_url } = dialogue;
  const place = filmPlace(dialogue_id);
  const half = halfForm<Draft>(place);
  const address = half?.film_url ?? film_url ?? "";
  const needed = useSignal(false);
  const { busy, error, run } = useTask();
  const going = busy || isGoing(dialogue_id);
  const edit = (film_url: string) => {
    needed.value = false;
    keepForm(place, { film_url });
  };
  const set = async (said: Parameters<typeof setFilm>[1]) => {
    if (await run(() => setFilm(dialogue, said))) write(place, "");
  };
  const submit = () => {
    needed.value = !URL.canParse(address.trim());
    if (!needed.value) void set({ film_url: address.trim() });
  };
  const refused = filming.value.filter((one) => one.refused && one.body.dialogue_id === dialogue_id);
  return (
    <details class="fold card" open={half !== undefined || refused.length > 0}>
      <summary>{m.seat_film()}</summary>
      {refused.map(({ action_id, problem_kind, refused_field, body }) => (
        <div key={action_id} class="notice care" role="alert">
          <p>
            <b>{m.seat_film_refused()}</b> {refused_field === "film_url" ? m.dialogue_wrong_film() : <Problem kind={problem_kind} />}
          </p>
          {body.film_url !== undefined && <blockquote>{body.film_url}</blockquote>}
          <button
            type="button"
            class="button"
            disabled={busy}
            onClick={() =>
              void run(async () => {
                if (body.film_url !== undefined) edit(body.film_url);
                await drop(action_id);
              })
            }
          >
            {body.film_url === undefined ? m.act_refused_seen() : m.dialogue_refused_edit()}
          </button>
        </div>
      ))}
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <label class="field">
          {m.seat_film_url()}
          <span class="hint">{m.dialogue_film_hint()}</span>
          <input type="url" inputMode="url" autocomplete="off" value={address} onInput={(event) => edit(event.currentTarget.value)} />
        </label>
        <div role="status">{needed.value && <p class="wrong">{m.dialogue_needs_film()}</p>}</div>
        <button type="submit" class="button wide" disabled={going}>
          {m.seat_film_do()}
        </button>
      </form>
      {film_url !== undefined && <Confirm quiet label={m.seat_film_none()} ask={m.seat_film_none_ask()} yes={m.seat_film_none()} busy={going} onYes={() => void set({})} />}
      <Failed error={error} />
    </details>
  );
}
