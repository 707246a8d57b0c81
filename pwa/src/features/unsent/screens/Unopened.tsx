import { useSignal } from "@preact/signals";
import { useTask } from "../../../design";
import { m } from "../../../i18n";
import { Problem, kindOf } from "../../../i18n/Problem";
import { unopened } from "../../../sync/mirror";
import { dropUnopened } from "../unopened";

/** What cannot be sent and cannot be shown, said without a fright, and thrown away when its person says so. */
export function Unopened() {
  const sure = useSignal(false);
  const { busy, error, run } = useTask();
  const count = unopened.value;
  return (
    <details class="bar memory">
      <summary>{count === 1 ? m.unopened_one() : m.unopened_many({ count })}</summary>
      <p>{m.unopened_why()}</p>
      {error !== null && <Problem kind={kindOf(error)} />}
      <button type="button" class="bar-button" disabled={busy} onClick={() => (sure.value ? void run(dropUnopened) : (sure.value = true))}>
        {sure.value ? m.unopened_drop_yes() : m.unopened_drop()}
      </button>
    </details>
  );
}
