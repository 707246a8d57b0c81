import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { self, touchedAt } from "../../sync/mirror";
import { isLocked } from "./idle";

/** Counts the looks at the clock. */
const looks = signal(0);
export const look = (): void => void looks.value++;

/** Whether nothing of anybody's is to be on this officer's screen. */
export const locked: ReadonlySignal<boolean> = computed(() => looks.value >= 0 && (self.value?.role ?? "youth") !== "youth" && isLocked(touchedAt.value, Date.now()));
