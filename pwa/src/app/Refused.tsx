import type { ActionKind } from "../api/wire";
import { useTask } from "../design";
import { m } from "../i18n";
import { Failed, Problem } from "../i18n/Problem";
import { discard } from "../features/chat/actions";
import { wordsOf } from "../features/unsent/words";
import type { OutboxRow } from "../sync/rows";
import { attention } from "../sync/state";
import { CopyWords } from "./CopyWords";

/** A card's words, as a message's and a film's address, are shown where they can be changed. */
const ELSEWHERE: ActionKind[] = ["message-send", "conversation-read", "handover-make", "dialogue-film"];

/** Presses that the server said no to. The screen shows again what stands; this says why. `only`: those of this kind. `without`: why those
 *  were refused that the screen tells of itself. */
export const Refused = ({ lane, only, without = [] }: { lane: string; only?: ActionKind; without?: string[] }) => (
  <div role="alert">
    {attention.value
      .filter((row) => row.lane === lane && (only ? row.kind === only : !ELSEWHERE.includes(row.kind)) && !without.includes(row.problem_kind ?? ""))
      .map((row) => (
        <Act key={row.action_id} row={row} />
      ))}
  </div>
);

/** The words that went with a press are seen, and can be taken along, before they go. */
function Act({ row }: { row: OutboxRow }) {
  const { busy, error, run } = useTask();
  const words = wordsOf(JSON.parse(row.body));
  return (
    <div class="notice care stack">
      <p>
        <b>{m.act_refused()}</b> <Problem kind={row.problem_kind} />
      </p>
      {words && <blockquote>{words}</blockquote>}
      <div class="row">
        <button type="button" class="button plain" disabled={busy} onClick={() => void run(() => discard(row.action_id))}>
          {m.act_refused_seen()}
        </button>
        {words && <CopyWords words={words} />}
      </div>
      <Failed error={error} />
    </div>
  );
}
