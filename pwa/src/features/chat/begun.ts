/** What was chosen beside the words, and is none itself: the language of a reply, to whom a card goes, which it replaces. */
const CHOSEN = /\/(reply|card\/(to|replaces))$/;

/** The places where somebody has begun to write. */
export const begunIn = (words: Record<string, string>): string[] => Object.keys(words).filter((place) => words[place]?.trim() && !CHOSEN.test(place));
