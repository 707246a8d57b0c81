import type { Conversation, Priority } from "../../api/wire";
import { pageCore } from "../../sync/mirror";
import { api } from "../../sync/session";

/** What officers look for talks by: never words. */
export interface Search {
  number?: string;
  priority?: Priority;
  state?: Conversation["state"];
  quarter_id?: string;
  holder?: string;
  /** Days, as fields have them; both counted in. */
  from?: string;
  until?: string;
}

interface Found {
  items: Conversation[];
  next?: string;
}

const DAY_MS = 86_400_000;

export async function searchTalks({ from, until, ...plain }: Search, next?: string): Promise<Found> {
  const query = new URLSearchParams();
  const moment = (day: string, days = 0) => new Date(new Date(`${day}T00:00`).getTime() + days * DAY_MS).toISOString();
  for (const [name, value] of Object.entries(plain)) if (value) query.set(name, value.trim());
  if (from) query.set("from", moment(from));
  if (until) query.set("until", moment(until, 1));
  if (next) query.set("next", next);
  return api(await pageCore(), `/api/v1/chat/conversations?${query}`);
}
