/// <reference lib="webworker" />
import { getKept, openChannel, type Core } from "../sync/core";
import { openDisk } from "../sync/db";
import { drain } from "../sync/drain";
import { sendFiles } from "../sync/files";
import { sendParcels } from "../sync/parcels";
import { readOn } from "../sync/pull";
import { renew } from "./renew";
import { noteOf, pathOf, shellOf } from "./words";

declare const self: ServiceWorkerGlobalScope;
declare const __SUM__: string;
declare const __VERSION__: string;

const CACHE = `shell-${__SUM__}`;

/** The worker lives on until the work is done. */
const on = <E extends ExtendableEvent>(name: string, work: (event: E) => Promise<unknown>): void =>
  self.addEventListener(name, (event) => (event as E).waitUntil(work(event as E)));

on("install", async () => {
  // All or nothing; and it waits to be asked before it takes over.
  // A list of another version is not there any more, and then this worker gives way to that version's.
  const files = (await (await fetch(`/${CACHE}.json`)).json()) as string[];
  await (await caches.open(CACHE)).addAll(files.map((file) => new Request(file, { cache: "reload" })));
});

on("activate", async () => {
  for (const name of await caches.keys()) if (name.startsWith("shell-") && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
});

self.addEventListener("fetch", (event) => {
  const wanted = shellOf(event.request.url, event.request.mode === "navigate", event.request.method, self.location.origin);
  if (!wanted) return;
  event.respondWith(
    (async () => {
      const cache = await caches.open(CACHE);
      for (const file of wanted) {
        const found = await cache.match(file);
        if (found) return found;
      }
      return fetch(event.request);
    })(),
  );
});

self.addEventListener("message", (event) => {
  if ((event.data as { t?: string } | null)?.t === "skip-waiting") void self.skipWaiting();
});

let made: Promise<Core> | null = null;
const channel = openChannel();

/** The worker's own hands for the sync, with a bearer of its own. */
function core(): Promise<Core> {
  made ??= openDisk().then((db) => ({
    db,
    fetch: (input, init) => fetch(input, init),
    now: Date.now,
    random: Math.random,
    fill: (bytes) => crypto.getRandomValues(bytes),
    // Whatever wakes a worker has locks, unless it refuses storage as well.
    alone: async (name, work) => self.navigator.locks.request(name, work),
    changed: () => channel?.postMessage({ t: "changed" }),
    reached: () => undefined,
    version: __VERSION__,
    delivery: async () => null,
    session: null,
  }));
  // A page may make it meanwhile.
  made.catch(() => (made = null));
  return made;
}

/** Sends what waits and fetches what came, so that the app is up to date before it is opened. Fails while something still waits. */
async function catchUp(): Promise<void> {
  const own = await core().catch(() => null);
  // Storage that is refused here holds nothing of the page's.
  if (!own) return;
  await sendParcels(own).catch(() => undefined);
  const { state } = await drain(own, { failures: 0, at: 0 });
  await sendFiles(own);
  await readOn(own, []);
  if (state === "later") throw state;
}

/** In how many talks a youth has an answer that she has not read, if she wants to be told of answers. */
const unread = (own: Core): Promise<number> =>
  own.db.read(["kept", "conversations"], async (tx) => {
    const wants = (await getKept(tx, "self"))?.role === "youth" && (await getKept(tx, "push"))?.prefs.replies;
    return wants ? (await tx.all("conversations")).filter((talk) => talk.unread).length : 0;
  });

async function pages(): Promise<readonly WindowClient[]> {
  const all = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  // What somebody sees who has left is no page of the app.
  return all.filter((page) => !page.url.endsWith("/calendar.html"));
}

on("push", async (event: PushEvent) => {
  // First and always: a push that shows nothing costs the permission on some phones.
  const { title, options } = noteOf(event.data);
  await self.registration.showNotification(title, options).catch(() => undefined);
  const open = await pages().catch(() => []);
  for (const page of open) page.postMessage({ t: "poke" });
  // Else the page, or the next push, tries again.
  await catchUp().catch(() => undefined);
  // A page that somebody sees counts by itself, and knows better what has been read.
  if (!open.some((page) => page.visibilityState === "visible")) await navigator.setAppBadge?.(await unread(await core()));
});

on("notificationclick", async ({ action, notification }: NotificationEvent) => {
  notification.close();
  const path = pathOf(notification.data, self.location.origin, action);
  const [page] = await pages();
  if (page) {
    // Before focus(): that throws where the browser sees no press, and then the message would be lost.
    page.postMessage({ t: "open", path });
    await page.focus().catch(() => undefined);
  } else await self.clients.openWindow(path).catch(() => undefined);
});

on("sync", async () => {
  // A failure told to the browser is one that it tries again by itself.
  await catchUp();
});

on("pushsubscriptionchange", async () => {
  // The browser has changed the address by itself; without telling, replies would be silent from now on.
  // If that fails, the next start of the app makes them agree.
  await renew(await core(), self.registration.pushManager).catch(() => undefined);
});
