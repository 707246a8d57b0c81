import { m } from "../../i18n";
import type { OpeningReason } from "./actions";
import { formOf, type Form } from "./kinds";

const forms: Record<Exclude<Form, "document">, () => string> = { picture: m.file_picture, film: m.file_film, sound: m.file_sound };
const documents: Record<string, () => string> = { "application/pdf": m.file_pdf, "application/zip": m.file_zip };

/** Why an officer opens a file as it was sent. */
export const reasons: Record<OpeningReason, () => string> = {
  investigation: m.original_investigation,
  handover: m.original_handover,
  "cannot-see-in-copy": m.original_cannot_see,
  other: m.original_other,
};

export const reasonWords = (reason: string): string => (reasons[reason as OpeningReason] ?? m.original_other)();

/** What a file is, in a word: never its name. */
export function kindWords(media_type: string): string {
  const form = formOf(media_type);
  return form === "document" ? (documents[media_type] ?? m.file_text)() : forms[form]();
}
