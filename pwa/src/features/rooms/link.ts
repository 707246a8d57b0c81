/** What stood behind `#` in the link that led here: an invite's secret, a poster's id, or half of one. */
export type Link = { of: "invite" | "poster"; room: string } | null;

const INVITE = /^[\w-]{43}$/;
const POSTER = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

function linkOf(room: string): Link {
  if (INVITE.test(room)) return { of: "invite", room };
  return POSTER.test(room) ? { of: "poster", room } : null;
}

/**
 * It leaves the address at once, where whoever looks over a shoulder sees it, and stays with this step of the history: that outlives a
 * reload also in a browser that refuses all storage.
 */
export function takeLink(): Link {
  const behind = location.hash.slice(1);
  if (behind) history.replaceState({ ...history.state, room: behind }, "", location.pathname);
  return linkOf((history.state as { room?: string } | null)?.room ?? "");
}

export const linkTo = (home: string, room: string): string => new URL(`/r#${room}`, home).href;
