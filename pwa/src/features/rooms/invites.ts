import type { Poster, RoomInvite } from "../../api/wire";
import { Problem } from "../../api/problem";
import { keep, kept } from "../../sync/core";
import { base64url, uuidV7 } from "../../sync/ids";
import { pageCore, self } from "../../sync/mirror";
import { api } from "../../sync/session";

export type { Poster, RoomInvite } from "../../api/wire";

const PATH = "/api/v1/rooms";

// An invite is made when it is pressed or not at all: in the outbox it would be late.
async function put({ invite_id, quarter_id, secret }: { invite_id: string; quarter_id: string; secret: string }): Promise<RoomInvite> {
  return api(await pageCore(), `${PATH}/invites/${invite_id}`, { method: "PUT", body: { quarter_id, secret } });
}

export type OwnInvite = RoomInvite & { secret: string };

/** The link stays on this phone while it lasts: whoever goes to another app to send it may find this one begun anew. */
export async function makeInvite(quarter_id: string): Promise<OwnInvite> {
  const core = await pageCore();
  const own = { account_id: self.peek()?.account_id ?? "", invite_id: uuidV7(core.fill, core.now()), quarter_id, secret: base64url(core.fill(new Uint8Array(32))) };
  await keep(core, "invite", own);
  return { ...(await put(own)), secret: own.secret };
}

/** The invite that this phone made last, with its word, as long as somebody can come in by it. */
export async function lastInvite(): Promise<OwnInvite | null> {
  const core = await pageCore();
  const own = await kept(core, "invite");
  if (!own || own.account_id !== self.peek()?.account_id) return null;
  try {
    const invite = await put(own);
    if (invite.state === "open") return { ...invite, secret: own.secret };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  await forgetInvite();
  return null;
}

export async function forgetInvite(): Promise<void> {
  await (await pageCore()).db.write(["kept"], (tx) => tx.del("kept", "invite"));
}

export const invites = async (): Promise<RoomInvite[]> => (await api<{ items: RoomInvite[] }>(await pageCore(), `${PATH}/invites`)).items;
export const endInvite = async (id: string): Promise<RoomInvite> => api(await pageCore(), `${PATH}/invites/${id}/end`, { method: "POST" });

export const posters = async (): Promise<Poster[]> => (await api<{ items: Poster[] }>(await pageCore(), `${PATH}/posters`)).items;

export async function makePoster(quarter_id: string, place: string): Promise<Poster> {
  const core = await pageCore();
  return api(core, `${PATH}/posters/${uuidV7(core.fill, core.now())}`, { method: "PUT", body: { quarter_id, place } });
}

export const endPoster = async (id: string): Promise<Poster> => api(await pageCore(), `${PATH}/posters/${id}/end`, { method: "POST" });
