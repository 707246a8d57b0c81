/** What the script in the page's head and the app say to each other, by the browser's own store. */

/** How many times somebody has left here by the quick exit: a step of the history from before the last is not shown again. */
export const TURN = "natpatrull-turn";
/** Set as long as what a quick exit does to the phone is not done, and in the tab that was left by it. */
export const DUE = "natpatrull-exit-due";
/** Set in a tab that is used on a phone which is not one's own. */
export const SHARED = "natpatrull-shared";
/** Set where this phone shows the app under its plain name and icon. */
export const PLAIN = "natpatrull-plain";

export function read(store: () => Storage, key: string): string | null {
  try {
    return store().getItem(key);
  } catch {
    return null;
  }
}

/** `null` takes it away. Where storage is refused nothing is remembered. */
export function write(store: () => Storage, key: string, value: string | null): void {
  try {
    if (value === null) store().removeItem(key);
    else store().setItem(key, value);
  } catch {
    return;
  }
}

export const forGood = (): Storage => localStorage;
export const inTab = (): Storage => sessionStorage;
