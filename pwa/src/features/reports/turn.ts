import { signal } from "@preact/signals";
import { openChannel } from "../../sync/core";
import { refresh } from "../../sync/mirror";
import { givesAway, saveDraft, type DraftPatch } from "./drafts";

/** Another window of this phone writes the draft that is on the screen. */
export const elsewhere = signal(false);

/** A window that answers does so at once; one that the browser has put to sleep never does. */
const PATIENCE_MS = 1500;
type Said = { t: "ask"; id: string } | { t: "given"; id: string; patch: DraftPatch };

let held: { id: string; give(): void; seize(): void } | null = null;
/** Words that another window had on its screen and could not save. */
let given: { id: string; patch: DraftPatch } | null = null;

const channel = openChannel("natpatrull-drafts");
channel?.addEventListener("message", ({ data }: MessageEvent<Said>) => {
  if (data.t === "given") given = data;
  else if (held?.id === data.id && !elsewhere.peek()) void givesUp(data.id);
});

/** Every letter of this window is on the disk, or goes along, before another one writes. */
async function givesUp(id: string): Promise<void> {
  const patch = await givesAway();
  if (Object.keys(patch).length > 0) channel?.postMessage({ t: "given", id, patch } satisfies Said);
  held?.give();
}

/** This window writes the draft if no other does, and from when none does any more. Gives the way to let go. Without locks all may write, and `Changed` watches. */
export function holdDraft(id: string): () => void {
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return () => undefined;
  let over = false;
  let free = () => {};
  let waiting = new AbortController();
  let how: LockOptions = { ifAvailable: true };
  const hold = async (lock: Lock | null): Promise<void> => {
    if (!lock || over) return;
    await refresh();
    elsewhere.value = false;
    const { patch } = given?.id === id ? given : {};
    given = null;
    if (patch) await saveDraft(patch).catch(() => undefined);
    if (!over) await new Promise<void>((go) => (free = go));
  };
  const turns = async (): Promise<void> => {
    for (; !over; elsewhere.value = !over) {
      waiting = new AbortController();
      const options = Object.keys(how).length > 0 ? how : { signal: waiting.signal };
      how = {};
      try {
        await locks.request(`natpatrull-draft-${id}`, options, hold);
      } catch (error) {
        // A lock that another window took, or that is not waited for any more; anything else says that there are none.
        if ((error as Error).name !== "AbortError") return;
      }
    }
  };
  held = {
    id,
    give: () => free(),
    seize: () => {
      how = { steal: true };
      waiting.abort();
    },
  };
  void turns().finally(() => (elsewhere.value = false));
  return () => {
    over = true;
    free();
    waiting.abort();
    elsewhere.value = false;
    if (held?.id === id) held = null;
  };
}

/** "Write here instead": the other window is asked first, so that it can finish what it saves. */
export async function writeHere(): Promise<void> {
  const asked = held;
  if (!asked) return;
  channel?.postMessage({ t: "ask", id: asked.id } satisfies Said);
  for (let waited = 0; waited < PATIENCE_MS && elsewhere.peek(); waited += 50) await new Promise((go) => setTimeout(go, 50));
  if (elsewhere.peek() && held === asked) asked.seize();
}
