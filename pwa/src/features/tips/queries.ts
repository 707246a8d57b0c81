import { computed, type ReadonlySignal } from "@preact/signals";
import type { PlannedTip, PublishTip, RecallTip, Tip } from "../../api/wire";
import { now } from "../../i18n/time";
import { tipRows } from "../../sync/mirror";
import { paged } from "../../sync/paged";
import { actionsOf } from "../../sync/waiting";
import { readPlanned } from "./actions";
import { shown } from "./read";

export type { AgeBand, Audience, Locale, PhoneCount, Places, PlannedTip, PublishTip, SendingSums, Tip, TipState, Topic } from "../../api/wire";
export { loadTip, loadTips, places } from "./actions";

/** The public list as this phone last read it. */
export const tips: ReadonlySignal<Tip[]> = computed(() => shown(tipRows.value, now.value));

/** What was written or taken back on this phone and is not in the lists yet, or was refused. */
export const publishing = actionsOf<PublishTip>("tip-publish");
export const recalls = actionsOf<RecallTip>("tip-recall");

/** The officers' list. */
export const { list: planned, load: loadPlanned, more: loadMorePlanned } = paged<PlannedTip>(readPlanned);

/** Reads on until this one is there; nothing when it is none of them. */
export async function loadPlannedTip(tip_id: string): Promise<PlannedTip | null> {
  const found = () => planned.peek()?.items.find(({ tip }) => tip.tip_id === tip_id);
  await loadPlanned();
  while (!found() && planned.peek()?.next !== undefined) await loadMorePlanned();
  return found() ?? null;
}
