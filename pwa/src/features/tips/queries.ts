import { computed, type ReadonlySignal } from "@preact/signals";
import type { PublishTip, Tip } from "../../api/wire";
import { attention } from "../../sync/state";
import { tipRows } from "../../sync/mirror";

export type { Places, Tip } from "../../api/wire";
export { loadTips, places } from "./actions";

/** The public list as this phone last read it. */
export const tips: ReadonlySignal<Tip[]> = tipRows;

export type RefusedTip = PublishTip;

/** Tips that the server said no to, with their words. */
export const refusedTips = computed(() =>
  attention.value
    .filter((row) => row.kind === "tip-publish")
    .map((row) => ({ action_id: row.action_id, problem_kind: row.problem_kind, tip: JSON.parse(row.body) as RefusedTip })),
);
