// Real Web Push in Firefox ESR: the running server encrypts, signs and sends to a push service of our own, the browser's service
// worker shows the notification while no page of ours is open. Run with an empty HOME: HOME=$(mktemp -d) node firefox-push.mjs
import puppeteer from "puppeteer-core";
import { existsSync } from "node:fs";
import { afterwards, eventually, expect, shows, suite, watch } from "./lib/cases.mjs";
import { onDuty } from "./lib/patrol.mjs";
import { startServer } from "./lib/server.mjs";
import { remember } from "./lib/traces.mjs";
import { words } from "./lib/words.mjs";
import { startPushService } from "./push-service.mjs";

const { say } = words("sv");
const executablePath = process.env.FIREFOX_PATH ?? ["/usr/bin/firefox-esr", "/usr/bin/firefox"].find(existsSync);

const openFirefox = (pushAddress) =>
  puppeteer.launch({
    browser: "firefox",
    executablePath,
    headless: true,
    extraPrefsFirefox: {
      "remote.prefs.recommended": false, // the recommended ones switch push off
      "dom.push.connection.enabled": true,
      "dom.push.serverURL": pushAddress,
      "dom.push.testing.allowInsecureServerURL": true,
      "permissions.default.desktop-notification": 1,
      "alerts.useSystemBackend": false, // without a desktop bus showNotification would fail
      "intl.accept_languages": "sv-SE, sv",
      "app.update.auto": false,
      "datareporting.policy.dataSubmissionEnabled": false,
      "toolkit.telemetry.enabled": false,
    },
  });

/** What the server answers this device, asked with the browser's refresh cookie while no page of the app runs. */
async function asThisDevice(server, firefox, path) {
  const cookie = (await firefox.cookies()).find(({ name, domain }) => name === "natpatrull_refresh" && domain === "127.0.0.1");
  if (cookie) remember(cookie.value);
  const headers = { "x-natpatrull": "refresh", cookie: `natpatrull_refresh=${cookie?.value}` };
  const session = await (await fetch(`${server.youths}/api/v1/identity/refresh`, { method: "POST", headers })).json();
  return (await fetch(server.youths + path, { headers: { authorization: `Bearer ${session.access_token}` } })).status;
}

await suite("firefox", async () => {
  const push = await startPushService();
  afterwards(push.stop);
  const server = await startServer({ name: "firefox" });
  const desk = await onDuty(server, "07");
  const firefox = await openFirefox(push.address);
  afterwards(() => firefox.close());

  const openPage = async (path = "/") => {
    const page = watch(await firefox.newPage());
    await page.goto(server.youths + path);
    return page;
  };
  const button = (page, text) => page.locator(`::-p-xpath(//*[self::button or self::a or self::label][normalize-space(.)="${text}"])`).setTimeout(15_000);
  const notices = (page) =>
    page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(({ title, body, tag }) => ({ title, body, tag })));
  const acknowledged = (count, what) => eventually(() => push.acks.length >= count, `${what}: the browser acknowledged ${push.acks.length} of ${count}; refused here: ${JSON.stringify(push.refused)}, nacked: ${JSON.stringify(push.nacks)}`, 30_000);

  let talk;
  let page;
  await shows("a phone writes, and asks to be told of replies and of tips about scams in Umeå", async () => {
    page = await openPage();
    await page.locator("textarea").fill(remember("Kan ni svara när ni hinner?"));
    await button(page, say("composer_send")).click();
    talk = await desk.talkSaying("Kan ni svara när ni hinner?");
    await page.goto(`${server.youths}/notices`);
    await button(page, say("topic_scams")).click();
    await page.evaluate((label) => {
      const county = [...document.querySelectorAll("select")].find((list) => list.labels[0]?.textContent.includes(label));
      county.value = [...county.options].find((option) => option.textContent.startsWith("Västerbotten")).value;
      county.dispatchEvent(new Event("change", { bubbles: true }));
    }, say("notices_county"));
    await button(page, "Umeå").click();
    // A suite may run at any hour.
    await button(page, say("notices_at_night")).click();
    await button(page, say("notices_on")).click();
    await page.waitForFunction((text) => document.body.innerText.includes(text), { timeout: 30_000 }, say("notices_state_on"));
    expect(push.endpoints().length === 1, `the push service has ${push.endpoints().length} endpoints`);
    expect((await asThisDevice(server, firefox, "/api/v1/push/subscription")) === 200, "the server has no subscription of this device");
  });

  await shows("with no page of ours open, a reply shows as a notification", async () => {
    await page.goto("about:blank");
    await desk.takes(talk);
    await desk.answers(talk, "Nu är jag här. Berätta mer.");
    await acknowledged(1, "the reply");
  });

  await shows("a tip on the chosen topic shows too, and one on another topic does not", async () => {
    const before = push.posts.length;
    await desk.publishes({ topic: "hate", text: "Skicka inte vidare det som är elakt." });
    await desk.publishes({ topic: "scams", text: "Falska vinster skickas runt. Tryck inte på länken." });
    await acknowledged(2, "the tip");
    await new Promise((next) => setTimeout(next, 1500));
    expect(push.posts.length === before + 1, `${push.posts.length - before} pushes were sent for two tips of which one was asked for`);
  });

  await shows("nothing was nacked, and a page opened later lists both, in neutral words", async () => {
    expect(push.nacks.length === 0, `nacked: ${JSON.stringify(push.nacks)}`);
    expect(push.refused.length === 0, `the push service refused: ${JSON.stringify(push.refused)}`);
    page = await openPage();
    const list = await notices(page);
    expect(list.length === 2, `getNotifications() lists ${JSON.stringify(list)}`);
    expect(!JSON.stringify(list).includes("Berätta mer"), `a notification carries the words of the talk: ${JSON.stringify(list)}`);
  });

  await shows("a subscription that ends makes the endpoint 410, and the server's row goes", async () => {
    // The app would subscribe anew as long as the person has notices on, so its page goes at once.
    const ended = await page.evaluate(async () => (await (await navigator.serviceWorker.ready).pushManager.getSubscription()).unsubscribe());
    await page.goto("about:blank");
    expect(ended, "unsubscribe() said no");
    await eventually(() => push.endpoints().length === 0, "the push service still has the endpoint");
    await desk.answers(talk, "Hör du av dig igen?");
    await eventually(() => push.gone.length > 0, "the server did not send to the ended endpoint", 30_000);
    let status;
    await eventually(
      async () => (status = await asThisDevice(server, firefox, "/api/v1/push/subscription")) === 404,
      () => `the row is still there after 410: its status is ${status}, endpoints ${push.endpoints().length}`,
    );
  });
});
