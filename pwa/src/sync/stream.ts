import type { Core } from "./core";
import { bearer, SignedOut } from "./session";

export interface Listener {
  live(state: "live" | "connecting" | "off"): void;
  /** Something has grown, or may have while nobody listened. */
  poke(): void;
  /** What somebody does in a talk at this moment; nothing is to be fetched for it. */
  sign(data: string): void;
}

/** The server says something at least each 25 s; twice that without a word is a dead line. */
const SILENCE_MS = 60_000;

/** Splits what comes into events; what is left over is the beginning of the next. */
export function events(text: string): { names: string[]; signs: string[]; rest: string } {
  const parts = text.split(/\r?\n\r?\n/);
  const rest = parts.pop() ?? "";
  const found = parts.map((part) => [/^event: ?(.*)$/m, /^data: ?(.*)$/m].map((line) => line.exec(part)?.[1]?.trim() ?? ""));
  const of = (sign: boolean, nth: number) => found.filter(([name]) => name && (name === "sign") === sign).map((event) => event[nth] ?? "");
  return { names: of(false, 0), signs: of(true, 1), rest };
}

/** Listens until `stop`; one listener a browser, because it runs under a lock that the other tabs wait for. */
export async function listen(core: Core, listener: Listener, stop: AbortSignal, wait: (ms: number, stop: AbortSignal) => Promise<void>): Promise<void> {
  await core.alone("natpatrull-stream", async () => {
    let failures = 0;
    let stale: string | undefined;
    while (!stop.aborted) {
      listener.live("connecting");
      let token: string | undefined;
      let ended = false;
      try {
        token = await bearer(core, stale);
        stale = undefined;
        ended = await once(core, token, listener, stop, () => {
          failures = 0;
        });
      } catch (error) {
        if (error instanceof SignedOut) break;
        if (error instanceof Refused) stale = token;
      }
      if (stop.aborted) break;
      if (ended) stale = token;
      else listener.live("off");
      // Spread out, so that a thousand phones do not come back in the same second.
      await wait(core.random() * (ended ? 1000 : Math.min(30_000, 1000 * 2 ** Math.min(failures, 6))), stop);
      failures += 1;
    }
    listener.live("off");
  });
}

class Refused extends Error {}

/** True when the server ended it because the token did. */
async function once(core: Core, token: string, listener: Listener, stop: AbortSignal, opened: () => void): Promise<boolean> {
  const cut = new AbortController();
  const cutNow = () => cut.abort();
  stop.addEventListener("abort", cutNow);
  let silence = setTimeout(cutNow, 20_000);
  try {
    const answer = await core.fetch("/api/v1/sync/stream", {
      headers: { accept: "text/event-stream", authorization: `Bearer ${token}` },
      cache: "no-store",
      credentials: "same-origin",
      signal: cut.signal,
    });
    if (answer.status === 401) throw new Refused();
    if (!answer.ok || !answer.body || !answer.headers.get("content-type")?.startsWith("text/event-stream")) throw new Error("no stream");
    opened();
    listener.live("live");
    listener.poke();
    const reader = answer.body.getReader();
    const words = new TextDecoder();
    let held = "";
    for (;;) {
      clearTimeout(silence);
      silence = setTimeout(cutNow, SILENCE_MS);
      const { value, done } = await reader.read();
      if (done) return false;
      const { names, signs, rest } = events(held + words.decode(value, { stream: true }));
      held = rest;
      if (names.includes("end")) return true;
      signs.forEach(listener.sign);
      if (names.length > 0) listener.poke();
    }
  } finally {
    clearTimeout(silence);
    cutNow();
    stop.removeEventListener("abort", cutNow);
  }
}
