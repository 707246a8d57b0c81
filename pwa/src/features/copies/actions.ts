import type { AccountCopy } from "../../api/wire";
import { Problem } from "../../api/problem";
import { give } from "../../app/give";
import { pageCore } from "../../sync/mirror";
import { api } from "../../sync/session";

const BASE = "/api/v1/copy";
/** A copy may hold films, and a phone may be slow. */
const FETCH_MS = 30 * 60_000;

/** Asks for a copy of all that is kept of this account; while one is made or waits, it changes nothing. */
export const askForCopy = async (): Promise<AccountCopy> => api(await pageCore(), BASE, { method: "PUT" });

/** How far the copy is; nothing, if none was asked for. */
export async function getCopy(): Promise<AccountCopy | null> {
  try {
    return await api<AccountCopy>(await pageCore(), BASE);
  } catch (error) {
    if (error instanceof Problem && error.kind === "not-found") return null;
    throw error;
  }
}

/** Fetches the copy and gives it to the browser to keep as a file; true once the server has let go of its own. */
export async function fetchCopy(): Promise<boolean> {
  const core = await pageCore();
  const zip = await api<Blob>(core, `${BASE}/bytes`, { file: "application/zip", timeoutMs: FETCH_MS });
  give(zip, "natpatrull.zip");
  // It is here whole. A server that does not hear so lets go by itself a little later.
  return api(core, BASE, { method: "DELETE" }).then(
    () => true,
    () => false,
  );
}
