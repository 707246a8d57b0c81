import { effect, signal } from "@preact/signals";
import { self } from "../../sync/mirror";
import { shared } from "../../sync/shared";

const KEY = "natpatrull-half-written";

/** Storage may be refused, and is not ours alone to trust: then the words live as long as the page. */
function remembered(): Record<string, string> {
  if (shared) return {};
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
}

/** Words not sent yet, by the place where they stand. They outlive a reload and go with the tab, so a shared phone keeps nothing of them. */
export const words = signal(remembered());

effect(() => {
  try {
    if (Object.keys(words.value).length > 0 && !shared) sessionStorage.setItem(KEY, JSON.stringify(words.value));
    else sessionStorage.removeItem(KEY);
  } catch {
    return;
  }
});

export const halfWritten = (place: string): string => words.value[place] ?? "";

export function write(place: string, text: string): void {
  const { [place]: _before, ...others } = words.peek();
  words.value = text === "" ? others : { ...others, [place]: text };
}

/** What stands where nothing can be sent any more goes to where it can. */
export function carry(from: string, to: string): void {
  const text = words.peek()[from];
  if (!text) return;
  write(to, [words.peek()[to], text].filter(Boolean).join("\n\n"));
  write(from, "");
}

/** What was sent goes; what was typed while it was on its way to the disk stays. */
export function sent(place: string, text: string): void {
  const now = words.peek()[place] ?? "";
  if (now.startsWith(text)) write(place, now.slice(text.length).trimStart());
}

// Whoever comes after, or an emptied phone, finds nothing of the one before.
let owner: string | undefined;
effect(() => {
  const account = self.value?.account_id;
  if (owner !== undefined && account !== owner) words.value = {};
  owner = account;
});
