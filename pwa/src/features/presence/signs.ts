import { signal } from "@preact/signals";
import type { Doing } from "../../api/wire";
import { online } from "../../sync/state";
import { pageCore } from "../../sync/mirror";
import { api } from "../../sync/session";

export interface Sign {
  conversation_id: string;
  kind: Doing["kind"];
  /** The officer's; null: it is the youth. */
  public_number: string | null;
}

/** As the server says, and for writing less: a line that stands too long tells of somebody who has stopped. */
const LIFE_MS = { looking: 15_000, typing: 8_000 };
/** Writing is said so often while it lasts. */
const EVERY_MS = 4_000;

interface Shown extends Sign {
  until: number;
}

const shown = signal<Shown[]>([]);
let timer: ReturnType<typeof setTimeout> | undefined;

const same = (a: Sign, b: Sign): boolean => a.conversation_id === b.conversation_id && a.kind === b.kind && a.public_number === b.public_number;

/** A timer runs only as long as something stands on the screen that has to go. */
function show(next: Shown[]): void {
  shown.value = next;
  clearTimeout(timer);
  if (next.length === 0) return;
  timer = setTimeout(() => show(shown.peek().filter(({ until }) => until > Date.now())), Math.max(50, Math.min(...next.map(({ until }) => until)) - Date.now()));
}

addEventListener("natpatrull-sign", (event) => {
  const sign = JSON.parse((event as CustomEvent<string>).detail) as Sign;
  const life = LIFE_MS[sign.kind];
  if (life) show([...shown.peek().filter((other) => !same(other, sign)), { ...sign, until: Date.now() + life }]);
});

export const signsIn = (id: string): Sign[] => shown.value.filter((sign) => sign.conversation_id === id);

/** Whose words have come writes no more. */
export function wrote(id: string): void {
  const rest = shown.peek().filter((sign) => sign.conversation_id !== id || sign.kind !== "typing");
  if (rest.length < shown.peek().length) show(rest);
}

/** Said and forgotten: nobody is told when it does not arrive. */
export async function give(id: string, kind: Doing["kind"]): Promise<void> {
  await api(await pageCore(), `/api/v1/presence/conversations/${id}`, { method: "POST", body: { kind } });
}

let last = { id: "", at: 0 };

/** With every letter, and told once in some seconds. */
export function typing(id: string): void {
  const at = Date.now();
  if (!online.peek() || (last.id === id && at - last.at < EVERY_MS)) return;
  last = { id, at };
  void give(id, "typing").catch(() => undefined);
}
