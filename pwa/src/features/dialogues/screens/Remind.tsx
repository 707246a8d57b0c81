import { useSignal } from "@preact/signals";
import { useLoad, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { online } from "../../../sync/state";
import { me } from "../../identity/queries";
import { pushState } from "../../push/queries";
import { readReminder, setReminder } from "../actions";
import type { Dialogue } from "../queries";

/** One notice before it begins, where notices are on; else how to have them. */
export function Remind({ dialogue }: { dialogue: Dialogue }) {
  const { dialogue_id } = dialogue;
  const reminds = useSignal<boolean | null>(null);
  const { busy, error, run } = useTask();
  const on = pushState.value === "on";
  const youth = me.value?.role === "youth";
  useLoad(async () => on && youth && (reminds.value = await readReminder(dialogue_id)), [on, youth, dialogue_id, online.value]);
  if (me.value !== null && !youth) return null;
  if (!on)
    return (
      <p class="notice">
        <span>
          {m.remind_how()} <a href="/notices">{m.notices_title()}</a>
        </span>
      </p>
    );
  if (reminds.value === null) return null;
  const is = reminds.value;
  return (
    <div class="block">
      <button
        type="button"
        class="button plain wide"
        aria-pressed={is}
        aria-disabled={busy}
        onClick={() =>
          void run(async () => {
            await setReminder(dialogue_id, !is);
            reminds.value = !is;
          })
        }
      >
        {is ? m.remind_off() : m.remind_on()}
      </button>
      <div role="status">{is && <p class="small">{m.remind_is_on()}</p>}</div>
      <Failed error={error} />
    </div>
  );
}
