import { computed, effect, signal } from "@preact/signals";
import { pageCore } from "../../sync/mirror";
import { forgetWithOwner } from "../../sync/owner";
import type { SealKey } from "../../sync/rows";
import { keyOf, seal, unseal } from "../../sync/seal";
import { shared } from "../../sync/shared";

const KEY = "natpatrull-half-written";
const NAME = "half-written";
/** What is sealed begins with this; older words stood there as they were. */
const MARK = "~";

type Words = Record<string, string>;

/** Where nothing outlives the page no key does either. */
async function key(): Promise<SealKey | undefined> {
  const { db } = await pageCore();
  return db.durable ? keyOf(db) : undefined;
}

/** Storage may be refused, and is not ours alone to trust: then the words live as long as the page. */
async function remembered(): Promise<Words> {
  const text = sessionStorage.getItem(KEY) ?? "{}";
  if (!text.startsWith(MARK)) return JSON.parse(text) as Words;
  const bytes = Uint8Array.from(text.slice(1), (char) => char.charCodeAt(0));
  const opener = await key();
  const plain = opener && (await unseal(opener, NAME, { iv: bytes.slice(0, 12), data: bytes.slice(12).buffer }));
  return plain ? (JSON.parse(new TextDecoder().decode(plain)) as Words) : {};
}

async function remember(now: Words): Promise<void> {
  const plain = JSON.stringify(now);
  if (plain === "{}") return sessionStorage.removeItem(KEY);
  const closer = await key();
  const sealed = closer && (await seal(closer, NAME, plain));
  // Letters that have come meanwhile are on their way themselves.
  if (words.peek() === now)
    sessionStorage.setItem(KEY, sealed ? MARK + [...sealed.iv, ...new Uint8Array(sealed.data)].map((byte) => String.fromCharCode(byte)).join("") : plain);
}

/** Words not sent yet, by the place where they stand. They outlive a reload and go with the tab, so a shared phone keeps nothing of them. */
export const words = signal<Words>({});

/** Those that can be sent by themselves: an answer that was chosen beside them, at `new/…`, is none. */
export const texts = computed(() => Object.fromEntries(Object.entries(words.value).filter(([place]) => !place.includes("/"))));

export const halfWritten = (place: string): string => words.value[place] ?? "";

export function write(place: string, text: string): void {
  const { [place]: _before, ...others } = words.peek();
  words.value = text === "" ? others : { ...others, [place]: text };
}

/** Done when what stood here before has been read: until then the words are not all there. */
export const opened: Promise<void> = (async () => {
  if (shared) return;
  const before = await remembered().catch((): Words => ({}));
  // What was typed while they were opened stands after them.
  for (const [place, text] of Object.entries(before)) write(place, [text, halfWritten(place)].filter(Boolean).join("\n\n"));
  effect(() => void remember(words.value).catch(() => undefined));
})();

/** What stands where nothing can be sent any more goes to where it can. */
export function carry(from: string, to: string): void {
  const text = words.peek()[from];
  if (!text) return;
  write(to, [words.peek()[to], text].filter(Boolean).join("\n\n"));
  write(from, "");
}

/** What was sent goes; what was typed while it was on its way to the disk stays. */
export function sent(place: string, text: string): void {
  const now = words.peek()[place] ?? "";
  if (now.startsWith(text)) write(place, now.slice(text.length).trimStart());
}

forgetWithOwner(() => (words.value = {}));
