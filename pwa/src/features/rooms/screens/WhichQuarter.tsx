import { useSignal, type Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { NotFetched } from "../../../app/NotFetched";
import { Loading, useTask } from "../../../design";
import { m } from "../../../i18n";
import { ownShift, quarters, type Quarter } from "../../quarters/shifts";

export const quarterWords = (list: Quarter[], id: string): string => {
  const found = list.find((one) => one.quarter_id === id);
  return found ? `${found.name}, ${found.platform}` : "";
};

/** The quarters there are: those that this officer walks first. */
export function useQuarters(): { list: Signal<Quarter[] | null>; waiting: ComponentChildren } {
  const list = useSignal<Quarter[] | null>(null);
  const { error, run } = useTask();
  const load = () =>
    void run(async () => {
      const own = ownShift.peek()?.quarters ?? [];
      list.value = (await quarters()).sort((a, b) => Number(own.includes(b.quarter_id)) - Number(own.includes(a.quarter_id)));
    });
  useEffect(load, []);
  return { list, waiting: error === null ? <Loading /> : <NotFetched error={error} again={load} /> };
}

export const WhichQuarter = ({ list, chosen }: { list: Quarter[]; chosen: Signal<string> }) => (
  <label class="field">
    {m.quarter_which()}
    <select value={chosen.value} onChange={(event) => (chosen.value = event.currentTarget.value)}>
      {list.map(({ quarter_id }) => (
        <option key={quarter_id} value={quarter_id}>
          {quarterWords(list, quarter_id)}
        </option>
      ))}
    </select>
  </label>
);
