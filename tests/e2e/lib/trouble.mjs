// What happens to a phone: a network that leads nowhere, a wrong clock, no room, a database that goes away, a copy of what it keeps.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";

/** From now on these requests reach nobody; gives the way back. */
export async function cut(context, ...paths) {
  for (const path of paths) await context.route(path, (route) => route.abort());
  return async () => {
    for (const path of paths) await context.unroute(path);
  };
}

/** The part of the app of this name, as `cut` takes it. */
export function partOf(name) {
  const parts = Object.values(JSON.parse(readFileSync(join(root, "pwa/dist/assets/manifest.json"), "utf8")));
  const file = parts.find((part) => part.name === name)?.file;
  if (!file) throw new Error(`the app has no part called ${name}`);
  return `**/${file}`;
}

/** From now on the phone's session is over for good, as far as it is told: no bearer is taken and none is given. */
export async function endsSession(context) {
  const over = (kind) => (route) =>
    route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify({ type: `/problems/${kind}`, title: kind, status: 401, kind, fields: [] }) });
  for (const path of ["refresh", "devices"]) await context.route(`**/api/v1/identity/${path}`, over("session-ended"));
  for (const path of ["push", "pull"]) await context.route(`**/api/v1/sync/${path}`, over("token-expired"));
}

/** In the page, before it loads: a browser without workers, so that nothing but the pages themselves sends. */
export const hasNoWorker = () => void delete Navigator.prototype.serviceWorker;

/** In the page, before it loads: Safari on an iPhone, as it names itself. */
export function isSafari() {
  const name = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
  Object.defineProperty(Navigator.prototype, "userAgent", { configurable: true, get: () => name });
}

/** What the browser keeps for the app, by store; what is sealed is opened, with the key that lies beside it. */
export const keeps = (someone) =>
  someone.page.evaluate(async () => {
    const db = await new Promise((go, no) => Object.assign(indexedDB.open("natpatrull"), { onsuccess: (event) => go(event.target.result), onerror: no }));
    const found = {};
    for (const name of db.objectStoreNames) found[name] = await new Promise((go) => (db.transaction(name).objectStore(name).getAll().onsuccess = (event) => go(event.target.result)));
    const seal = await new Promise((go) => (db.transaction("kept").objectStore("kept").get("seal").onsuccess = (event) => go(event.target.result)));
    db.close();
    for (const [store, id] of [["outbox", "action_id"], ["drafts", "report_id"]])
      for (const [n, { sealed, ...row }] of found[store].entries()) {
        if (!sealed) continue;
        const additionalData = new TextEncoder().encode(JSON.stringify([store, row[id]]));
        const words = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv, additionalData }, seal.key, sealed.data);
        found[store][n] = { ...row, ...JSON.parse(new TextDecoder().decode(words)) };
      }
    return found;
  });

/** Somebody changes a byte of each text that waits on this phone, while no page of the app is open that may write it again. */
export async function changes(someone) {
  await someone.page.goto(new URL("/api/openapi.json", someone.page.url()).href);
  await someone.page.evaluate(async () => {
    const done = (request) => new Promise((go, no) => Object.assign(request, { onsuccess: () => go(request.result), onerror: no }));
    const db = await done(indexedDB.open("natpatrull"));
    const outbox = db.transaction("outbox", "readwrite").objectStore("outbox");
    for (const row of await done(outbox.getAll())) {
      if (row.sealed) new Uint8Array(row.sealed.data)[0] ^= 1;
      await done(outbox.put(row));
    }
    db.close();
  });
}

/** Everything that the browser keeps for the app, as one text to search. */
export const stored = (someone) =>
  someone.page.evaluate(async () => {
    const db = await new Promise((go, no) => Object.assign(indexedDB.open("natpatrull"), { onsuccess: (event) => go(event.target.result), onerror: no }));
    const rows = [];
    for (const name of db.objectStoreNames)
      rows.push(await new Promise((go) => (db.transaction(name).objectStore(name).getAll().onsuccess = (event) => go(event.target.result))));
    db.close();
    return JSON.stringify([rows, { ...localStorage }, { ...sessionStorage }]);
  });

/** Which of these words stand in any file of a browser's profile, as who copies it finds them. */
export function readInCopy(folder, words) {
  const forms = words.map((word) => [Buffer.from(word, "latin1"), Buffer.from(word, "utf8"), Buffer.from(word, "utf16le")]);
  const found = new Set();
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
    const bytes = readFileSync(join(file.parentPath, file.name));
    for (const [n, form] of forms.entries()) if (form.some((one) => bytes.includes(one))) found.add(`${words[n]} in ${file.parentPath.slice(folder.length)}/${file.name}`);
  }
  return [...found];
}

/** In the page, before it loads: its clock stands so many milliseconds wrong as was last said. */
export function opensTheClock() {
  let off = 0;
  try {
    off = Number(localStorage.getItem("test-clock") ?? 0);
  } catch {
    // A page without a store of its own.
  }
  const Real = Date;
  const now = () => Real.now() + off;
  class Wrong extends Real {
    constructor(...given) {
      if (given.length > 0) super(...given);
      else super(now());
    }
    static now = now;
  }
  globalThis.Date = Wrong;
  globalThis.turnClock = (ms) => (off = ms);
}

/** Sets the clock for all pages of the phone that are opened from now on. */
export const turnsTheClock = (someone, off) => someone.page.evaluate((ms) => localStorage.setItem("test-clock", String(ms)), off);

/** So many milliseconds later somebody comes back to the page, which was open all the while. */
export const comesBackLater = (someone, ms) =>
  someone.page.evaluate((ms) => {
    globalThis.turnClock(ms);
    document.dispatchEvent(new Event("visibilitychange"));
  }, ms);

/**
 * In the page: the browser has no room for this store, or for any. Said as a browser says it, for Chromium lets a few hundred kilobytes
 * pass whatever quota it is told to keep.
 */
export function isFull(store) {
  const real = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    if (store && this.name !== store) return real.apply(this, given);
    throw new DOMException("no room", "QuotaExceededError");
  };
  window.hasRoom = () => (IDBObjectStore.prototype.put = real);
}

/** In the page, before it loads: knows the app's connections to its database, and can take them away as a browser does. */
export function recordsHandles() {
  const handles = new Set();
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...given) {
    const request = open.apply(this, given);
    request.addEventListener("success", () => handles.add(request.result));
    return request;
  };
  window.lostHandles = 0;
  window.losesHandles = (way) => {
    for (const db of handles) {
      window.lostHandles += 1;
      if (way === "versionchange") db.dispatchEvent(new IDBVersionChangeEvent("versionchange", { oldVersion: db.version, newVersion: null }));
      else db.close();
      if (way === "close") db.dispatchEvent(new Event("close"));
    }
    handles.clear();
  };
}
