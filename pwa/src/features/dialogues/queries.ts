import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { ActionKind, AnnounceDialogue, AnswerQuestion, AskedQuestion, AskQuestion, ChangeDialogue, Dialogue, FilmDialogue, QuestionState, TakeQuestionBack } from "../../api/wire";
import { outbox } from "../../sync/mirror";
import { forgetWithOwner } from "../../sync/owner";
import { paged, type Paged } from "../../sync/paged";
import { actionsOf } from "../../sync/waiting";
import { keepRoom, keptDialogues, keptRoom, keptVotes, readBox, readDialogue, readDialogues, readEvents, readMine, readMore, readPolls, readRoom, setVote, streamOf } from "./actions";
import { follow } from "./follow";
import { aheadBy, markNow } from "./marks";
import { withPoll, withQuestion, type Order, type Room } from "./room";

export type { AskedQuestion, Dialogue, DialogueFigures, DialogueFilm, DialogueState, IdeaHiding, Poll, QuestionState, Seat } from "../../api/wire";
export type { Order, Room } from "./room";

/** What was read without a network, until the server is heard. */
export const before = signal<Dialogue[]>([]);
export const dialogues = paged<Dialogue>(readDialogues);

export async function loadDialogues(): Promise<void> {
  before.value = await keptDialogues();
  await dialogues.load();
}

/** The room on the screen. */
export const room = signal<Room | null>(null);
export const order = signal<Order>("votes");
export const viewers = signal<number | null>(null);
/** Null: as it is now, or being read. Else when it was so, for it may be otherwise by now. */
export const asOf = signal<number | null>(null);
/** Nothing of it could be read; `undefined`: it is being read. */
export const trouble = signal<unknown>(undefined);
/** False when there is none. */
export const isThere = signal(true);
/** The questions that this phone votes for. */
export const votes = signal<string[]>([]);

let ahead: number | null = null;
/** The mark that an answer has which begins now. */
export const markHere = ({ opened_at }: Dialogue): number => markNow(opened_at, Date.now() - (ahead ?? 0));

class Gone extends Error {}

const idOf = (at: Room | null): string | undefined => at?.dialogue.dialogue_id;

/** Follows a room as long as it is looked at. */
export function enter(dialogue_id: string): { leave: () => void; again: () => void } {
  let left = false;
  let following: ReturnType<typeof follow> | null = null;
  let heardAt: number | null = null;
  if (idOf(room.peek()) !== dialogue_id) [room.value, viewers.value] = [null, null];
  [isThere.value, trouble.value, asOf.value] = [true, undefined, null];
  const read = async (): Promise<Room> => {
    const now = await readRoom(dialogue_id, order.peek(), room.peek()?.questions.length ?? 0);
    if (!now) throw new Gone();
    return now;
  };
  const put = (now: Room) => {
    if (left) return;
    const over = now.dialogue.state === "archived";
    heardAt = Date.now();
    [room.value, trouble.value] = [now, null];
    // What is over tells nothing more.
    if (over) following?.stop();
  };
  const live = () => {
    const now = room.peek();
    if (left || !now) return;
    asOf.value = null;
    void keepRoom(now).catch(() => undefined);
  };
  const failed = (error: unknown) => {
    if (left) return;
    if (error instanceof Gone) [isThere.value, room.value] = [false, null];
    else [trouble.value, asOf.value] = [error, asOf.peek() ?? heardAt];
  };
  const start = async () => {
    try {
      votes.value = await keptVotes();
      const kept = await keptRoom(dialogue_id);
      heardAt = kept?.at ?? null;
      // What was told before a look at another page stands, until it is known better.
      if (kept && !left && !room.peek()) room.value = { ...kept, pos: 0 };
      put(await read());
      live();
    } catch (error) {
      failed(error);
      if (error instanceof Gone) return;
    }
    if (left || room.peek()?.dialogue.state === "archived") return;
    following?.stop();
    following = follow({
      open: () => new EventSource(streamOf(dialogue_id)),
      read,
      page: (n) => readEvents(dialogue_id, n),
      room: () => (idOf(room.peek()) === dialogue_id ? room.peek() : null),
      put,
      viewers: (count) => (viewers.value = count),
      happened: (at) => (ahead = aheadBy(ahead, at, Date.now())),
      live,
      failed,
      random: Math.random,
      after: (ms, then) => {
        const timer = setTimeout(then, ms);
        return () => clearTimeout(timer);
      },
    });
  };
  void start();
  return {
    leave: () => {
      const now = room.peek();
      if (now && idOf(now) === dialogue_id && trouble.peek() === null) void keepRoom(now).catch(() => undefined);
      left = true;
      following?.stop();
    },
    again: () => void (following ? following.again().then(live, failed) : start()),
  };
}

/** The dialogue itself and its polls as they are now: whoever runs it acts upon what a colleague has just done. */
export async function lookAgain(dialogue_id: string): Promise<void> {
  const [dialogue, polls] = await Promise.all([readDialogue(dialogue_id), readPolls(dialogue_id)]);
  const now = room.peek();
  if (dialogue && now && idOf(now) === dialogue_id) room.value = { ...now, dialogue: dialogue.revision >= now.dialogue.revision ? dialogue : now.dialogue, polls: polls.reduce(withPoll, now.polls) };
}

/** More of the list, or the list in another order. */
export async function more(): Promise<void> {
  const at = room.peek();
  const dialogue_id = idOf(at);
  if (!at || dialogue_id === undefined || at.next === undefined) return;
  const page = await readMore(dialogue_id, order.peek(), at.next);
  const now = room.peek();
  if (idOf(now) === dialogue_id && now) room.value = { ...now, questions: page.items.reduce(withQuestion, now.questions), next: page.next };
}

export async function reorder(to: Order): Promise<void> {
  order.value = to;
  const at = room.peek();
  const dialogue_id = idOf(at);
  // All of it stands here already.
  if (!at || dialogue_id === undefined || at.next === undefined) return;
  const now = await readRoom(dialogue_id, to, at.questions.length);
  if (now && idOf(room.peek()) === dialogue_id && order.peek() === to) room.value = now;
}

/** Says whether it was counted before. */
export async function vote(question_id: string, on: boolean): Promise<"counted" | "already"> {
  const answer = await setVote(question_id, on);
  votes.value = await keptVotes();
  const now = room.peek();
  const { question } = answer ?? {};
  if (now && question) room.value = { ...now, questions: now.questions.map((one) => (one.question_id === question_id ? { ...one, votes: question.votes } : one)) };
  return question === null ? "already" : "counted";
}

const perRoom = <Key extends string>(read: (dialogue_id: string, key: Key, next?: string) => Promise<{ items: AskedQuestion[]; next?: string }>) => {
  const known = new Map<string, Paged<AskedQuestion>>();
  return {
    of(dialogue_id: string, key: Key): Paged<AskedQuestion> {
      const place = `${dialogue_id}/${key}`;
      let list = known.get(place);
      if (!list) known.set(place, (list = paged((next) => read(dialogue_id, key, next))));
      return list;
    },
    clear: () => known.forEach((list) => list.clear()),
  };
};
const own = perRoom<"mine">((dialogue_id, _, next) => readMine(dialogue_id, next));
const boxes = perRoom<QuestionState>(readBox);
export const mineOf = (dialogue_id: string): Paged<AskedQuestion> => own.of(dialogue_id, "mine");
export const box = boxes.of;

forgetWithOwner(() => {
  votes.value = [];
  own.clear();
  boxes.clear();
});

/** What was asked or taken back on this phone and is not with the server yet, or was refused. */
export const asking = actionsOf<AskQuestion>("question-ask");
export const takings = actionsOf<TakeQuestionBack>("question-take-back");
/** What an officer wrote on this phone and is not in the list yet, or was refused. */
export const announcing = actionsOf<AnnounceDialogue>("dialogue-announce");
export const changing = actionsOf<ChangeDialogue>("dialogue-change");
export const filming = actionsOf<FilmDialogue>("dialogue-film");

const ACTS: readonly ActionKind[] = ["question-show", "question-hide", "question-merge", "question-assign", "question-answer", "question-mute"];

export interface Decision {
  action_id: string;
  kind: ActionKind;
  refused: boolean;
  problem_kind: string | undefined;
  body: { question_id: string } & Partial<AnswerQuestion>;
}

/** What an officer decided on this phone and the lists do not show yet, or was refused. */
export const decisions: ReadonlySignal<Decision[]> = computed(() =>
  outbox.value
    .filter((row) => ACTS.includes(row.kind))
    .map((row) => ({ action_id: row.action_id, kind: row.kind, refused: row.state === "attention", problem_kind: row.problem_kind, body: JSON.parse(row.body) as Decision["body"] })),
);

/** What is done with a room and is not with the server yet. */
export const isGoing = (dialogue_id: string): boolean => outbox.value.some((row) => row.lane === `dialogue:${dialogue_id}` && row.state !== "attention");
