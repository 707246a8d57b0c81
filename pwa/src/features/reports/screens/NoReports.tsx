import type { ComponentChildren } from "preact";
import { Loading } from "../../../design";
import { homeKnown } from "../../../sync/mirror";
import { online } from "../../../sync/state";

/** What is said of reports that are not here; until the server has been looked at, nobody can say that there are none. */
export function NoReports({ unknown, children }: { unknown: string; children: ComponentChildren }) {
  if (homeKnown.value) return <>{children}</>;
  return online.value ? <Loading /> : <p class="notice care">{unknown}</p>;
}
