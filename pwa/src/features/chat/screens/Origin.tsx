import { m } from "../../../i18n";
import type { Conversation } from "../queries";

const ways = { invite: m.origin_invite, "invite-link": m.origin_invite_link, poster: m.origin_poster } as const;

/** Where a talk came from; officers see how as well. */
export function Origin({ talk }: { talk: Conversation | undefined }) {
  if (talk?.came_by === "dialogue") return <p class="origin">{m.origin_dialogue()}</p>;
  if (!talk?.quarter) return null;
  const from = m.origin(talk.quarter);
  const way = talk.came_by && ways[talk.came_by]?.();
  return <p class="origin">{way ? `${from} · ${way}` : from}</p>;
}
