import type { InviteStaff, Relieved, StaffInvite, StaffList } from "../../api/wire";
import { base64url, uuidV7 } from "../../sync/ids";
import { pageCore } from "../../sync/mirror";
import { api } from "../../sync/session";

export type { InvitedRole, Relieved, StaffInvite, StaffMember } from "../../api/wire";

const PATH = "/api/v1/staff";

export const readStaff = async (): Promise<StaffList> => api(await pageCore(), PATH);

/** How far somebody is taken out: off the shift, off every phone, or for good. */
export type How = "relieve" | "sign-out" | "end";

// What leads do with those who serve is asked at once and waits in no outbox: it must not come about later than it was decided.

/** The talks of whoever is taken out go `to` this colleague, or wait again. */
export const takeOut = async (how: How, account_id: string, to?: string): Promise<Relieved> =>
  api(await pageCore(), `${PATH}/${account_id}/${how}`, { method: "POST", body: to === undefined ? {} : { to } });

export interface Draft extends Omit<InviteStaff, "token"> {
  invite_id: string;
  token: string;
}

/** Made once, so that a press that has to be repeated makes no second link. */
export async function draftInvite(who: Omit<InviteStaff, "token">): Promise<Draft> {
  const core = await pageCore();
  return { ...who, invite_id: uuidV7(core.fill, core.now()), token: base64url(core.fill(new Uint8Array(32))) };
}

export const sendInvite = async ({ invite_id, ...body }: Draft): Promise<StaffInvite> =>
  api(await pageCore(), `${PATH}/invites/${invite_id}`, { method: "PUT", body });

export const endInvite = async (invite_id: string): Promise<void> => api(await pageCore(), `${PATH}/invites/${invite_id}`, { method: "DELETE" });

/** What is given to whoever is invited. */
export const linkOf = ({ token }: Draft): string => `${location.origin}/invite/${token}`;
