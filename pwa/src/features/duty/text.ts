import brought from "../../../../api/duty/1.json";
import type { DutyText } from "../../api/wire";

/** What stands in the app, for a phone that has never had a network here. The ages may have changed since, and so may the text. */
export const BROUGHT: DutyText = { ...brought, child_age: 18, criminal_age: 15 };

/** Its lines, with the ages that count now. */
export const dutyLines = (text: DutyText, language: "sv" | "en" | "easy"): string[] =>
  text[language].replaceAll("{child_age}", String(text.child_age)).replaceAll("{criminal_age}", String(text.criminal_age)).split("\n").filter(Boolean);
