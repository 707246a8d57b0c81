import { effect, signal } from "@preact/signals";
import { forGood, read, write } from "../head/keys";
import { shared } from "../sync/shared";

export type Locale = "sv" | "en";
const KEY = "natpatrull-locale";

function first(): Locale {
  const kept = read(forGood, KEY);
  if (kept === "sv" || kept === "en") return kept;
  // Swedish unless the phone speaks another language first: the patrol is Swedish.
  return /^(sv|nb|nn|no|da|fi)\b/i.test(navigator.language || "sv") ? "sv" : "en";
}

export const locale = signal<Locale>(first());

effect(() => {
  document.documentElement.lang = locale.value;
});

export function setLocale(next: Locale): void {
  locale.value = next;
  // Storage may be refused (private mode, a browser inside another app): then the choice lives as long as the tab.
  if (!shared) write(forGood, KEY, next);
}
