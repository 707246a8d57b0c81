import type { SendingSums } from "../../../api/wire";
import { m } from "../../../i18n";

/** Never of so few that one could be told apart. */
export function sumWords({ state, told, not_reached }: SendingSums): string[] {
  if (state === "too-few") return [m.sums_too_few({ least: told.least })];
  if (state === "waiting") return [m.sums_waiting()];
  return [
    ...(state === "sending" ? [m.sums_sending()] : state === "stopped" ? [m.sums_stopped()] : []),
    told.phones === undefined ? m.sums_told_few({ least: told.least }) : m.sums_told({ count: told.phones }),
    ...(not_reached.phones === undefined ? [] : [m.sums_lost({ count: not_reached.phones })]),
  ];
}

/** How many have had a tip, as far as it is known. */
export function toldWords(sums: SendingSums[] | null): string {
  if (sums === null) return m.recall_told_unknown();
  const own = sums.find(({ kind }) => kind === "tip");
  if (!own || own.state === "waiting" || own.state === "too-few") return m.recall_told_none();
  return own.told.phones === undefined ? m.recall_told_few({ least: own.told.least }) : m.recall_told({ count: own.told.phones });
}
