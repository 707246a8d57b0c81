// Real Web Push in Firefox ESR: the running server encrypts, signs and sends to a push service of our own, the browser's service
// worker shows the notification while no page of ours is open.
import { afterwards, eventually, expect, shows, suite, watch } from "./lib/cases.mjs";
import { openFirefox } from "./lib/firefox.mjs";
import { call, onDuty, registers, uuid7 } from "./lib/patrol.mjs";
import { startServer } from "./lib/server.mjs";
import { remember } from "./lib/traces.mjs";
import { crowd, wakes } from "./lib/woken.mjs";
import { words } from "./lib/words.mjs";
import { startPushService } from "./push-service.mjs";

const { say } = words("sv");
/** Presses the notification with this title, where Firefox shows it: in a window of its own, that is no page. */
async function pressesNotice(firefox, title) {
  const asks = async (method, params) => (await firefox.connection.send(method, params)).result;
  const inWindow = async (context, work, ...texts) => {
    const given = texts.map((value) => ({ type: "string", value }));
    return (await asks("script.callFunction", { functionDeclaration: work.toString(), arguments: given, awaitPromise: false, target: { context } })).result?.value;
  };
  const press = (title) => {
    if (document.getElementById("alertTitleLabel")?.value !== title) return false;
    document.getElementById("alertBox").click();
    return true;
  };
  await eventually(async () => {
    const { contexts } = await asks("browsingContext.getTree", { "moz:scope": "chrome" });
    for (const { context, url } of contexts.reverse())
      // One that goes while it is looked at was not it.
      if (url.endsWith("/alert.xhtml") && (await inWindow(context, press, title).catch(() => false))) return true;
    return false;
  }, `Firefox shows no notification "${title}"`);
}

/** So many minutes from now, by the clock in Stockholm. */
const clock = (minutes) => new Date(Date.now() + minutes * 60_000).toLocaleTimeString("sv-SE", { timeZone: "Europe/Stockholm", hour: "2-digit", minute: "2-digit" });
const nowIn = () => ({ from: clock(-120), until: clock(120) });
const later = () => ({ from: clock(120), until: clock(240) });

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
  const lead = await onDuty(server, "03");
  const firefox = await openFirefox({
    "remote.prefs.recommended": false, // the recommended ones switch push off
    "dom.push.connection.enabled": true,
    "dom.push.serverURL": push.address,
    "dom.push.testing.allowInsecureServerURL": true,
    "permissions.default.desktop-notification": 1,
    "alerts.useSystemBackend": false, // without a desktop bus showNotification would fail
  });
  afterwards(() => firefox.close());

  const openPage = async (path = "/") => {
    const page = watch(await firefox.newPage());
    await page.goto(server.youths + path);
    return page;
  };
  const button = (page, text) => page.locator(`::-p-xpath(//*[self::button or self::a or self::label][normalize-space(.)="${text}" or @aria-label="${text}" or (self::button and contains(., "${text}"))])`).setTimeout(15_000);
  const notices = (page) =>
    page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(({ title, body, tag }) => ({ title, body, tag })));
  const screen = (page, text) => page.waitForFunction((text) => new RegExp(text).test(document.body.innerText), { timeout: 30_000 }, text.source ?? text);
  /** The choices of notices are saved as they stand. */
  const saves = async () => {
    const told = page.waitForResponse((answer) => answer.request().method() === "PUT" && answer.url().endsWith("/push/subscription") && answer.ok());
    await button(page, say("notices_save")).click();
    await told;
    await screen(page, say("notices_saved"));
  };
  /** A part of the day among the choices, by the words above it. */
  const setsHours = async (key, { from, until }) => {
    for (const [n, time] of [from, until].entries())
      await page.evaluate(
        async ([legend, n, time]) => {
          const group = [...document.querySelectorAll("fieldset")].find((one) => one.querySelector("legend")?.textContent === legend);
          const field = group.querySelectorAll("input[type=time]")[n];
          field.value = time;
          field.dispatchEvent(new Event("input", { bubbles: true }));
          // What was set stands on the screen before the next is.
          await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
        },
        [say(key), n, time],
      );
  };
  /** A phone without a browser, which wants scams in Umeå unless it is said. */
  const another = async (prefs = {}) => {
    const { endpoint, p256dh, auth, opens } = wakes(push.takes);
    const { token, ...who } = await registers(server);
    const tells = (more) =>
      call(server.youths, "/api/v1/push/subscription", {
        method: "PUT",
        token,
        body: { endpoint, p256dh, auth, replies: true, topics: ["scams"], municipalities: ["2480"], locale: "sv", tips_at_night: true, ...prefs, ...more },
      });
    await tells();
    return { ...who, token, tells, pushes: () => push.taken.filter(({ path }) => endpoint.endsWith(path)).map(({ body }) => opens(body)) };
  };
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
    const listed = (label) => [...document.querySelectorAll("select")].some((list) => list.labels[0]?.textContent.includes(label) && list.options.length > 1);
    await page.waitForFunction(listed, { timeout: 30_000 }, say("notices_county"));
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

  /** How many pushes this phone has had. */
  const had = () => push.acks.length;
  const hears = async (what, work) => {
    const before = had();
    await work();
    await acknowledged(before + 1, what);
  };
  const open = async (path) => eventually(async () => (await firefox.pages()).find((one) => one.url() === server.youths + path), `nothing is open at ${path}`);
  await shows("a press on a notification leads the open app to what it tells of", async () => {
    await page.goto(`${server.youths}/tips`);
    const told = await page.evaluate(() => performance.timeOrigin);
    await hears("the answer", () => desk.answers(talk, "Ett svar till den öppna appen."));
    await pressesNotice(firefox, say("notices_lock_title"));
    expect((await open(`/talk/${talk.conversation_id}`)) === page, "another page was opened");
    await screen(page, "Ett svar till den öppna appen.");
    expect((await page.evaluate(() => performance.timeOrigin)) === told, "the app began anew");
  });

  await shows("with the app closed a press opens it there, and signed out too what is for everybody", async () => {
    await page.goto("about:blank");
    await hears("the answer", () => desk.answers(talk, "Ett svar till den stängda appen."));
    await pressesNotice(firefox, say("notices_lock_title"));
    const opened = watch(await open(`/talk/${talk.conversation_id}`));
    await screen(opened, "Ett svar till den stängda appen.");
    await opened.close();
    const [session] = (await firefox.cookies()).filter(({ name }) => name === "natpatrull_refresh");
    await firefox.deleteCookie(session);
    const tip_id = uuid7();
    await hears("the tip", () => lead.publishes({ tip_id, topic: "scams", urgent: true, text: "Ett tips till den som är utloggad." }));
    await pressesNotice(firefox, say("notices_lock_tip"));
    const signedOut = watch(await open(`/tips/${tip_id}`));
    await screen(signedOut, "Ett tips till den som är utloggad.");
    await signedOut.close();
    await firefox.setCookie(session);
    page = await openPage();
  });

  // As many as a tip of one municipality must be for.
  const umea = [];
  const tip = (text, more = {}) => ({ tip_id: uuid7(), topic: "scams", municipalities: ["2480"], urgent: true, text, ...more });
  const about = async (tip_id) => (await notices(page)).filter(({ tag }) => tag === `tip:${tip_id}`);

  const first = tip("Någon låtsas vara banken och ringer i Umeå.");
  let held;
  await shows("a tip of one topic and municipality reaches those who asked for both, and nobody else", async () => {
    await crowd(server, { address: push.takes }, 18, { topics: ["scams"], municipalities: ["2480"] });
    umea.push(await another(), await another());
    held = await another({ tips_at_night: false, quiet_hours: nowIn() });
    const elsewhere = await another({ municipalities: ["2580"] });
    const uninterested = await another({ topics: ["hate"] });
    await hears("the tip for Umeå", () => lead.publishes(first));
    await eventually(() => umea.every((phone) => phone.pushes().length === 1), "a phone in Umeå was not told");
    expect(umea[0].pushes()[0].tag === `tip:${first.tip_id}`, `a phone in Umeå was told ${JSON.stringify(umea[0].pushes())}`);
    // One for all of them comes after it, and is not overtaken.
    const all = tip("Till alla som vill veta om bluff.", { municipalities: [] });
    await hears("the tip for all", () => lead.publishes(all));
    await eventually(() => elsewhere.pushes().length > 0, "the phone in Luleå was told nothing");
    expect(elsewhere.pushes().every(({ tag }) => tag === `tip:${all.tip_id}`), `the phone in Luleå was told ${JSON.stringify(elsewhere.pushes())}`);
    expect(uninterested.pushes().length === 0, `the phone without the topic was told ${JSON.stringify(uninterested.pushes())}`);
  });

  await shows("an officer sees how many have had it before he takes it back, and after; it is covered where it shows and told to nobody it had not reached", async () => {
    const officer = watch(await firefox.newPage());
    await officer.goto(`${server.officers}/desk`);
    await button(officer, say("sign_demo_as", { number: "07" })).click();
    await screen(officer, say("desk_title"));
    await officer.goto(`${server.officers}/desk/tips/${first.tip_id}/recall`);
    await screen(officer, say("recall_told", { count: "20" }));
    expect(held.pushes().length === 0, "a tip came within the quiet hours");
    expect((await about(first.tip_id)).length === 1, "the tip does not show");
    await officer.locator("textarea").fill(remember("Det var banken som ringde.", { open: true }));
    await hears("the correction", () => button(officer, say("recall_yes")).click());
    await screen(officer, say("recall_done"));
    await screen(officer, say("sums_stopped"));
    await screen(officer, say("sums_told", { count: "20" }));
    await officer.close();
    const [notice, ...more] = await eventually(async () => (await about(first.tip_id))[0]?.title === "Något är rättat" && about(first.tip_id), "the correction does not show");
    expect(more.length === 0, `the tip shows beside its correction: ${JSON.stringify([notice, ...more])}`);
    await page.goto(`${server.youths}/tips/${first.tip_id}`);
    await screen(page, "Det var banken som ringde");
    // Its quiet hours are over, and then it hears of what came meanwhile, but for this.
    await held.tells({ tips_at_night: true, quiet_hours: undefined });
    const next = tip("Ett nytt försök, nu med sms.");
    await hears("the next tip", () => lead.publishes(next));
    await eventually(() => held.pushes().some(({ tag }) => tag === `tip:${next.tip_id}`), "the phone hears of nothing any more");
    expect(!held.pushes().some(({ tag }) => tag === `tip:${first.tip_id}`), `a tip that was taken back woke a phone: ${JSON.stringify(held.pushes())}`);
  });

  await shows("the quiet hours hold a tip, not an answer; once they are over it comes", async () => {
    await page.goto(`${server.youths}/notices`);
    await button(page, say("notices_at_night")).click();
    await page.waitForSelector("fieldset input[type=time]");
    await setsHours("notices_quiet", nowIn());
    await saves();
    const quiet = tip("Håll koll på länkarna i kväll.");
    const before = had();
    await lead.publishes(quiet);
    await eventually(() => umea.every((phone) => phone.pushes().some(({ tag }) => tag === `tip:${quiet.tip_id}`)), "nobody was told of the tip");
    await hears("the answer", () => desk.answers(talk, "Svaret kommer också nu."));
    expect(had() === before + 1, `${had() - before} pushes came within the quiet hours, for one answer`);
    expect((await about(quiet.tip_id)).length === 0, "the tip shows within the quiet hours");
    await hears("the tip that waited", async () => {
      await setsHours("notices_quiet", later());
      await saves();
    });
    await eventually(async () => (await about(quiet.tip_id)).length === 1, "the tip does not show once the hours are over");
  });

  await shows("when it is not safe to write to her an answer waits as well, and comes when it is", async () => {
    await page.goto(`${server.youths}/notices`);
    await button(page, say("notices_hours_only")).click();
    await setsHours("notices_hours", later());
    await saves();
    const before = had();
    await desk.answers(talk, "Ett svar som får vänta.");
    await desk.answers(talk, "Och ett till.");
    // Somebody else is answered after her, and hears of it.
    const other = umea[0];
    const conversation_id = uuid7();
    await call(server.youths, "/api/v1/chat/messages", { method: "POST", token: other.token, key: uuid7(), body: { message_id: uuid7(), conversation_id, text: remember("Är ni där?") } });
    const hers = await desk.talkSaying("Är ni där?");
    await desk.takes(hers);
    await desk.answers(hers, "Ja, vi är här.");
    await eventually(() => other.pushes().some(({ tag }) => tag === `message:${conversation_id}`), "the other phone was not told");
    expect(had() === before, "an answer came while it was not safe");
    await hears("what waited", async () => {
      await button(page, say("notices_hours_only")).click();
      await saves();
    });
    expect(had() === before + 1, `${had() - before} notices tell of what waited`);
  });

  await shows("answers and tips are told apart: without topics an answer comes, without answers a tip, each under a tag of its own", async () => {
    await page.goto(`${server.youths}/notices`);
    await button(page, say("topic_scams")).click();
    await saves();
    const unwanted = tip("Ett tips hon inte vill ha.");
    const before = had();
    await lead.publishes(unwanted);
    await eventually(() => umea[0].pushes().some(({ tag }) => tag === `tip:${unwanted.tip_id}`), "nobody was told of the tip");
    await hears("the answer", () => desk.answers(talk, "Men svaret kommer."));
    expect(had() === before + 1, "a tip came to a phone without topics");
    await button(page, say("topic_scams")).click();
    await button(page, say("notices_replies")).click();
    await button(page, say("notices_at_night")).click();
    await saves();
    const wanted = tip("Ett tips hon vill ha.");
    await desk.answers(talk, "Ett svar som bara appen visar.");
    await hears("the tip", () => lead.publishes(wanted));
    expect(had() === before + 2, "an answer came to a phone that wants none");
    for (const tag of [`message:${talk.conversation_id}`, `tip:${wanted.tip_id}`])
      await eventually(async () => (await notices(page)).filter((one) => one.tag === tag).length === 1, `there is not one notice "${tag}"`);
    expect(push.nacks.length === 0 && push.refused.length === 0, `nacked: ${JSON.stringify(push.nacks)}, refused: ${JSON.stringify(push.refused)}`);
    await button(page, say("notices_replies")).click();
    await saves();
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
