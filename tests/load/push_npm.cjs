// npm web-push on one core: node push_npm.cjs MODULE PORT SECS AT_ONCE. It always calls https.request, which is pointed at http.request
// with an agent that keeps connections: its kindest case.
const http = require("node:http");
const https = require("node:https");
const crypto = require("node:crypto");
const [module_, port, secs, atOnce] = process.argv.slice(2);
const push = require(module_);
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(atOnce) });
https.request = (options, done) => http.request({ ...options, protocol: "http:", agent, host: "127.0.0.1", hostname: "127.0.0.1", port }, done);
const keys = push.generateVAPIDKeys();
const options = { vapidDetails: { subject: "mailto:drift@example.org", ...keys }, TTL: 60, contentEncoding: "aes128gcm" };
const phones = Array.from({ length: 200 }, (_, nth) => {
  const phone = crypto.createECDH("prime256v1");
  phone.generateKeys();
  return { endpoint: `https://127.0.0.1:${port}/push/${nth}`, keys: { p256dh: phone.getPublicKey("base64url"), auth: crypto.randomBytes(16).toString("base64url") } };
});
const payload = JSON.stringify({ title: "Safety tip", body: "x".repeat(200) });
(async () => {
  let sent = 0;
  const since = performance.now();
  const end = since + 1000 * secs;
  await Promise.all(Array.from({ length: Number(atOnce) }, async () => {
    while (performance.now() < end) await push.sendNotification(phones[sent++ % phones.length], payload, options);
  }));
  console.log(JSON.stringify({ rps: Math.round((1000 * sent) / (performance.now() - since)) }));
  process.exit(0);
})();
