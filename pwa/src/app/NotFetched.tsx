import { Trouble } from "../design";
import { m } from "../i18n";
import { kindOf, problemText } from "../i18n/Problem";

/** Asking again would be answered the same. */
const final = ["role-refused", "not-found", "erased", "damaged", "session-ended"];

/** What a screen shows in the place of what did not come: why, and the way to ask again where that may help. */
export function NotFetched({ error, again }: { error: unknown; again: () => void }) {
  const kind = kindOf(error);
  const text = kind === "network" ? m.fetch_offline() : problemText(kind);
  return final.includes(kind) ? <Trouble text={text} /> : <Trouble text={text} again={again} />;
}
