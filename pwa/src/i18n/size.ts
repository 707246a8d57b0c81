import { locale } from ".";

/** "1,4 MB": a size as the phone's own lists say it. */
export function sizeWords(bytes: number): string {
  const [value, unit] = bytes < 1_000_000 ? [Math.max(1, bytes / 1000), "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(locale.value === "sv" ? "sv-SE" : "en-GB", { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}
