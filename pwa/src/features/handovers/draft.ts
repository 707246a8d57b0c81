import type { Card, Receiver } from "../../api/wire";
import { halfWritten, opened, words, write } from "../chat/halfWritten";
import { LINES, type Line } from "./card";

/** A card that is not made yet stands beside the talk's half-written answer: it outlives a reload, and goes with the tab. */
const at = (id: string, what: string): string => `${id}/card/${what}`;

/** To whom the card goes that is being written; nothing: none is. */
export const begun = (id: string): Receiver | undefined => (halfWritten(at(id, "to")) || undefined) as Receiver | undefined;
export const setReceiver = (id: string, to: Receiver): void => write(at(id, "to"), to);
/** The older card whose place it takes. */
export const replacing = (id: string): string | undefined => halfWritten(at(id, "replaces")) || undefined;
export const line = (id: string, name: Line): string => halfWritten(at(id, name));
export const setLine = (id: string, name: Line, text: string): void => write(at(id, name), text);

/** Puts what is known where the officer changes it. One that is begun already stays as it is. */
export async function begin(id: string, to: Receiver, card: Partial<Card>, replaces?: string): Promise<void> {
  await opened;
  if (begun(id)) return;
  setReceiver(id, to);
  write(at(id, "replaces"), replaces ?? "");
  for (const name of LINES) setLine(id, name, card[name] ?? "");
}

export function drop(id: string): void {
  for (const place of Object.keys(words.peek())) if (place.startsWith(at(id, ""))) write(place, "");
}

/** What is written; a line that holds nothing is left out. */
export const written = (id: string): Card => {
  const lines = LINES.map((name) => [name, line(id, name).trim()]).filter(([, text]) => text);
  return { what: "", ...(Object.fromEntries(lines) as Partial<Card>) };
};
