import { forGood, PLAIN, read, write } from "../head/keys";
import { m } from "../i18n";

/** This phone shows the app under a plain name and icon; the script in the page's head puts them on. */
export const plain = read(forGood, PLAIN) !== null;

/** What the browser's tab and history say it is. */
export const appName = (): string => (plain ? m.app_plain() : m.app_name());

/** The page begins anew with the other look. */
export function look(asPlain: boolean): void {
  write(forGood, PLAIN, asPlain ? "1" : null);
  location.reload();
}
