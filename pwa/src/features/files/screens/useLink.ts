import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";

/** A link lives five minutes, so the first failure may be only its age and loads it anew; the next is the file's own. */
export function useLink(load: () => unknown) {
  const unreadable = useSignal(false);
  const again = useRef(true);
  const failed = () => {
    if (again.current) load();
    else unreadable.value = true;
    again.current = false;
  };
  const came = () => {
    again.current = true;
    unreadable.value = false;
  };
  return { unreadable, failed, came };
}
