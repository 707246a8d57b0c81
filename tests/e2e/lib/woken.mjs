// Chromium subscribes to no push service but its maker's: here the page is told of one that is ours.
import { createECDH, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { afterwards } from "./cases.mjs";

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

/** The script for a phone that subscribes at this address. */
export function subscribes(address) {
  const keys = createECDH("prime256v1");
  keys.generateKeys();
  const given = { endpoint: address + randomBytes(8).toString("hex"), p256dh: keys.getPublicKey("base64url"), auth: randomBytes(16).toString("base64url") };
  return `(${hasPushService})(${JSON.stringify(given)})`;
}

/** A push service that takes all and counts. */
export async function takesPushes() {
  const service = { address: "", count: 0 };
  const http = createServer((request, response) => {
    request.resume().on("end", () => {
      service.count += 1;
      response.writeHead(201).end();
    });
  });
  await new Promise((go) => http.listen(0, "localhost", go));
  afterwards(() => http.close());
  service.address = `http://localhost:${http.address().port}/`;
  return service;
}
