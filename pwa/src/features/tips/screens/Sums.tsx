import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { NotFetched } from "../../../app/NotFetched";
import { Loading, useTask } from "../../../design";
import { m } from "../../../i18n";
import { readSums } from "../actions";
import type { SendingSums } from "../queries";
import { sumWords } from "./sumWords";

/** What became of the sendings of a tip, as it is read here. `what`: whenever this changes it is read anew. */
export function useSums(tip_id: string, what: unknown): { sums: SendingSums[] | null; error: unknown; again: () => void } {
  const sums = useSignal<SendingSums[] | null>(null);
  const { error, run } = useTask();
  const again = () => void run(async () => (sums.value = await readSums(tip_id)));
  useEffect(again, [tip_id, what]);
  return { sums: sums.value, error, again };
}

export function Sums({ tip_id, what }: { tip_id: string; what: unknown }) {
  const { sums, error, again } = useSums(tip_id, what);
  if (sums === null) return error === null ? <Loading /> : <NotFetched error={error} again={again} />;
  if (sums.length === 0) return <p class="small">{m.sums_waiting()}</p>;
  return (
    <dl class="facts">
      {sums.map((one) => (
        <div key={one.kind}>
          <dt>{one.kind === "tip" ? m.sums_tip() : m.sums_correction()}</dt>
          <dd>{sumWords(one).join(" ")}</dd>
        </div>
      ))}
    </dl>
  );
}
