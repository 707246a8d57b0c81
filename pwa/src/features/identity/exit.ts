import { signal } from "@preact/signals";
import { DUE, forGood, inTab, read, write } from "../../head/keys";
import { getKept } from "../../sync/core";
import { pageCore } from "../../sync/mirror";
import { vacate } from "./leave";
import { sealable } from "./queries";

const KEY = "natpatrull-exit";

/** `hide`: a quick exit does not empty the app. `begun`: where it does, what is not finished is sealed with the rest. */
export interface Choice {
  hide: boolean;
  begun: boolean;
}

/** The choice is the phone's, as its language is. */
export const choice = signal<Choice>({ hide: false, begun: false, ...(JSON.parse(read(forGood, KEY) ?? "{}") as Partial<Choice>) });

export function choose(next: Choice): void {
  choice.value = next;
  write(forGood, KEY, JSON.stringify(next));
}

/** Why a quick exit would only hide the app: it was chosen so, there is no surely kept code to come back with, or something would be lost. */
export type Hides = "chosen" | "code" | "unsent";

export async function hides(): Promise<Hides | null> {
  if (choice.peek().hide) return "chosen";
  const { db } = await pageCore();
  return db.read(["kept", "outbox", "files"], async (tx) => {
    const self = await getKept(tx, "self");
    if (self?.role !== "youth" || self.code_state !== "confirmed" || self.next_code !== undefined) return "code";
    const youths = [self, ...((await getKept(tx, "aside")) ?? []).map((one) => one.self).filter((one) => one.role === "youth")];
    const able = (await getKept(tx, "capabilities")) ?? {};
    const sealed = (id: string) => youths.some((one) => one.account_id === id && able[id]?.device_id === one.device_id && able[id].parcel_key);
    const own = (row: { account_id: string }) => youths.some((one) => one.account_id === row.account_id);
    const lost = (await tx.all("outbox")).some((row) => own(row) && row.state !== "sent" && row.kind !== "conversation-read" && !(sealable(row) && sealed(row.account_id)));
    return lost || (await tx.all("files")).some((file) => own(file) && (file.state === "waiting" || file.state === "ready")) ? "unsent" : null;
  });
}

/**
 * Does to the phone what a quick exit is to do, once and by one tab: where it can be opened again by a code that is surely kept, it is
 * emptied. It runs behind the page that the exit leads to, and, if it was cut off there, before anything is shown at the next start.
 * What is half written stands in the tab that was left, so another tab that was told of it `waits` for that one first.
 */
export async function finish(waits: boolean): Promise<void> {
  if (waits && read(inTab, DUE) === null) await new Promise((go) => setTimeout(go, 3000));
  const core = await pageCore();
  await core.alone("natpatrull-exit", async () => {
    if (read(forGood, DUE) !== null && (await hides()) === null) void (await vacate("seal", choice.peek().begun, 300))();
    for (const place of [forGood, inTab]) write(place, DUE, null);
  });
  // Nor does the icon tell of anything.
  void navigator.setAppBadge?.(0).catch(() => undefined);
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const notice of (await registration?.getNotifications()) ?? []) notice.close();
}
