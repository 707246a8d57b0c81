import { words } from "../../../../api/triage/1.json";

/** In small letters, words apart by one blank, one before and one behind: as the server reads them. */
const plain = (text: string): string =>
  ` ${(text.normalize("NFC").toLowerCase().replaceAll("’", "'").match(/[\p{L}\p{N}']+/gu) ?? []).join(" ")} `;

export interface Danger {
  selfHarm: boolean;
}

/** Whether words tell of harm, by the same list that makes talks urgent. */
export function dangerIn(text: string): Danger | null {
  const said = plain(text);
  const found = words.filter(({ sv, en }) => [...sv, ...en].some((phrase) => said.includes(phrase.endsWith("*") ? ` ${phrase.slice(0, -1)}` : ` ${phrase} `)));
  return found.length === 0 ? null : { selfHarm: found.some(({ self_harm }) => self_harm) };
}
