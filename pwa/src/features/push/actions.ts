import { Unreached } from "../../api/problem";
import type { PushKey, PushPrefs, Subscription } from "../../api/wire";
import { keep, kept, type Core } from "../../sync/core";
import { base64url, fromBase64url } from "../../sync/ids";
import { plain as plainLook } from "../../app/look";
import { pageCore, pageLocale, refresh, self } from "../../sync/mirror";
import type { PushRow } from "../../sync/rows";
import { api } from "../../sync/session";
import { register } from "../identity/actions";
import "./badge";
import { needsHome, thisBrowser } from "../unsent/keeping";
import { heard, only } from "./prefs";
import { pushState } from "./queries";

const PATH = "/api/v1/push/subscription";
/** Some browsers never answer when their push service cannot be reached. */
const LIMIT_MS = 20_000;

function possible(): boolean {
  if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) return true;
  pushState.value = needsHome(thisBrowser()) ? "needs-install" : "unsupported";
  return false;
}

function limited<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new DOMException("no answer", "TimeoutError")), LIMIT_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const sameKey = (subscription: PushSubscription, key: PushKey): boolean => {
  const own = subscription.options.applicationServerKey;
  return own !== null && base64url(new Uint8Array(own)) === key.public_key.replace(/=+$/, "");
};

/** A subscription made with the server's key of today: one with an older key fails without a word. */
async function subscribed(core: Core): Promise<{ subscription: PushSubscription; key: PushKey }> {
  const key = await api<PushKey>(core, "/api/v1/push/key");
  const { pushManager } = await limited(navigator.serviceWorker.ready);
  let subscription = await pushManager.getSubscription();
  if (subscription && !sameKey(subscription, key)) {
    await subscription.unsubscribe();
    subscription = null;
  }
  subscription ??= await limited(pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: fromBase64url(key.public_key) }));
  return { subscription, key };
}

async function tell(core: Core, prefs: PushPrefs): Promise<void> {
  const { subscription, key } = await subscribed(core);
  const { endpoint, keys } = subscription.toJSON();
  // From the disk: an account that was made for this is not on the screen yet.
  const youth = (await kept(core, "self"))?.role === "youth";
  const told = await api<Subscription>(core, PATH, {
    method: "PUT",
    body: { endpoint, p256dh: keys?.["p256dh"], auth: keys?.["auth"], key_id: key.key_id, ...only({ ...prefs, plain: plainLook && youth }, youth), locale: pageLocale() },
  });
  const row: PushRow = { wanted: true, prefs: heard(told, youth), key_id: key.key_id, endpoint: subscription.endpoint };
  await keep(core, "push", row);
  pushState.value = "on";
}

/** Notices wear what the app wears. */
const plainHere = (): boolean => plainLook && self.peek()?.role === "youth";

/** Asks the browser, subscribes, tells the server. Only ever after a press. */
export async function enable(prefs: PushPrefs): Promise<void> {
  if (!possible()) return;
  const allowed = await Notification.requestPermission();
  if (allowed !== "granted") {
    pushState.value = allowed === "denied" ? "denied" : "off";
    return;
  }
  try {
    await register();
    await tell(await pageCore(), prefs);
  } catch (error) {
    pushState.value = "failed";
    // The state says that the push service did not answer; other reasons are the server's own words.
    if (!(error instanceof DOMException)) throw error;
  }
  await refresh();
}

export async function savePrefs(prefs: PushPrefs): Promise<void> {
  await tell(await pageCore(), prefs);
  await refresh();
}

/** The browser takes no more notices, whatever the server still believes; says whether it took any. */
export async function unsubscribe(): Promise<boolean> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const subscription = await registration?.pushManager?.getSubscription();
  reconcileState(false);
  return (await subscription?.unsubscribe()) ?? false;
}

export async function disable(): Promise<void> {
  const core = await pageCore();
  const took = await unsubscribe();
  const row = await kept(core, "push");
  if (row) await keep(core, "push", { wanted: false, prefs: row.prefs });
  await refresh();
  if (took || row?.wanted) await api(core, PATH, { method: "DELETE" });
}

export async function sendTest(): Promise<void> {
  await api(await pageCore(), `${PATH}/test`, { method: "POST" });
}

function reconcileState(on: boolean): void {
  if (!possible()) return;
  pushState.value = Notification.permission === "denied" ? "denied" : on ? "on" : "off";
}

let agreeing: Promise<void> | null = null;

/** At each start and return: what the browser has, what the server knows and what was wished for are made to agree. Once, although the
 *  start and a screen may ask for it at the same time. */
export const reconcile = (): Promise<void> => (agreeing ??= agree().finally(() => (agreeing = null)));

async function agree(): Promise<void> {
  const core = await pageCore();
  const row = await kept(core, "push");
  if (!possible()) return;
  if (!row?.wanted || Notification.permission !== "granted") return reconcileState(false);
  try {
    const registration = await navigator.serviceWorker.getRegistration();
    const subscription = await registration?.pushManager.getSubscription();
    const key = await api<PushKey>(core, "/api/v1/push/key");
    if (subscription && subscription.endpoint === row.endpoint && key.key_id === row.key_id && sameKey(subscription, key) && (row.prefs.plain ?? false) === plainHere())
      return reconcileState(true);
    await tell(core, row.prefs);
  } catch (error) {
    // Without a network nothing is known to be wrong; the next start asks again.
    if (error instanceof Unreached) reconcileState(true);
    else pushState.value = "failed";
  }
}
