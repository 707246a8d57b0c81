import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Unreached } from "../../../api/problem";
import { m } from "../../../i18n";
import { online } from "../../../sync/state";
import { countPhones } from "../actions";
import { isNarrowed } from "../draft";
import type { Audience, PhoneCount } from "../queries";

/** After the last change, so that not each press asks. */
const REST_MS = 600;

/** How many phones it would wake, asked a moment after the last change. */
export function Reach({ audience }: { audience: Audience | null }) {
  const found = useSignal<{ of: string; count: PhoneCount | null; unreached: boolean } | null>(null);
  const of = audience && JSON.stringify(audience);
  const there = online.value;
  useEffect(() => {
    if (of === null || !there) return;
    let over = false;
    const asking = setTimeout(() => {
      countPhones(JSON.parse(of) as Audience).then(
        (count) => over || (found.value = { of, count, unreached: false }),
        (error: unknown) => over || (found.value = { of, count: null, unreached: error instanceof Unreached }),
      );
    }, REST_MS);
    return () => {
      over = true;
      clearTimeout(asking);
    };
  }, [of, there]);

  const now = found.value?.of === of ? found.value : null;
  const few = now?.count !== undefined && now.count !== null && now.count.phones === undefined;
  const narrow = few && audience !== null && isNarrowed(audience);
  return (
    <p class={narrow ? "notice care" : "notice"} role="status">
      {words()}
    </p>
  );

  function words(): string {
    if (audience === null) return m.tip_reach_topic();
    if (!there || now?.unreached) return m.tip_reach_offline();
    if (now === null) return m.tip_reach_counting();
    if (now.count === null) return m.tip_reach_unknown();
    if (now.count.phones !== undefined) return m.tip_reach({ count: now.count.phones });
    return narrow ? m.tip_reach_few({ least: now.count.least }) : m.tip_reach_few_all({ least: now.count.least });
  }
}
