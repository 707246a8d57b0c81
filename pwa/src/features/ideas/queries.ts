import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { ActionKind, AnswerIdea, Idea, IdeaState, SendIdea, TakeIdeaBack } from "../../api/wire";
import { outbox } from "../../sync/mirror";
import { forgetWithOwner } from "../../sync/owner";
import { paged, type Paged } from "../../sync/paged";
import { actionsOf } from "../../sync/waiting";
import { keptIdeas, keptSupports, readBox, readMine, readPublic, setSupport, type Order } from "./actions";

export type { Idea, IdeaHiding, IdeaKind, IdeaOutcome, IdeaState } from "../../api/wire";
export type { Order } from "./actions";

/** What was read without a network, until the server is heard. */
export const before = signal<{ shown: Idea[]; answered: Idea[] }>({ shown: [], answered: [] });
/** The ideas that this phone supports. */
export const supports = signal<string[]>([]);
/** Support that was given or taken while the lists stood. */
const counted = signal<Record<string, number>>({});

export const order = signal<Order>("support");
const shownBy: Record<Order, Paged<Idea>> = {
  newest: paged((next) => readPublic(false, "newest", next)),
  support: paged((next) => readPublic(false, "support", next)),
};
export const shown: ReadonlySignal<Paged<Idea>> = computed(() => shownBy[order.value]);
export const answered = paged<Idea>((next) => readPublic(true, "newest", next));
export const mine = paged<Idea>(readMine);

/** What the phone has itself comes first. */
async function open(): Promise<void> {
  supports.value = await keptSupports();
  before.value = await keptIdeas();
}

/** Reads a public list; what was counted before it was asked for is in it. */
export async function load(of: Paged<Idea>): Promise<void> {
  await open();
  const known = counted.peek();
  await of.load();
  const listed = new Set(of.list.peek()?.items.map(({ idea_id }) => idea_id));
  counted.value = Object.fromEntries(Object.entries(counted.peek()).filter(([id, count]) => !listed.has(id) || known[id] !== count));
}

export const supportOf = ({ idea_id, support }: Idea): number => counted.value[idea_id] ?? support;

export async function support(idea_id: string, on: boolean): Promise<void> {
  const idea = await setSupport(idea_id, on);
  if (!idea) return;
  counted.value = { ...counted.peek(), [idea_id]: idea.support };
  supports.value = await keptSupports();
}

/** What was written or taken back on this phone and is not with the server yet, or was refused. */
export const sending = actionsOf<SendIdea>("idea-send");
export const takings = actionsOf<TakeIdeaBack>("idea-take-back");

const boxes = new Map<IdeaState, Paged<Idea>>();
export function box(state: IdeaState): Paged<Idea> {
  let known = boxes.get(state);
  if (!known) boxes.set(state, (known = paged((next) => readBox(state, next))));
  return known;
}

forgetWithOwner(() => {
  supports.value = [];
  counted.value = {};
  for (const list of [mine, ...boxes.values()]) list.clear();
});

const DECISIONS: readonly ActionKind[] = ["idea-show", "idea-hide", "idea-merge", "idea-answer", "idea-open-talk"];

export interface Decision {
  action_id: string;
  kind: ActionKind;
  refused: boolean;
  problem_kind: string | undefined;
  body: { idea_id: string } & Partial<AnswerIdea>;
}

/** What an officer decided on this phone and the list does not show yet, or was refused. */
export const decisions: ReadonlySignal<Decision[]> = computed(() =>
  outbox.value
    .filter((row) => DECISIONS.includes(row.kind))
    .map((row) => ({ action_id: row.action_id, kind: row.kind, refused: row.state === "attention", problem_kind: row.problem_kind, body: JSON.parse(row.body) as Decision["body"] })),
);
