import { useEffect } from "preact/hooks";
import { keep } from "../../sync/core";
import { pageCore, refresh, touchedAt } from "../../sync/mirror";
import { demoSignIn, touchPasskey } from "./actions";
import { locked, look } from "./lock";
import { me } from "./queries";

const LOOK_MS = 20_000;
/** It is written down no more often than this. */
const MARK_MS = 30_000;

async function mark(): Promise<void> {
  const core = await pageCore();
  await keep(core, "touched_at", core.now());
  await refresh();
}

/** An officer's app is touched, or is not: then it locks, also behind another window. */
export function useIdle(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const touch = () => {
      look();
      if (!locked.peek() && Date.now() - (touchedAt.peek() ?? 0) >= MARK_MS) void mark().catch(() => undefined);
    };
    const kinds = ["pointerdown", "keydown", "wheel"];
    for (const kind of kinds) addEventListener(kind, touch, { passive: true, capture: true });
    document.addEventListener("visibilitychange", look);
    const timer = setInterval(look, LOOK_MS);
    look();
    if (touchedAt.peek() === null) void mark().catch(() => undefined);
    return () => {
      for (const kind of kinds) removeEventListener(kind, touch, { capture: true });
      document.removeEventListener("visibilitychange", look);
      clearInterval(timer);
    };
  }, [on]);
}

/** The same officer is there again. A demo has no keys to touch. */
export async function unlock(): Promise<void> {
  const who = me.peek();
  if (who?.demo && who.public_number !== undefined) return demoSignIn(who.public_number);
  await touchPasskey();
  await mark();
}
