import type { AskedQuestion, Dialogue, DialogueEvent, Poll } from "../../api/wire";
import type { Votes } from "./wire";

/** A room as this phone knows it. */
export interface Room {
  dialogue: Dialogue;
  questions: AskedQuestion[];
  polls: Poll[];
  /** How far what it tells has been heard; no epoch: nothing of it yet. */
  epoch?: number | undefined;
  pos: number;
  /** Asks for more of the list. */
  next?: string | undefined;
}

/** So many positions stand on one page of events. */
const PAGE = 100;

/** The pages that hold what stands behind `from`, up to `to`. */
export function pagesBetween(from: number, to: number): number[] {
  const first = Math.floor(from / PAGE);
  return to <= from ? [] : Array.from({ length: Math.floor((to - 1) / PAGE) - first + 1 }, (_, i) => first + i);
}

/** One thing in its place: a newer one that stands here stays. */
function placed<Thing extends { revision: number }>(things: Thing[], thing: Thing, idOf: (thing: Thing) => string): Thing[] {
  const known = things.find((one) => idOf(one) === idOf(thing));
  if (!known) return [...things, thing];
  return known.revision > thing.revision ? things : things.map((one) => (one === known ? { ...known, ...thing } : one));
}

const questionId = ({ question_id }: AskedQuestion): string => question_id;

/** A question as it came. What was answered or changed keeps nothing of before; its votes are the newest either way. */
export const withQuestion = (questions: AskedQuestion[], question: AskedQuestion): AskedQuestion[] => placed(questions, question, questionId);

/** Whether a poll of a room that goes on takes votes. What the room tells has opened, and is closed once it has counts, whatever this phone's clock says. */
export const takesVotes = (poll: Poll, now: number): boolean => poll.voters === undefined && Date.parse(poll.closes_at) > now;

export const withPoll = (polls: Poll[], poll: Poll): Poll[] => placed(polls, poll, ({ poll_id }) => poll_id);

/** What a room tells. What was heard before changes nothing. */
export function heard(room: Room, event: DialogueEvent): Room {
  if (event.pos <= room.pos) return room;
  const { dialogue, question, gone, poll } = event;
  return {
    ...room,
    pos: event.pos,
    dialogue: dialogue && dialogue.revision >= room.dialogue.revision ? dialogue : room.dialogue,
    questions: question ? withQuestion(room.questions, question) : gone === undefined ? room.questions : room.questions.filter((one) => one.question_id !== gone),
    polls: poll ? withPoll(room.polls, poll) : room.polls,
  };
}

/** Counts that have changed; a question that does not stand here is nobody's to see. */
export function counted(room: Room, { votes }: Votes): Room {
  const now = new Map(votes.map((one) => [one.question_id, one.votes]));
  return { ...room, questions: room.questions.map((one) => ({ ...one, votes: now.get(one.question_id) ?? one.votes })) };
}

/** A list that was read anew, with what was told behind it: that may have come before the answer. */
export function readAnew(read: Room, told: DialogueEvent[]): Room {
  return told.filter(({ pos }) => pos > read.pos).reduce(heard, read);
}

export type Order = "votes" | "newest";

/** The most votes first, or what was shown last. */
export function ordered(questions: AskedQuestion[], order: Order): AskedQuestion[] {
  const newest = (a: AskedQuestion, b: AskedQuestion) => (b.shown_at ?? "").localeCompare(a.shown_at ?? "") || b.question_id.localeCompare(a.question_id);
  return [...questions].sort((a, b) => (order === "votes" ? b.votes - a.votes : 0) || newest(a, b));
}

/** As it is read in the archive: as the film goes, and what was answered in writing after it. */
export const asAnswered = (questions: AskedQuestion[]): AskedQuestion[] =>
  [...questions].sort((a, b) => (a.mark_seconds ?? Infinity) - (b.mark_seconds ?? Infinity) || b.votes - a.votes || a.question_id.localeCompare(b.question_id));

/** A reader who is in the list keeps it as it stands: what is new waits, and what has gone goes. */
export function steady(questions: AskedQuestion[], stand: readonly string[], keeps: boolean): { shown: AskedQuestion[]; waiting: number } {
  if (!keeps) return { shown: questions, waiting: 0 };
  const known = new Map(questions.map((one) => [one.question_id, one]));
  const shown = stand.flatMap((id) => known.get(id) ?? []);
  return { shown, waiting: questions.length - shown.length };
}
