import type { Mute } from "../../api/wire";
import { now } from "../../i18n/time";
import { pageCore } from "../../sync/mirror";
import { api } from "../../sync/session";
import { conversations, type Conversation } from "../chat/queries";

type Muted = NonNullable<Conversation["muted"]>;

/** It ends by itself, whether or not the server has been asked since. */
const runs = (muted: Muted | undefined): muted is Muted => muted !== undefined && Date.parse(muted.until) > now.value;

export const mutedIn = (talk: Conversation): Muted | undefined => (runs(talk.muted) ? talk.muted : undefined);

/** What keeps this youth from writing, as her talks know it. */
export const mutedNow = (): Muted | undefined => conversations.value.map(({ muted }) => muted).find(runs);

const read = async (path: string): Promise<Mute[]> => (await api<{ items: Mute[] }>(await pageCore(), `/api/v1/mutes${path}`)).items;

/** How a talk's youth was kept from writing, the newest first. */
export const mutesOf = (id: string): Promise<Mute[]> => read(`/conversations/${id}`);
/** Who may not write at this moment; for leads. */
export const runningMutes = (): Promise<Mute[]> => read("");
