import { locale } from ".";

/** A time that says the same tomorrow, in another app. */
export const stamp = (at: string | number): string =>
  new Date(at).toLocaleString(locale.value === "sv" ? "sv-SE" : "en-GB", { dateStyle: "long", timeStyle: "short" });
