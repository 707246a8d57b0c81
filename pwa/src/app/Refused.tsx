import type { ActionKind } from "../api/wire";
import { useTask } from "../design";
import { m } from "../i18n";
import { Failed, Problem } from "../i18n/Problem";
import { discard } from "../features/chat/actions";
import { attention } from "../sync/state";

/** A card's words, as a message's, are shown where they can be changed. */
const ELSEWHERE: ActionKind[] = ["message-send", "conversation-read", "handover-make"];

/** Presses that the server said no to. The screen shows again what stands; this says why. `only`: those of this kind. */
export function Refused({ lane, only }: { lane: string; only?: ActionKind }) {
  const { busy, error, run } = useTask();
  const acts = attention.value.filter(
    (row) => row.lane === lane && (only ? row.kind === only : !ELSEWHERE.includes(row.kind)),
  );
  return (
    <div role="alert">
      {acts.map((row) => (
        <div key={row.action_id} class="notice care row">
          <p>
            <b>{m.act_refused()}</b> <Problem kind={row.problem_kind} />
          </p>
          <button type="button" class="button plain" disabled={busy} onClick={() => void run(() => discard(row.action_id))}>
            {m.act_refused_seen()}
          </button>
        </div>
      ))}
      <Failed error={error} />
    </div>
  );
}
