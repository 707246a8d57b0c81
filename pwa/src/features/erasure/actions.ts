import type { AskedErasure, Conversation, DueReview, Erasure, Hold, HoldRecord, LeadsReason, Report, Rule, SubjectKind, TagRecord } from "../../api/wire";
import { kick } from "../../sync/engine";
import { pageCore, pageLocale, refresh } from "../../sync/mirror";
import { enqueue } from "../../sync/outbox";
import { api } from "../../sync/session";
import { askKind, laneOf } from "./queries";

const BASE = "/api/v1/records";
const at = (kind: SubjectKind, id: string, what: string): string => `${BASE}/${kind}/${id}/${what}`;

/** The youth asks the police to erase it; resolves once the question is safe on this phone. */
export async function askErasure(kind: SubjectKind, id: string): Promise<void> {
  const body = { [`${kind}_id`]: id };
  await enqueue(await pageCore(), pageLocale(), { kind: askKind(kind), lane: laneOf(kind, id), body });
  await refresh();
  void kick("write");
}

// What leads and officers do needs the server's word at once, so none of it waits in the outbox.

/** As it stands with the server: a lead may have to decide on what this phone does not hold, and the journal tells of no tags. */
export const getRecord = async (kind: SubjectKind, id: string): Promise<Conversation | Report> =>
  api(await pageCore(), kind === "conversation" ? `/api/v1/chat/conversations/${id}` : `/api/v1/reports/${id}`);

/** Sets what was chosen and gives what stands. Both tags go in one, so the other is taken as it is now: another desk may have set it. */
export async function tagRecord(kind: SubjectKind, id: string, chosen: Partial<TagRecord>): Promise<TagRecord> {
  const core = await pageCore();
  const { regime = "crime", person_role = "unknown" } = await getRecord(kind, id);
  const tags = { regime, person_role, ...chosen };
  await api(core, at(kind, id, "tags"), { method: "PUT", body: tags });
  const store = kind === "conversation" ? "conversations" : "reports";
  await core.db.write([store], async (tx) => {
    const row = await tx.get(store, id);
    if (row) await tx.put(store, { ...row, ...tags });
  });
  core.changed();
  return tags;
}

export const holdRecord = async (kind: SubjectKind, id: string, hold: HoldRecord): Promise<void> =>
  api(await pageCore(), at(kind, id, "hold"), { method: "PUT", body: hold });

export const liftHold = async (kind: SubjectKind, id: string): Promise<void> => api(await pageCore(), at(kind, id, "hold"), { method: "DELETE" });

/** For good. The app's own rows go with the next pull, as on every other phone. */
export async function eraseRecord(kind: SubjectKind, id: string, reason: LeadsReason): Promise<Erasure> {
  const erased = await api<Erasure>(await pageCore(), at(kind, id, "erasure"), { method: "PUT", body: { reason } });
  void kick("button");
  return erased;
}

export async function refuseErasure(kind: SubjectKind, id: string, reason: string): Promise<void> {
  await api(await pageCore(), at(kind, id, "erasure-refusal"), { method: "PUT", body: { reason } });
  await kick("button");
}

export const markReviewed = async (kind: SubjectKind, id: string): Promise<void> => api(await pageCore(), at(kind, id, "review"), { method: "PUT" });

const listed = async <T>(path: string): Promise<T[]> => (await api<{ items: T[] }>(await pageCore(), `${BASE}/${path}`)).items;

export const listAsked = (): Promise<AskedErasure[]> => listed("asked");
export const listReviews = (): Promise<DueReview[]> => listed("reviews");
export const listHolds = (): Promise<Hold[]> => listed("holds");
export const listRules = (): Promise<Rule[]> => listed("rules");

/** Asked for by its record, so that nobody is noted as having looked at the others. */
export const holdOf = async (id: string): Promise<Hold | null> => (await listed<Hold>(`holds?subject_id=${id}`))[0] ?? null;

export const listErasures = async (next?: string): Promise<{ items: Erasure[]; next?: string }> =>
  api(await pageCore(), `${BASE}/erasures?limit=20${next === undefined ? "" : `&next=${encodeURIComponent(next)}`}`);
