import type { Tip } from "../../api/wire";

/** A tip that an older version of the app read last. */
type Old = Tip & { municipality?: string };

/** The tips of this phone's own copy that are still to be shown. */
export const shown = (tips: Tip[], now: number): Tip[] =>
  tips
    .map((tip: Old) => ({ ...tip, municipalities: tip.municipalities ?? (tip.municipality ? [tip.municipality] : []) }))
    .filter((tip) => tip.expires_at === undefined || Date.parse(tip.expires_at) > now);

/** One that is for no municipality is for all of them. */
export const isFor = ({ municipalities }: Pick<Tip, "municipalities">, code: string): boolean =>
  code === "" || municipalities.length === 0 || municipalities.includes(code);

/** The newer of what stands here and what came takes its place; one that is new comes first. */
export const withTip = (tips: Tip[], tip: Tip): Tip[] =>
  tips.some((one) => one.tip_id === tip.tip_id) ? tips.map((one) => (one.tip_id === tip.tip_id ? tip : one)) : [tip, ...tips];
