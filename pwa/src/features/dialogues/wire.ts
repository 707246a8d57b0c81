import type { PublishPoll } from "../../api/wire";

/** Where the stream begins. */
export interface Here {
  epoch: number;
  pos: number;
  viewers: number;
}

export interface Votes {
  votes: { question_id: string; votes: number }[];
}

export type RoomPoll = Omit<PublishPoll, "poll_id"> & { dialogue_id: string };
