import { call } from "../../api/client";
import type { ActionResult } from "../../api/wire";
import { look } from "../../sync/engine";
import { pageCore } from "../../sync/mirror";
import { newId } from "../../sync/outbox";
import { api, reach } from "../../sync/session";
import { halfWritten, write } from "../chat/halfWritten";
import { ensureAccount } from "../identity/actions";

/** The word as it is typed; it outlives a reload, and a press that found no network. */
export const WORD = "room/word";
const CLAIM = "room/claim";

interface Claim {
  room: string;
  word: string;
  action_id: string;
  conversation_id: string;
}

/** The same words are the same claim, however often they are pressed: a reply that was lost counts no wrong word twice. */
async function claimOf(room: string, word: string): Promise<Claim> {
  const last = JSON.parse(halfWritten(CLAIM) || "{}") as Partial<Claim>;
  if (last.room === room && last.word === word) return last as Claim;
  const core = await pageCore();
  const claim = { room, word, action_id: newId(core), conversation_id: newId(core) };
  write(CLAIM, JSON.stringify(claim));
  return claim;
}

/** Comes in by an invite and its word; gives the talk. It is asked at once and waits for no network: a quarter of an hour later it would be late. */
export async function comeIn(room: string, word: string): Promise<string> {
  await ensureAccount();
  const { action_id, conversation_id } = await claimOf(room, word);
  const core = await pageCore();
  const path = `/api/v1/chat/conversations/${conversation_id}/claim`;
  const { entity } = await api<ActionResult>(core, path, { method: "POST", headers: { "idempotency-key": action_id }, body: { secret: room, word } });
  await look();
  for (const place of [WORD, CLAIM]) write(place, "");
  return entity?.id ?? conversation_id;
}

/** Whether exactly this number or account is the patrol's. Anyone may ask, without an account. */
export async function isOurs(what: { number: string } | { platform: string; account: string }): Promise<boolean> {
  const core = await pageCore();
  const { known } = await reach(core, () => call<{ known: boolean }>(core.fetch, `/api/v1/officers/check?${new URLSearchParams(what)}`));
  return known;
}
