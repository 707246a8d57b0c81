import { signal } from "@preact/signals";
import { backoff, drain, hurry, type Drained, type Pace } from "./drain";
import { conversationRows, pageCore, self } from "./mirror";
import { shared } from "./shared";
import { pull } from "./pull";
import { SignedOut } from "./session";

/** Why sending stands still, when only a person or an update can change that. */
export const paused = signal<Extract<Drained, { state: "paused" }> | null>(null);

/** Talks on the screen, counted: two panes may show the same one. */
export const followed = new Map<string, number>();

const pace: Pace = { failures: 0, at: 0 };
let timer: ReturnType<typeof setTimeout> | undefined;

/** Runs `work` once at a time; calls meanwhile are one more run, and wait for it. */
function coalesced(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const start = (): Promise<void> => {
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (!running) return start();
    next ??= running.then(
      () => {
        next = null;
        return start();
      },
      () => {
        next = null;
        return start();
      },
    );
    return next;
  };
}

const send = coalesced(async () => {
  const core = await pageCore();
  const result = await drain(core, pace);
  paused.value = result.state === "paused" ? result : null;
  clearTimeout(timer);
  if (result.state === "later") timer = setTimeout(() => void kick("timer"), Math.max(250, result.at - Date.now()));
  if (result.state === "later") void wakeLater();
  if (result.state === "paused" && result.why === "outdated") void (await navigator.serviceWorker?.getRegistration())?.update();
  void upload.run().catch(() => undefined);
});

interface WithSync extends ServiceWorkerRegistration {
  sync?: { register(tag: string): Promise<void> };
}

/** Where the browser can, it wakes the worker when there is a network again, even with the app closed. */
export async function wakeLater(): Promise<void> {
  if (shared) return;
  const registration = (await navigator.serviceWorker?.getRegistration().catch(() => undefined)) as WithSync | undefined;
  await registration?.sync?.register("outbox").catch(() => undefined);
}

/** Tries again by its own clock after a failure: with the texts sent and the line live, nothing else may come to do so. */
function stubborn(work: () => Promise<void>): { run: () => Promise<void>; hurry: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  const run = coalesced(async () => {
    clearTimeout(timer);
    try {
      await work();
      failures = 0;
    } catch (error) {
      if (!(error instanceof SignedOut)) timer = setTimeout(() => void run().catch(() => undefined), Math.max(1000, backoff(Math.random(), failures++)));
      throw error;
    }
  });
  return { run, hurry: () => (failures = 0) };
}

const upload = stubborn(async () => {
  const core = await pageCore();
  // The part that sends them is fetched when there is something for it to do: then the words have gone, and there is a network.
  if ((await core.db.read(["files"], (tx) => tx.all("files"))).some((file) => file.state === "ready")) await (await import("./files")).sendFiles(core);
});
const parcels = stubborn(async () => (await import("./parcels")).sendParcels(await pageCore()));
const news = stubborn(async () => pull(await pageCore(), followed.keys()));

export type Why = "start" | "write" | "online" | "visible" | "live" | "push" | "button" | "poll" | "timer";

/** Sealed words go by themselves, whoever is signed in here. */
export const sendSealed = (): Promise<void> => parcels.run().catch(() => undefined);

/** First what was written here, then what came. Never throws: what fails waits for the next reason. */
export async function kick(why: Why): Promise<void> {
  // Anything but our own clock may mean a new network.
  if (why !== "timer" && why !== "poll") {
    pace.failures = pace.at = 0;
    upload.hurry();
    news.hurry();
  }
  if (why === "button") await hurry(await pageCore()).catch(() => undefined);
  await send().catch(() => undefined);
  await look();
}

export async function look(): Promise<void> {
  await news.run().catch(() => undefined);
}

export function follow(id: string): void {
  followed.set(id, (followed.get(id) ?? 0) + 1);
  if (self.peek() && (conversationRows.peek().some((talk) => talk.conversation_id === id) || self.peek()?.registered)) void look();
}

export function unfollow(id: string): void {
  const left = (followed.get(id) ?? 1) - 1;
  if (left > 0) followed.set(id, left);
  else followed.delete(id);
}
