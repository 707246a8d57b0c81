/** The worker's decisions without a worker, so that they can be tried alone. */

interface Payload {
  kind?: unknown;
  path?: unknown;
  tag?: unknown;
  plain?: unknown;
  notification?: { title?: unknown; body?: unknown; lang?: unknown; navigate?: unknown; requireInteraction?: unknown; vibrate?: unknown };
}

const text = (value: unknown, otherwise: string): string => (typeof value === "string" && value !== "" ? value : otherwise);

type Note = NotificationOptions & { actions: { action: string; title: string }[] };

/** What is shown for a push, whatever came: a payload that cannot be read is still news. Others may see the screen, so it does not say whose. */
export function noteOf(data: { json(): unknown } | null): { title: string; options: Note } {
  let payload: Payload = {};
  try {
    payload = (data?.json() ?? {}) as Payload;
  } catch {
    // It is told in our own words.
  }
  const { kind, plain } = payload;
  const note = payload.notification ?? {};
  const lang = text(note.lang, "sv");
  return {
    title: text(note.title, kind === "dialogue" ? "Du bad om en påminnelse" : "Nytt meddelande"),
    options: {
      body: text(note.body, "Öppna appen"),
      lang,
      // In a word that tells a passer-by as little as the notice does. A calendar's has none.
      actions: !plain && (kind === "message" || kind === "tip") ? [{ action: "write", title: lang === "en" ? "Write" : "Skriv" }] : [],
      tag: text(payload.tag, "news"),
      icon: plain === true ? "/icons/calendar-192.png" : "/icons/icon-192.png",
      // An alarm stays until it is pressed, and rings again under the same tag.
      ...(note.requireInteraction === true ? { requireInteraction: true, renotify: true, vibrate: note.vibrate } : {}),
      // The path by itself leads right under each name that this server is reached by.
      data: { navigate: text(payload.path, text(note.navigate, "/")) },
    },
  };
}

/** Where a pressed notification leads: only ever into this app. Its button is for writing: in the talk, or where a talk begins. */
export function pathOf(data: unknown, origin: string, action = ""): string {
  const navigate = (data as { navigate?: unknown } | null)?.navigate;
  try {
    const { pathname, hash, origin: of } = new URL(text(navigate, "/"), origin);
    if (of !== origin || (action && !/^.talk/.test(pathname))) return "/";
    return pathname + (action && "#write" || hash);
  } catch {
    return "/";
  }
}

/** Which files of the shell answer a request, the first that there is; null: the network does. */
export function shellOf(address: string, navigates: boolean, method: string, origin: string): string[] | null {
  if (method !== "GET") return null;
  const { origin: from, pathname } = new URL(address);
  if (from !== origin || /^\/(api|healthz|readyz|problems)(\/|$)/.test(pathname)) return null;
  return navigates ? [pathname, "/"] : [pathname];
}
