import { m } from "../i18n";
import { storageState } from "../features/identity/queries";

/** Says where something lies before it is sent: on the phone, or, in a browser that keeps nothing for us, in this tab alone. */
export const kept = (onPhone: () => string, inTab: () => string = m.kept_in_tab): string =>
  (storageState.value === "memory-only" ? inTab : onPhone)();
