import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useTask } from "../../../design";
import { online } from "../../../sync/state";
import { places, type Places } from "../queries";

export type County = Places["counties"][number];

/** The municipalities, once they are here. */
export function useCounties(wanted = true): { counties: County[] | null; failed: boolean; again: () => void } {
  const counties = useSignal<County[] | null>(null);
  const { error, run } = useTask();
  const again = () => void run(async () => (counties.value = (await places()).counties));
  useEffect(() => {
    if (wanted && !counties.peek()) again();
  }, [wanted, online.value]);
  return { counties: counties.value, failed: error !== null, again };
}

/** Its four digits until the list is here. */
export const nameIn = (counties: County[] | null, code: string): string =>
  counties?.flatMap((county) => county.municipalities).find((place) => place.code === code)?.name ?? code;
