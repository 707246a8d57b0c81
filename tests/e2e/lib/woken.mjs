// Chromium subscribes to no push service but its maker's: here the page is told of one that is ours.
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { afterwards, eventually } from "./cases.mjs";
import { call, registers } from "./patrol.mjs";

/** In the page, before it loads: a browser whose push service answers. */
function hasPushService({ endpoint, p256dh, auth }) {
  let now = null;
  PushManager.prototype.getSubscription = () => Promise.resolve(now);
  PushManager.prototype.subscribe = ({ applicationServerKey }) => {
    const key = applicationServerKey.buffer ?? applicationServerKey;
    now = { endpoint, options: { applicationServerKey: key }, unsubscribe: () => Promise.resolve(true), toJSON: () => ({ endpoint, keys: { p256dh, auth } }) };
    return Promise.resolve(now);
  };
}

/** A phone that subscribes at this address: the script for its pages, its endpoint, and what only it can do, opening a push. */
export function wakes(address) {
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
  return { script: `(${hasPushService})(${JSON.stringify(given)})`, endpoint: given.endpoint, opens };
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

/** The worker of this page gets a push, as the browser would give it. */
export async function delivers(someone, payload) {
  const { page } = someone;
  const session = await page.context().newCDPSession(page);
  const found = new Promise((go) => session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => registrations[0] && go(registrations[0].registrationId)));
  await session.send("ServiceWorker.enable");
  await session.send("ServiceWorker.deliverPushMessage", { origin: new URL(page.url()).origin, registrationId: await found, data: JSON.stringify(payload) });
  await session.detach();
}

/** Presses the notice with this tag, when it is there. */
export async function pressesNotice(someone, tag) {
  const notices = () => someone.page.evaluate(async (tag) => (await (await navigator.serviceWorker.ready).getNotifications({ tag })).length, tag);
  await eventually(async () => (await notices()) > 0, `there is no notice "${tag}"`);
  const [worker] = someone.page.context().serviceWorkers();
  await worker.evaluate(async (tag) => {
    const [notification] = await self.registration.getNotifications({ tag });
    self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
  }, tag);
}
