import type { AnswerHandover, Handover, HandoverAnswer, MakeHandover } from "../../api/wire";
import type { OutboxRow } from "../../sync/rows";

/** A card as it stands with the server, and what this phone has done since laid over it. Until it has arrived it has no number. */
export interface CardRow extends Omit<Handover, "number" | "answers"> {
  number?: string;
  answers: (HandoverAnswer & { waits?: string })[];
  /** What of it waits on this phone; of an answer, as which action. */
  waits?: "card" | "name";
}

const bodyOf = <T>(row: OutboxRow): T => JSON.parse(row.body) as T;
export const cardIn = (row: OutboxRow): MakeHandover => bodyOf<MakeHandover>(row);

export function overlaid(cards: CardRow[], rows: OutboxRow[]): CardRow[] {
  let all = cards;
  const change = (id: string, by: (card: CardRow) => CardRow) => {
    all = all.map((card) => (card.handover_id === id ? by(card) : card));
  };
  for (const row of rows) {
    if (row.state === "attention") continue;
    if (row.kind === "handover-make") {
      const { handover_id, conversation_id, receiver, replaces, card } = cardIn(row);
      if (all.some((known) => known.handover_id === handover_id)) continue;
      if (replaces !== undefined) change(replaces, (older) => ({ ...older, red: false, replaced_by: handover_id }));
      all = [{ handover_id, conversation_id, receiver, card, made_at: row.recorded_at, red: true, answers: [], waits: "card" }, ...all];
    }
    if (row.kind === "handover-acknowledge") {
      const { handover_id, name } = bodyOf<{ handover_id: string; name: string }>(row);
      change(handover_id, (card) =>
        card.acknowledged_at === undefined ? { ...card, red: false, taken_by: name, acknowledged_at: row.recorded_at, waits: "name" } : card,
      );
    }
    if (row.kind === "handover-answer") {
      const { handover_id, came_back, told } = bodyOf<AnswerHandover>(row);
      const answer = { at: row.recorded_at, came_back, ...(told === undefined ? {} : { told }), waits: row.action_id };
      // One that has arrived stands there already, until the phone knows that it has.
      change(handover_id, (card) =>
        card.answers.some((known) => known.waits === row.action_id || (row.state === "sent" && known.came_back === came_back && known.told === told)) ? card : { ...card, answers: [...card.answers, answer] },
      );
    }
  }
  return all;
}
