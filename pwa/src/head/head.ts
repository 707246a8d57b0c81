/**
 * What runs before anything is drawn: the quick exit, so that it works before the app has come and no step of the history shows us again,
 * and the look that this phone has chosen. It is built by itself and stands in the page's head. What an exit does to what the phone keeps is
 * for `features/identity/exit.ts`, behind the page that this one gives way to.
 */
import { openChannel } from "../sync/core";
import { DUE, forGood, inTab, PLAIN, read, SHARED, TURN, write } from "./keys";

const FRONT = "/calendar.html";
/** Between two presses of Shift, so that nobody leaves by writing. */
const PRESS_MS = 5000;

const root = document.documentElement;
const channel = openChannel("natpatrull-exit");
/** A tab on a shared phone leaves nothing behind, not even this. */
const store = read(inTab, SHARED) === null ? forGood : inTab;
const turn = (): number => Number(read(forGood, TURN)) + Number(read(inTab, TURN));

/** This step of the history is older than the last exit. One that no page has marked is so when somebody steps back to it. */
function stale(): boolean {
  const { turn: then } = (history.state ?? {}) as { turn?: number };
  if (then !== undefined) return then < turn();
  const [load] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return turn() > 0 && load?.type === "back_forward";
}

function wear(icon: string, title: string): void {
  document.title = title;
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="icon"]')) link.href = icon;
}

const calendar = (): string => (root.lang === "en" ? "Calendar" : "Kalender");

function blank(): void {
  wear("/icons/calendar.svg", calendar());
  const said = document.createElement("p");
  said.setAttribute("role", "alert");
  document.body?.replaceChildren(said);
  said.textContent = calendar();
}

let leaving = false;
let arrived = (): void => undefined;

/** To the first step that was ours: what is ahead of it is then cut off. A browser that does not come there is not waited for. */
const toFirst = (): Promise<void> =>
  new Promise((go) => {
    const { steps = 0 } = (history.state ?? {}) as { steps?: number };
    if (steps < 1) return go();
    arrived = go;
    setTimeout(go, 250);
    history.go(-steps);
  });

/** First nothing of ours is seen; all else comes after. */
async function leave(tell: boolean): Promise<void> {
  if (leaving) return;
  leaving = true;
  blank();
  // A tab that hears of it late must not end a visit that has begun since.
  if (tell || !stale()) write(store, TURN, String(Number(read(store, TURN)) + 1));
  if (tell) {
    if (store === forGood) for (const place of [forGood, inTab]) write(place, DUE, "1");
    channel?.postMessage("left");
  }
  await toFirst();
  history.replaceState(null, "", FRONT);
  history.pushState(null, "", FRONT);
  // With no network and no worker there is only the browser's own page, which says who we are.
  if (navigator.onLine || navigator.serviceWorker?.controller) location.replace(FRONT);
}

if (stale()) {
  stop();
  root.hidden = true;
  location.replace(FRONT);
} else {
  history.replaceState({ ...history.state, turn: turn() }, "");
  if (read(forGood, PLAIN) !== null) {
    wear("/icons/calendar.svg", calendar());
    const looks = { manifest: "/calendar.webmanifest", "apple-touch-icon": "/icons/calendar-180.png" };
    for (const [rel, href] of Object.entries(looks)) document.querySelector<HTMLLinkElement>(`link[rel="${rel}"]`)?.setAttribute("href", href);
    document.querySelector('meta[name="apple-mobile-web-app-title"]')?.setAttribute("content", calendar());
  }
}

addEventListener("popstate", (event) => {
  if (!leaving) return;
  event.stopImmediatePropagation();
  arrived();
});
// A page that the browser had put aside as it was.
addEventListener("pageshow", (event) => {
  if (!event.persisted || !(leaving || stale())) return;
  root.hidden = true;
  location.replace(FRONT);
});
channel?.addEventListener("message", () => void leave(false));

/** Officers' screens have none. */
const button = (): HTMLElement | null => document.querySelector("[data-exit]");

addEventListener(
  "click",
  (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-exit]")) return;
    event.preventDefault();
    event.stopPropagation();
    void leave(true);
  },
  true,
);

let presses = 0;
let held = false;
let timer: ReturnType<typeof setTimeout> | undefined;

function count(to: number): void {
  presses = to;
  clearTimeout(timer);
  if (to > 0) timer = setTimeout(() => count(0), PRESS_MS);
  root.dataset["presses"] = String(to);
  const said = document.querySelector("[data-exit-said]");
  if (said) said.textContent = to > 0 ? `${to}/3` : "";
}

// Shift by itself: a capital letter is no press of it.
addEventListener(
  "keyup",
  (event) => {
    if (event.key === "Shift" && !held && button()) count(presses + 1);
    else if (presses > 0) count(0);
    held = event.shiftKey;
    if (presses >= 3) void leave(true);
  },
  true,
);
