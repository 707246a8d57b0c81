export type Level = "easy" | "medium" | "hard";

/** Fewer words than this say nothing of how a text reads. */
const FEWEST = 5;
const LONG = 6;

/** LIX: how many words a sentence has, and how many of a hundred words are long. Nothing for too short a text. */
export function lix(text: string): number | null {
  // What is filled in reads as a short word.
  const words = text.replace(/\{\w+\}/g, "x").match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? [];
  if (words.length < FEWEST) return null;
  const sentences = text.split(/[.!?:;]+(?=\s|$)|\n+/).filter((part) => /[\p{L}\p{N}]/u.test(part)).length;
  const long = words.filter((word) => [...word].length > LONG).length;
  return words.length / sentences + (100 * long) / words.length;
}

/** Below 30 it reads as a children's book, above 45 as an authority's letter. */
export function levelOf(text: string): Level | null {
  const value = lix(text);
  if (value === null) return null;
  return value < 30 ? "easy" : value <= 45 ? "medium" : "hard";
}
