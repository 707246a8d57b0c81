import { computed } from "@preact/signals";
import type { Rule, SubjectKind } from "../../api/wire";
import { conversationRows, outbox, reportRows } from "../../sync/mirror";
import type { OutboxRow } from "../../sync/rows";
import { conversations } from "../chat/queries";
import { reports } from "../reports/queries";

export type { AskedErasure, DueReview, Erasure, ErasureReason, Hold, KeptKind, LeadsReason, PersonRole, Regime, Rule, SubjectKind, TagRecord } from "../../api/wire";

/** What can be held, tagged and erased, as this phone has it. */
export type RecordRow = { erasure_asked_at?: string; erasure_refused_at?: string; erasure_refusal?: string };

export type Asked =
  | { state: "not-asked" }
  /** On its way from this phone. */
  | { state: "saved" }
  | { state: "asked"; at: string }
  | { state: "kept"; at: string; why: string }
  /** The server would not take the question. */
  | { state: "needs-attention"; action_id: string; problem_kind: string | undefined };

export const askKind = (kind: SubjectKind) => `${kind}-ask-erasure` as const;
export const laneOf = (kind: SubjectKind, id: string): string => `${kind}:${id}`;

/** How far it has come with a youth's question: what stands with the server, and this phone's own question over it. */
export function askedOf(row: RecordRow | undefined, own: OutboxRow | undefined): Asked {
  if (own?.state === "attention") return { state: "needs-attention", action_id: own.action_id, problem_kind: own.problem_kind };
  if (own && own.state !== "sent") return { state: "saved" };
  if (own) return { state: "asked", at: own.recorded_at };
  if (row?.erasure_asked_at === undefined) return { state: "not-asked" };
  if (row.erasure_refused_at === undefined) return { state: "asked", at: row.erasure_asked_at };
  return { state: "kept", at: row.erasure_refused_at, why: row.erasure_refusal ?? "" };
}

/** The newest question of this phone about a record, if one has not come back yet. */
export const ownQuestion = (kind: SubjectKind, id: string): OutboxRow | undefined =>
  outbox.value.filter((row) => row.kind === askKind(kind) && row.lane === laneOf(kind, id)).at(-1);

export const recordOf = (kind: SubjectKind, id: string) =>
  kind === "conversation" ? conversations.value.find((talk) => talk.conversation_id === id) : reports.value.find((report) => report.report_id === id);

/** Whether the police have it: until then it is on this phone alone. */
export const arrived = (kind: SubjectKind, id: string): boolean =>
  (kind === "conversation" ? conversationRows.value.some((talk) => talk.conversation_id === id) : reportRows.value.some((report) => report.report_id === id)) ||
  outbox.value.some((row) => row.lane === laneOf(kind, id) && row.state === "sent");

/** Whether a youth waits for a decision, as far as this phone knows. */
export const undecided = (row: RecordRow): boolean => row.erasure_asked_at !== undefined && row.erasure_refused_at === undefined;

/** How many wait for a lead's decision. */
export const undecidedCount = computed(() => [...conversations.value, ...reports.value].filter(undecided).length);

/** The rules of now, and those that are set for a later day, soonest first: one entry for each kind and law. */
export function standing(rules: Rule[], now: number): { now: Rule; later: Rule[] }[] {
  const found = new Map<string, { now?: Rule; later: Rule[] }>();
  for (const rule of [...rules].sort((a, b) => Date.parse(b.valid_from) - Date.parse(a.valid_from))) {
    const key = `${rule.kind} ${rule.regime}`;
    const entry = found.get(key) ?? { later: [] };
    if (Date.parse(rule.valid_from) > now) entry.later.unshift(rule);
    else entry.now ??= rule;
    found.set(key, entry);
  }
  return [...found.values()].flatMap(({ now: valid, later }) => (valid ? [{ now: valid, later }] : []));
}
