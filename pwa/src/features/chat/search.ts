import type { Conversation, Priority } from "../../api/wire";
import { pageCore, refresh } from "../../sync/mirror";
import { beginOf } from "./days";
import { findTalks, type Found } from "./found";

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

export async function searchTalks({ from, until, ...plain }: Search, next?: string): Promise<Found> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(plain)) if (value) query.set(name, value.trim());
  if (from) query.set("from", beginOf(from));
  if (until) query.set("until", beginOf(until, 1));
  if (next) query.set("next", next);
  const found = await findTalks(await pageCore(), query);
  await refresh();
  return found;
}
