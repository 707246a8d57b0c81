import type { AuditEntry } from "../../api/wire";
import { pageCore } from "../../sync/mirror";
import { api } from "../../sync/session";

export type { AuditEntry } from "../../api/wire";

/** Who looked at one thing or changed it, newest first. */
export const listLooks = async (subject_id: string, next?: string): Promise<{ items: AuditEntry[]; next?: string }> =>
  api(await pageCore(), `/api/v1/audit/subjects/${subject_id}/entries?limit=20${next === undefined ? "" : `&next=${encodeURIComponent(next)}`}`);
