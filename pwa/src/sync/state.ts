import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import { locale } from "../i18n";
import { getKept, putKept, type Core } from "./core";
import { kick, look, paused, sendSealed } from "./engine";
import { channel, draftRows, files, online as reached, outbox, pageCore, parcels, pushRow, refresh, self, worker, type Said } from "./mirror";
import { takesPart } from "./pull";
import type { OutboxRow } from "./rows";
import { shared } from "./shared";

export const online: ReadonlySignal<boolean> = reached;
/** Whether somebody can see this page. */
export const visible = signal(!document.hidden);
document.addEventListener("visibilitychange", () => {
  visible.value = !document.hidden;
});
/** How many pushes have come while this page was open: what is on the screen and in no stream may be old news. */
export const pushes = signal(0);
/** How the line stood when it was last heard of. */
const line = signal<"live" | "connecting" | "off">("off");
/** A line may be dead for a while before it is known; without a network none is live. */
export const liveState = computed(() => (reached.value ? line.value : "off"));

const half = computed(() => files.value.filter((file) => file.account_id === self.value?.account_id && (file.state === "waiting" || file.state === "ready")).length);
const words = computed(() => outbox.value.filter((row) => row.state !== "sent" && row.kind !== "conversation-read"));
/** What goes by itself when there is a network. */
export const waitingCount: ReadonlySignal<number> = computed(() => words.value.filter((row) => row.state !== "attention").length + half.value);
/** What only this phone has: also what was refused, and the drafts. */
export const unsentCount: ReadonlySignal<number> = computed(() => words.value.length + half.value + draftRows.value.length);
export const attention: ReadonlySignal<OutboxRow[]> = computed(() => outbox.value.filter((row) => row.state === "attention"));
export { paused };

export const sendNow = (): Promise<void> => kick("button");

export const updateReady = signal(false);
let waiting: ServiceWorker | null = null;
let asked = false;

/** The new version takes over when it is asked to, never in the middle of a sentence. */
export async function applyUpdate(): Promise<void> {
  asked = true;
  if (waiting) waiting.postMessage({ t: "skip-waiting" });
  else location.reload();
}

/** From the first moment on: what the worker says while nobody listens is lost, and it may be that an alarm was pressed. */
function hearWorker(): void {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  container?.addEventListener("message", (event: MessageEvent<{ t?: string; path?: string }>) => {
    if (event.data?.t === "poke") {
      pushes.value += 1;
      void kick("push");
    }
    if (event.data?.t === "open" && typeof event.data.path === "string") open(event.data.path);
  });
}

async function startWorker(): Promise<void> {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!container) {
    worker.value = "absent";
    return;
  }
  if (import.meta.env.DEV || shared) return;
  const controlled = container.controller !== null;
  container.addEventListener("controllerchange", () => {
    if (asked) location.reload();
    // Another tab asked; this one goes on with what it has until its own person wants it.
    else if (controlled) {
      waiting = null;
      updateReady.value = true;
    }
  });
  try {
    const registration = await container.register("/sw.js");
    const ready = () => {
      // The very first worker takes nothing over.
      if (!registration.waiting || !container.controller) return;
      waiting = registration.waiting;
      updateReady.value = true;
    };
    ready();
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", ready);
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) registration.update().catch(() => undefined);
    });
  } catch {
    worker.value = "refused";
  }
}

/** A notification was pressed: a step inside the app, told to whoever follows the history. */
function open(path: string): void {
  if (!path.startsWith("/") || path.startsWith("//") || path === location.pathname) return;
  const { steps = 0, turn } = history.state ?? {};
  // What follows the path asks something of the screen that stands, which is no step.
  if (path.startsWith(`${location.pathname}#`)) history.replaceState(history.state, "", path);
  else history.pushState({ steps: steps + 1, turn }, "", path);
  dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
}

const POLL_MS = 5000;
const wait = (ms: number, stop: AbortSignal): Promise<void> =>
  new Promise((go) => {
    setTimeout(go, ms);
    stop.addEventListener("abort", () => go());
  });

/** Another language was chosen here: notifications follow. */
async function speak(core: Core, to: string): Promise<void> {
  await core.db.write(["kept"], async (tx) => {
    const own = await getKept(tx, "self");
    if (own) await putKept(tx, "self", { ...own, locale: to });
  });
  core.changed();
  const row = pushRow.peek();
  if (row?.wanted) await (await import("../features/push/actions")).savePrefs(row.prefs);
}

/** For the screens that show it, if one stands. */
const sign = (detail: string): boolean => dispatchEvent(new CustomEvent("natpatrull-sign", { detail }));

/** Starts everything that runs beside the screens. */
export async function startSync(): Promise<void> {
  hearWorker();
  await refresh();
  const core = await pageCore();

  addEventListener("online", () => {
    reached.value = true;
    if (parcels.peek() > 0) void sendSealed();
    void kick("online");
  });
  addEventListener("offline", () => {
    reached.value = false;
  });
  const back = () => {
    // A phone may have slept through everything that the worker wrote.
    if (document.hidden) return;
    void refresh();
    if (self.peek()) void kick("visible");
  };
  document.addEventListener("visibilitychange", back);
  addEventListener("pageshow", (event) => {
    if (event.persisted) back();
  });
  // A part that did not come: perhaps one of an older version, and then the worker finds the newer.
  addEventListener("vite:preloadError", () => {
    void navigator.serviceWorker?.getRegistration().then((registration) => registration?.update()).catch(() => undefined);
  });
  // How the line stands that this tab holds, for a tab that has just opened.
  let own: "live" | "connecting" | null = null;
  channel?.addEventListener("message", (event: MessageEvent<Said>) => {
    const said = event.data;
    if (said.t === "changed") void refresh();
    else if (said.t === "live") line.value = said.state;
    else if (said.t === "ask") {
      if (own !== null) channel?.postMessage({ t: "live", state: own } satisfies Said);
    } else if (said.t === "sign") sign(said.data);
    else {
      // Only a tab with a live line pokes.
      line.value = "live";
      void look();
    }
  });
  channel?.postMessage({ t: "ask" } satisfies Said);
  // One line to the server for all tabs, held by a visible one; who writes gets it after the first write.
  const account = computed(() => (self.value && !self.value.ended && takesPart(self.value) ? self.value.account_id : null));
  effect(() => {
    if (!visible.value || account.value === null) return;
    const stop = new AbortController();
    const listener = {
      live: (state: "live" | "connecting" | "off") => {
        if (stop.signal.aborted && state !== "off") return;
        own = state === "off" ? null : state;
        line.value = state;
        channel?.postMessage({ t: "live", state } satisfies Said);
      },
      poke: () => {
        channel?.postMessage({ t: "poke" } satisfies Said);
        void look();
      },
      sign: (data: string) => {
        channel?.postMessage({ t: "sign", data } satisfies Said);
        sign(data);
      },
    };
    // A part of its own: without it this tab asks by its clock.
    void import("./stream").then((part) => part.listen(core, listener, stop.signal, wait)).catch(() => undefined);
    return () => stop.abort();
  });
  setInterval(() => {
    if (liveState.peek() !== "live" && visible.peek() && account.peek() !== null) void kick("poll");
  }, POLL_MS);

  // Once something of theirs is with the server, the browser is asked to keep the rest. Firefox would ask the person, and nothing is asked here.
  const known = computed(() => self.value?.registered ?? false);
  effect(() => {
    if (known.value && !shared && !/firefox/i.test(navigator.userAgent)) void navigator.storage?.persist?.().catch(() => undefined);
  });

  const youth = computed(() => (known.value && self.value?.role === "youth" && !self.value.ended ? self.value.device_id : null));
  effect(() => {
    if (youth.value !== null) void import("./capability").then((part) => part.mint(core)).catch(() => undefined);
  });
  effect(() => {
    if (parcels.value > 0) void sendSealed();
  });

  let spoken = locale.peek();
  effect(() => {
    if (locale.value === spoken) return;
    spoken = locale.value;
    void speak(core, spoken).catch(() => undefined);
  });

  if (self.peek()) void kick("start");
  // The first screen before anything that it does not need.
  if (document.readyState !== "complete") await new Promise((go) => addEventListener("load", go, { once: true }));
  await startWorker();
  // A new code whose answer was lost is said again until the server has it.
  const finishCode = async () => {
    if (self.peek()?.next_code !== undefined) await (await import("../features/identity/actions")).newCode().catch(() => undefined);
  };
  addEventListener("online", () => void finishCode());
  void finishCode();
  // One that the app ended in the middle of reading, perhaps.
  if (files.peek().some((file) => file.state === "draft")) await (await import("../features/reports/picture")).sweepPictures();
  if (pushRow.peek()?.wanted) await (await import("../features/push/actions")).reconcile();
}
