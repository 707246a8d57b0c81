import { m } from "../../../i18n";
import { liveState } from "../../../sync/state";

const words = { live: m.desk_live, connecting: m.desk_connecting, off: m.desk_off } as const;

/** Whether what stands at the desk is of this moment. */
export const LiveLine = () => (
  <span class={`line ${liveState.value}`} role="status">
    {words[liveState.value]()}
  </span>
);
