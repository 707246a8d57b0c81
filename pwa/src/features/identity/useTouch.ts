import { useSignal } from "@preact/signals";
import { useTask } from "../../design";
import { kindOf } from "../../i18n/Problem";
import { touchPasskey } from "./actions";

/**
 * Runs what cannot be taken back. The server wants the passkey touched first: then it is `closed`, and the press after this one touches
 * it, since browsers ask only straight after a press; `drop` lets go of it.
 */
export function useTouch(): { busy: boolean; error: unknown; closed: boolean; does: (work: () => Promise<unknown>) => Promise<boolean>; drop: () => void } {
  const closed = useSignal(false);
  const { busy, error, run, clear } = useTask();
  const does = async (work: () => Promise<unknown>) => {
    const done = await run(async () => {
      try {
        if (closed.peek()) await touchPasskey();
        await work();
        closed.value = false;
      } catch (refusal) {
        const kind = kindOf(refusal);
        // A touch that did not come off is tried again; after any other answer the choice is free again.
        if (kind !== "passkey-refused") closed.value = kind === "touch-needed";
        if (kind !== "touch-needed") throw refusal;
      }
    });
    return done && !closed.peek();
  };
  const drop = () => {
    closed.value = false;
    clear();
  };
  return { busy, error, closed: closed.value, does, drop };
}
