import { call } from "../../api/client";
import type { AnnounceDialogue, AnswerQuestion, AskedQuestion, AskQuestion, Dialogue, DialogueEvents, DialogueFigures, DialoguePage, FilmDialogue, HideQuestion, Poll, PollPage, QuestionPage, QuestionState, Seat } from "../../api/wire";
import { kindOf } from "../../i18n/Problem";
import { getKept, keep, kept, putKept } from "../../sync/core";
import { kick } from "../../sync/engine";
import { uuidV4, uuidV7 } from "../../sync/ids";
import { pageCore, pageLocale, refresh } from "../../sync/mirror";
import { dropRefused, enqueue, selfOrNew, type NewAction } from "../../sync/outbox";
import type { KeptRoom } from "../../sync/rows";
import { api, reach } from "../../sync/session";
import { chooseAgain } from "../files/chosen";
import type { Order, Room } from "./room";
import type { RoomPoll } from "./wire";

const PATH = "/api/v1/dialogues";
/** So many rooms stand without a network. */
const ROOMS = 3;
const after = (next: string | undefined, sign = "&"): string => (next === undefined ? "" : `${sign}next=${encodeURIComponent(next)}`);

/** A public answer, read without saying who asks. */
async function open<T>(path: string): Promise<T> {
  const core = await pageCore();
  return reach(core, () => call<T>(core.fetch, path));
}

/** The public list as this phone read it last; it stands without a network. */
export const keptDialogues = async (): Promise<Dialogue[]> => (await kept(await pageCore(), "dialogues")) ?? [];

export async function readDialogues(next?: string): Promise<DialoguePage> {
  const page = await open<DialoguePage>(`${PATH}?limit=30${after(next)}`);
  if (next === undefined) await keep(await pageCore(), "dialogues", page.items);
  return page;
}

/** Nothing of what is not there. */
async function orNone<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (kindOf(error) !== "not-found" && kindOf(error) !== "malformed") throw error;
    return null;
  }
}

/** One as it stands now; nothing when there is none. */
export const readDialogue = (dialogue_id: string): Promise<Dialogue | null> => orNone(open<Dialogue>(`${PATH}/${dialogue_id}`));

const readQuestions = (dialogue_id: string, order: Order, next?: string): Promise<QuestionPage> => open(`${PATH}/${dialogue_id}/questions?order=${order}${after(next)}`);

/** None where there is no such room. */
export const readPolls = async (dialogue_id: string): Promise<Poll[]> => (await orNone(open<PollPage>(`${PATH}/${dialogue_id}/polls`)))?.items ?? [];

/** The whole room, with as many questions as stood here; nothing when there is none. */
export async function readRoom(dialogue_id: string, order: Order, least: number): Promise<Room | null> {
  // The room after its list would be older than what the list is said to be as new as.
  const page = await orNone(readQuestions(dialogue_id, order));
  if (!page) return null;
  const [dialogue, polls] = await Promise.all([readDialogue(dialogue_id), readPolls(dialogue_id)]);
  if (!dialogue) return null;
  let { items, next } = page;
  // An archive is read, and printed, whole.
  while (next !== undefined && (items.length < least || dialogue.state === "archived")) {
    const more = await readQuestions(dialogue_id, order, next);
    [items, next] = [[...items, ...more.items], more.next];
  }
  return { dialogue, questions: items, polls, epoch: page.epoch, pos: page.pos ?? 0, next };
}

export const readMore = readQuestions;
export const readEvents = (dialogue_id: string, page: number): Promise<DialogueEvents> => open(`${PATH}/${dialogue_id}/events?page=${page}`);
export const streamOf = (dialogue_id: string): string => `${PATH}/${dialogue_id}/stream`;

export const keptRoom = async (dialogue_id: string): Promise<KeptRoom | undefined> =>
  ((await kept(await pageCore(), "dialogue_rooms")) ?? []).find(({ dialogue }) => dialogue.dialogue_id === dialogue_id);

export async function keepRoom({ dialogue, questions, polls }: Room): Promise<void> {
  const core = await pageCore();
  await core.db.write(["kept"], async (tx) => {
    const others = ((await getKept(tx, "dialogue_rooms")) ?? []).filter((one) => one.dialogue.dialogue_id !== dialogue.dialogue_id);
    await putKept(tx, "dialogue_rooms", [{ dialogue, questions, polls, at: core.now() }, ...others].slice(0, ROOMS));
  });
}

/** A youth's own, as the server knows them. */
export const readMine = async (dialogue_id: string, next?: string): Promise<QuestionPage> => api(await pageCore(), `${PATH}/${dialogue_id}/questions/mine?limit=30${after(next)}`);

/** Those of one state, as officers see them; of what waits the most urgent first. */
export const readBox = async (dialogue_id: string, state: QuestionState, next?: string): Promise<QuestionPage> =>
  api(await pageCore(), `${PATH}/${dialogue_id}/questions/box?state=${state}&limit=50${after(next)}`);

export const readFigures = async (dialogue_id: string): Promise<DialogueFigures> => api(await pageCore(), `${PATH}/${dialogue_id}/figures`);

export async function keptVotes(): Promise<string[]> {
  const core = await pageCore();
  const [self, votes] = [await kept(core, "self"), await kept(core, "question_votes")];
  return votes && votes.account_id === self?.account_id ? votes.ids : [];
}

/**
 * Needs a network, and waits in no queue. Whoever is nobody yet has an account from now on, as with the first words. Gives the question
 * as it is now, `null` for a vote that was counted before; nothing when the one who voted has left meanwhile.
 */
export async function setVote(question_id: string, on: boolean): Promise<{ question: AskedQuestion | null } | undefined> {
  const core = await pageCore();
  const { account_id } = await core.db.write(["kept"], (tx) => selfOrNew(core, tx, pageLocale()));
  const question = await api<AskedQuestion>(core, `${PATH}/questions/${question_id}/vote`, { method: on ? "POST" : "DELETE" }).catch((problem: unknown) => {
    if (kindOf(problem) !== "voted-already") throw problem;
    return null;
  });
  const there = await core.db.write(["kept"], async (tx) => {
    if ((await getKept(tx, "self"))?.account_id !== account_id) return false;
    const before = await getKept(tx, "question_votes");
    const others = before?.account_id === account_id ? before.ids.filter((id) => id !== question_id) : [];
    await putKept(tx, "question_votes", { account_id, ids: question?.voted === false ? others : [...others, question_id] });
    return true;
  });
  await refresh();
  return there ? { question } : undefined;
}

export const rulesAccepted = async (): Promise<boolean> => (await kept(await pageCore(), "house_rules")) ?? false;
export const acceptRules = async (): Promise<void> => keep(await pageCore(), "house_rules", true);

/** Whether this phone is told before it begins; nothing where nobody can be. */
export const readReminder = async (dialogue_id: string): Promise<boolean | null> =>
  (await orNone(api<{ reminds: boolean }>(await pageCore(), `${PATH}/${dialogue_id}/reminder`)))?.reminds ?? null;

export const setReminder = async (dialogue_id: string, on: boolean): Promise<void> => api(await pageCore(), `${PATH}/${dialogue_id}/reminder`, { method: on ? "PUT" : "DELETE" });

/** Resolves once it is safe on this device. */
async function put(action: NewAction): Promise<void> {
  await enqueue(await pageCore(), pageLocale(), action);
  await refresh();
  void kick("write");
}

const ofQuestion = (question_id: string, kind: NewAction["kind"], body: object = {}): Promise<void> => put({ kind, lane: `question:${question_id}`, body: { question_id, ...body } });
const ofRoom = ({ dialogue_id, revision }: Dialogue, kind: NewAction["kind"], body: object = {}): Promise<void> =>
  put({ kind, lane: `dialogue:${dialogue_id}`, body: { dialogue_id, expected_revision: revision, ...body } });
const newId = async (): Promise<string> => {
  const core = await pageCore();
  return uuidV7(core.fill, core.now());
};

export async function ask(dialogue_id: string, text: string): Promise<void> {
  const said: Omit<AskQuestion, "question_id"> = { dialogue_id, text, accepts_rules: true };
  // All see its id: one that is made of chance alone says nothing of the phone's clock.
  await ofQuestion(uuidV4((await pageCore()).fill), "question-ask", said);
}

export const takeBack = (question_id: string): Promise<void> => ofQuestion(question_id, "question-take-back");

type Said<Form> = Omit<Form, "question_id" | "expected_revision">;
type Asked = Pick<AskedQuestion, "question_id" | "revision">;
const seen = ({ revision }: Asked) => ({ expected_revision: revision });

export const showQuestion = (one: Asked): Promise<void> => ofQuestion(one.question_id, "question-show", seen(one));
export const hideQuestion = (one: Asked, why: Said<HideQuestion>): Promise<void> => ofQuestion(one.question_id, "question-hide", { ...seen(one), ...why });
export const mergeQuestion = (one: Asked, into: string): Promise<void> => ofQuestion(one.question_id, "question-merge", { ...seen(one), into });
export const assignQuestion = (one: Asked, seat?: Seat): Promise<void> => ofQuestion(one.question_id, "question-assign", { ...seen(one), ...(seat ? { seat } : {}) });
export const answerQuestion = (one: Asked, answer: Said<AnswerQuestion>): Promise<void> => ofQuestion(one.question_id, "question-answer", { ...seen(one), ...answer });
export const muteAsker = (one: Asked): Promise<void> => ofQuestion(one.question_id, "question-mute", seen(one));

export type Announced = Omit<AnnounceDialogue, "dialogue_id">;
export async function announce(said: Announced): Promise<void> {
  const dialogue_id = await newId();
  await put({ kind: "dialogue-announce", lane: `dialogue:${dialogue_id}`, body: { dialogue_id, ...said } });
}

export const change = (dialogue: Dialogue, said: Announced): Promise<void> => ofRoom(dialogue, "dialogue-change", said);
export const openRoom = (dialogue: Dialogue): Promise<void> => ofRoom(dialogue, "dialogue-open");
export const endRoom = (dialogue: Dialogue): Promise<void> => ofRoom(dialogue, "dialogue-end");
export const archiveRoom = (dialogue: Dialogue): Promise<void> => ofRoom(dialogue, "dialogue-archive");
export const sit = (dialogue: Dialogue, seat: Seat, takes: boolean): Promise<void> => ofRoom(dialogue, "dialogue-seat", { seat, takes });
export const pin = (dialogue: Dialogue, question_id?: string): Promise<void> => ofRoom(dialogue, "dialogue-pin", question_id === undefined ? {} : { question_id });
export const slow = (dialogue: Dialogue, slow_seconds: number): Promise<void> => ofRoom(dialogue, "dialogue-slow", { slow_seconds });
export type Filmed = Omit<FilmDialogue, "dialogue_id" | "expected_revision">;
export const setFilm = (dialogue: Dialogue, film: Filmed): Promise<void> => ofRoom(dialogue, "dialogue-film", film);

/** Takes away what was refused; its film is chosen again. */
export async function dropFilm(action_id: string, { dialogue_id, film }: FilmDialogue): Promise<void> {
  await chooseAgain(await pageCore(), film ? [film.file_id] : [], { dialogue_id });
  await drop(action_id);
}

/** Opens at once, and closes with the room if nobody closes it before. */
export async function askAll(poll: RoomPoll): Promise<void> {
  await put({ kind: "poll-publish", lane: "polls", body: { poll_id: await newId(), ...poll } });
}

/** Takes away what was refused; its words are in a form again, or were seen. */
export async function drop(action_id: string): Promise<void> {
  await dropRefused(await pageCore(), action_id);
  await refresh();
}
