import { m } from ".";

/** Words of people as they stand; none is what the server gives for those that do not open any more. */
export const readable = (words: string | undefined): string => words || m.words_damaged();

interface Said {
  head: number;
  last_text: string;
  last_files?: number;
}

/** Somebody came in by an invite, and nobody has written yet. */
export const nothingSaid = (talk: Said): boolean => talk.head === 0 && !talk.last_text;

/** The last words of a talk, as a list shows them. */
export const lastWords = (talk: Said): string => (nothingSaid(talk) ? m.talk_empty() : talk.last_text || !talk.last_files ? readable(talk.last_text) : m.words_picture());
