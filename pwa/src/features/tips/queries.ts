import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { PlannedTip, PublishTip, RecallTip, Tip } from "../../api/wire";
import { now } from "../../i18n/time";
import { outbox, tipRows } from "../../sync/mirror";
import { readPlanned } from "./actions";
import { shown } from "./read";

export type { AgeBand, Audience, Locale, PhoneCount, Places, PlannedTip, PublishTip, SendingSums, Tip, TipState, Topic } from "../../api/wire";
export { loadTip, loadTips, places } from "./actions";

/** The public list as this phone last read it. */
export const tips: ReadonlySignal<Tip[]> = computed(() => shown(tipRows.value, now.value));

interface Waiting<Body> {
  action_id: string;
  recorded_at: string;
  refused: boolean;
  problem_kind: string | undefined;
  body: Body;
}

const actionsOf = <Body>(kind: "tip-publish" | "tip-recall") =>
  computed((): Waiting<Body>[] =>
    outbox.value
      .filter((row) => row.kind === kind)
      .map((row) => ({ action_id: row.action_id, recorded_at: row.recorded_at, refused: row.state === "attention", problem_kind: row.problem_kind, body: JSON.parse(row.body) as Body })),
  );

/** What was written or taken back on this phone and is not in the lists yet, or was refused. */
export const publishing = actionsOf<PublishTip>("tip-publish");
export const recalls = actionsOf<RecallTip>("tip-recall");

interface Planned {
  items: PlannedTip[];
  next: string | undefined;
}

/** The officers' list as far as it was read. It is fetched anew whenever the patrol is told of a change, and stands meanwhile. */
export const planned = signal<Planned | null>(null);

let asked = 0;

/** From the top, as many as stood here. */
export async function loadPlanned(): Promise<void> {
  const turn = ++asked;
  const before = planned.peek()?.items.length ?? 0;
  let { items, next } = await readPlanned();
  while (next !== undefined && items.length < before) {
    const page = await readPlanned(next);
    [items, next] = [[...items, ...page.items], page.next];
  }
  // An older question that is answered later tells nothing new.
  if (turn === asked) planned.value = { items, next };
}

export async function loadMorePlanned(): Promise<void> {
  const before = planned.peek();
  if (before?.next === undefined) return;
  const turn = ++asked;
  const page = await readPlanned(before.next);
  if (turn === asked) planned.value = { items: [...before.items, ...page.items], next: page.next };
}

/** Reads on until this one is there; nothing when it is none of them. */
export async function loadPlannedTip(tip_id: string): Promise<PlannedTip | null> {
  const found = () => planned.peek()?.items.find(({ tip }) => tip.tip_id === tip_id);
  await loadPlanned();
  while (!found() && planned.peek()?.next !== undefined) await loadMorePlanned();
  return found() ?? null;
}
