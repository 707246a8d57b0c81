import type { AskedQuestion, Dialogue, Poll, PublishPoll, QuestionPage } from "../../api/wire";

/** What a room tells whoever follows it: one of these things as it is now, or a question that is shown no more. */
export interface DialogueEvent {
  pos: number;
  at: string;
  dialogue?: Dialogue;
  question?: AskedQuestion;
  gone?: string;
  poll?: Poll;
}

export interface DialogueEventPage {
  epoch: number;
  items: DialogueEvent[];
  complete: boolean;
}

/** Where the stream begins. */
export interface Here {
  epoch: number;
  pos: number;
  viewers: number;
}

export interface Votes {
  votes: { question_id: string; votes: number }[];
}

/** The list of a room, at least as new as the position that it names. */
export type RoomQuestions = QuestionPage & { epoch?: number; pos?: number };

export type RoomPoll = Omit<PublishPoll, "poll_id"> & { dialogue_id: string };

/** What fewer than five people did is left out, and how long it was where it never opened. */
export interface Figures {
  most_viewers: number;
  asked: number;
  shown: number;
  answered_by_mark: number;
  answered_in_writing: number;
  merged: number;
  not_shown: number;
  votes: number;
  talks?: number;
  muted?: number;
  polls: number;
  minutes?: number;
}
