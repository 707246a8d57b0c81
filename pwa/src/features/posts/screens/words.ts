import type { InWords } from "../../../i18n/inWords";
import type { Post } from "../queries";

type Said = Pick<Post, "title" | "title_en" | "text" | "text_en" | "text_easy">;

/** Only the text has an easy form. */
export const titleOf = ({ title, title_en }: Said): InWords => ({ text: title, text_en: title_en });
export const textOf = ({ text, text_en, text_easy }: Said): InWords => ({ text, text_en, text_easy });
