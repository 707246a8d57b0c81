import { m } from ".";

/** Words of people as they stand; none is what the server gives for those that do not open any more. */
export const readable = (words: string | undefined): string => words || m.words_damaged();
