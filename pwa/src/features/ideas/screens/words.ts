import { m } from "../../../i18n";
import type { Idea, IdeaHiding, IdeaKind, IdeaOutcome } from "../queries";

export const LONGEST = 500;

export const kindNames: Record<IdeaKind, () => string> = { idea: m.idea_kind_idea, quarter: m.idea_kind_quarter };
export const hidingNames: Record<IdeaHiding, () => string> = {
  talk: m.idea_hiding_talk,
  "names-somebody": m.idea_hiding_names,
  "against-rules": m.idea_hiding_rules,
  "not-understood": m.idea_hiding_unclear,
};
export const outcomeNames: Record<IdeaOutcome, () => string> = { done: m.idea_outcome_done, planned: m.idea_outcome_planned, "not-possible": m.idea_outcome_not };

/** Where it stands, to its writer. */
export function stateWords({ state, outcome }: Idea): string {
  if (state === "answered" && outcome) return outcomeNames[outcome]();
  return { waiting: m.idea_state_waiting, shown: m.idea_state_shown, "not-shown": m.idea_state_not_shown, merged: m.idea_state_merged, answered: m.idea_state_answered }[state]();
}
