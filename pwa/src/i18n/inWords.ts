export interface InWords {
  text: string;
  text_en?: string | undefined;
  text_easy?: string | undefined;
}

interface Said {
  text: string;
  lang: "sv" | "en";
}

/** In the reader's language where there is one, and in easy Swedish when it is asked for. */
export function inWords({ text, text_en, text_easy }: InWords, locale: string, easy: boolean): Said {
  if (easy && text_easy !== undefined) return { text: text_easy, lang: "sv" };
  return locale === "en" && text_en !== undefined ? { text: text_en, lang: "en" } : { text, lang: "sv" };
}
