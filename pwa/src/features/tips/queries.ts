import type { ReadonlySignal } from "@preact/signals";
import type { Tip } from "../../api/wire";
import { tipRows } from "../../sync/mirror";

export type { Places, Tip } from "../../api/wire";
export { loadTips, places } from "./actions";

/** The public list as this phone last read it. */
export const tips: ReadonlySignal<Tip[]> = tipRows;
