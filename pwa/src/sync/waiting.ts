import { computed, type ReadonlySignal } from "@preact/signals";
import type { ActionKind } from "../api/wire";
import { outbox } from "./mirror";

export interface Waiting<Body> {
  action_id: string;
  recorded_at: string;
  refused: boolean;
  problem_kind: string | undefined;
  refused_until: string | undefined;
  refused_field: string | undefined;
  body: Body;
}

/** What was written on this phone and is not in the lists yet, or was refused. */
export const actionsOf = <Body>(kind: ActionKind): ReadonlySignal<Waiting<Body>[]> =>
  computed(() =>
    outbox.value
      .filter((row) => row.kind === kind)
      .map((row) => ({ action_id: row.action_id, recorded_at: row.recorded_at, refused: row.state === "attention", problem_kind: row.problem_kind, refused_until: row.refused_until, refused_field: row.refused_field, body: JSON.parse(row.body) as Body })),
  );
