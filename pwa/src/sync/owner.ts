import { effect, untracked } from "@preact/signals";
import { self } from "./mirror";

/** Whoever comes after, or an emptied phone, finds nothing of the one before. */
export function forgetWithOwner(forget: () => void): void {
  let owner: string | undefined;
  effect(() => {
    const account = self.value?.account_id;
    if (owner !== undefined && account !== owner) untracked(forget);
    owner = account;
  });
}
