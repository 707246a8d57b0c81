import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { PushPrefs } from "../../api/wire";
import { pushRow } from "../../sync/mirror";

export type { PushPrefs } from "../../api/wire";
export type PushState = "unsupported" | "needs-install" | "off" | "on" | "denied" | "failed";

/** What the browser allows and what was last tried; `actions.ts` writes it, as soon as anybody looks. */
export const pushState = signal<PushState>("off", {
  watched: () => {
    void import("./actions").then((actions) => actions.reconcile()).catch(() => undefined);
  },
});
/** Notices were asked for on this phone. */
export const wanted: ReadonlySignal<boolean> = computed(() => pushRow.value?.wanted ?? false);
export const prefs: ReadonlySignal<PushPrefs | null> = computed(() => pushRow.value?.prefs ?? null);
