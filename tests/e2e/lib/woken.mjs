// Chromium subscribes to no push service but its maker's: here the page is told of one that is ours.
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { afterwards, eventually } from "./cases.mjs";
import { call, registers } from "./patrol.mjs";

/** In the page, before it loads: a browser whose push service answers. With `stays` it knows its subscription after the page has gone too. */
function hasPushService({ endpoint, p256dh, auth, stays }) {
  const PLACE = "test-subscription";
  const made = ({ endpoint, key }) => ({
    endpoint,
    options: { applicationServerKey: new Uint8Array(key).buffer },
    toJSON: () => ({ endpoint, keys: { p256dh, auth } }),
    unsubscribe: () => {
      now = null;
      if (stays) localStorage.removeItem(PLACE);
      return Promise.resolve(true);
    },
  });
  const before = stays && location.protocol !== "about:" ? localStorage.getItem(PLACE) : null;
  let now = before && made(JSON.parse(before));
  PushManager.prototype.getSubscription = () => Promise.resolve(now);
  PushManager.prototype.subscribe = ({ applicationServerKey }) => {
    const kept = { endpoint, key: [...new Uint8Array(applicationServerKey.buffer ?? applicationServerKey)] };
    if (stays) localStorage.setItem(PLACE, JSON.stringify(kept));
    now = made(kept);
    return Promise.resolve(now);
  };
}

/** The browser itself has given the subscription another address, or it was made with another key, before the page is opened again. */
export const changesSubscription = (someone, change) =>
  someone.page.evaluate((change) => {
    const kept = JSON.parse(localStorage.getItem("test-subscription"));
    localStorage.setItem("test-subscription", JSON.stringify({ ...kept, ...change }));
  }, change);

/** A phone that subscribes at this address: the script for its pages, its endpoint, and what only it can do, opening a push. */
export function wakes(address, { stays = false } = {}) {
  const keys = createECDH("prime256v1");
  keys.generateKeys();
  const auth = randomBytes(16);
  const given = { endpoint: address + randomBytes(8).toString("hex"), p256dh: keys.getPublicKey("base64url"), auth: auth.toString("base64url") };
  /** RFC 8291, in one record. */
  const opens = (body) => {
    const salt = body.subarray(0, 16);
    const theirs = body.subarray(21, 21 + body[20]);
    const sealed = body.subarray(21 + body[20]);
    const derive = (secret, salt, info, length) => Buffer.from(hkdfSync("sha256", secret, salt, info, length));
    const secret = derive(keys.computeSecret(theirs), auth, Buffer.concat([Buffer.from("WebPush: info\0"), keys.getPublicKey(), theirs]), 32);
    const [key, nonce] = [derive(secret, salt, "Content-Encoding: aes128gcm\0", 16), derive(secret, salt, "Content-Encoding: nonce\0", 12)];
    const cipher = createDecipheriv("aes-128-gcm", key, nonce).setAuthTag(sealed.subarray(-16));
    const plain = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
    return JSON.parse(plain.subarray(0, plain.lastIndexOf(2)).toString());
  };
  return { script: `(${hasPushService})(${JSON.stringify({ ...given, stays })})`, ...given, opens };
}

/** The script for a phone that subscribes at this address. */
export const subscribes = (address) => wakes(address).script;

/** Phones of others that subscribed here, without a browser: fewer than 20 are never told apart. */
export async function crowd(server, service, phones, prefs) {
  for (let n = 0; n < phones; n++) {
    const { endpoint } = wakes(service.address);
    const keys = createECDH("prime256v1");
    const body = { endpoint, p256dh: keys.generateKeys("base64url"), auth: randomBytes(16).toString("base64url"), replies: false, topics: [], municipalities: [], locale: "sv", tips_at_night: true, ...prefs };
    await call(server.youths, "/api/v1/push/subscription", { method: "PUT", token: (await registers(server)).token, body });
  }
}

/** A push service that takes all, counts, and keeps what came for whom. */
export async function takesPushes() {
  const service = { address: "", count: 0, pushes: [] };
  const http = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      service.count += 1;
      service.pushes.push({ path: request.url, body: Buffer.concat(parts) });
      response.writeHead(201).end();
    });
  });
  await new Promise((go) => http.listen(0, "localhost", go));
  afterwards(() => http.close());
  service.address = `http://localhost:${http.address().port}/`;
  return service;
}

/** By page: the browser's own line to the workers. It stays open, for what was sent by one that is closed at once may not arrive. */
const lines = new WeakMap();
async function lineOf(page) {
  if (!lines.has(page)) {
    const session = await page.context().newCDPSession(page);
    const line = { session, registrationId: null };
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      for (const { registrationId, isDeleted } of registrations) if (!isDeleted) line.registrationId = registrationId;
    });
    lines.set(page, line);
    await session.send("ServiceWorker.enable");
  }
  const line = lines.get(page);
  await eventually(() => line.registrationId, "no worker is registered");
  return line;
}

/** Does something in the worker, which does not go to sleep while it is watched. */
export const inWorker = (someone, work, given) => someone.page.context().serviceWorkers()[0].evaluate(work, given);

/** In the worker: how many notices have been shown. */
function countsShown() {
  if (self.shown === undefined) {
    self.shown = 0;
    const show = self.registration.showNotification.bind(self.registration);
    self.registration.showNotification = (...given) => show(...given).finally(() => (self.shown += 1));
  }
  return self.shown;
}

/**
 * The worker gets a push, as the browser would give it; text as it is. `origin`: of the app, where no page shows it. Resolves once it is
 * shown: whoever asks Chromium for its notices in between makes it forget the one that is on its way.
 */
export async function delivers(someone, payload, origin = new URL(someone.page.url()).origin) {
  const { session, registrationId } = await lineOf(someone.page);
  const before = await eventually(async () => [await inWorker(someone, countsShown)], "there is no worker");
  await session.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data: typeof payload === "string" ? payload : JSON.stringify(payload) });
  await eventually(async () => (await inWorker(someone, countsShown)) > before[0], "the push was not shown");
}

/** What stands on the lock screen, as the worker showed it. */
export const notices = (someone) =>
  inWorker(someone, async () =>
    (await self.registration.getNotifications()).map(({ title, body, tag, lang, icon, actions, requireInteraction }) => ({
      title,
      body,
      tag,
      lang,
      icon: new URL(icon).pathname,
      buttons: actions.map((one) => one.title),
      stays: requireInteraction,
    })),
  );

/** Presses the notice with this tag, or the button of it with this name, when it is there. */
export async function pressesNotice(someone, tag, button) {
  await eventually(async () => (await notices(someone)).some((notice) => notice.tag === tag), `there is no notice "${tag}"`);
  await inWorker(
    someone,
    async ([tag, button]) => {
      const [notification] = await self.registration.getNotifications({ tag });
      const action = button === undefined ? "" : notification.actions.find(({ title }) => title === button).action;
      self.dispatchEvent(new NotificationEvent("notificationclick", { notification, action }));
    },
    [tag, button],
  );
}
