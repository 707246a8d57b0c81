import type { ComponentChildren } from "preact";
import { useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { when } from "../../../i18n/time";
import { seenDevice } from "../actions";
import { deviceAdded } from "../queries";

/** Somebody with the code has come in: told where it is seen, with the way to shut the door. */
export function DeviceAdded({ children }: { children?: ComponentChildren }) {
  const { busy, error, run } = useTask();
  if (deviceAdded.value === null) return null;
  return (
    <div class="notice care">
      <p>{m.device_added({ when: when(deviceAdded.value) })}</p>
      <div class="row">
        <button type="button" class="button plain" disabled={busy} onClick={() => void run(seenDevice)}>
          {m.device_added_mine()}
        </button>
        {children}
      </div>
      <Failed error={error} />
    </div>
  );
}
