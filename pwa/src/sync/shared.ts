const KEY = "natpatrull-shared";

function asked(): boolean {
  try {
    return sessionStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

/** This tab is used on a phone that is not one's own: nothing of it is kept. The mark goes with the tab, as all else does. */
export const shared = asked();

/** From the next start of this tab on. Without storage nothing is kept anyway. */
export function share(on: boolean): void {
  try {
    if (on) sessionStorage.setItem(KEY, "1");
    else sessionStorage.removeItem(KEY);
  } catch {
    return;
  }
}
