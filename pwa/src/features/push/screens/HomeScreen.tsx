import { useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import { focusHeading } from "../../../design";
import { m } from "../../../i18n";
import { keep, kept } from "../../../sync/core";
import { pageCore, storage } from "../../../sync/mirror";

/** On an iPhone only an app on the home screen can tell of an answer: how it comes there, and her talks with it. */
export function HomeScreen() {
  const shown = useSignal(false);
  const id = useId();
  useEffect(() => {
    void pageCore()
      .then((core) => kept(core, "home_told"))
      .then((told) => (shown.value = !told && storage.peek() === "ok"))
      .catch(() => undefined);
  }, []);
  if (!shown.value) return null;
  const putAway = async () => {
    await keep(await pageCore(), "home_told", true);
    shown.value = false;
    focusHeading();
  };
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>{m.home_screen_title()}</h2>
      <p>{m.home_screen_lead()}</p>
      <ol class="steps">
        <li>
          {m.home_screen_code()} <a href="/device">{m.more_code()}</a>
        </li>
        <li>{m.home_screen_add()}</li>
        <li>{m.home_screen_open()}</li>
      </ol>
      <p class="small">{m.home_screen_seen()}</p>
      <button type="button" class="button quiet" onClick={() => void putAway().catch(() => undefined)}>
        {m.home_screen_away()}
      </button>
    </section>
  );
}
