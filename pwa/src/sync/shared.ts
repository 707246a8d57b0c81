import { inTab, read, SHARED, write } from "../head/keys";

/** This tab is used on a phone that is not one's own: nothing of it is kept. The mark goes with the tab, as all else does. */
export const shared = read(inTab, SHARED) !== null;

/** From the next start of this tab on. Without storage nothing is kept anyway. */
export function share(on: boolean): void {
  write(inTab, SHARED, on ? "1" : null);
}
