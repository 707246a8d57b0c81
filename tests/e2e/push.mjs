// What a push becomes on a phone: the notice, where its press and its button lead, the app's icon, and what is said where no push comes.
// The worker is given each by the browser's own protocol, in the words of the running server.
import { eventually, expect, shows, suite } from "./lib/cases.mjs";
import { onDuty, uuid7 } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { startServer } from "./lib/server.mjs";
import { endsSession, isSafari } from "./lib/trouble.mjs";
import { changesSubscription, delivers, inWorker, notices, pressesNotice, takesPushes, wakes } from "./lib/woken.mjs";

/** In a page or a worker: what stands on the app's icon is seen by `globalThis.icon`. */
function showsIcon() {
  const set = (count) => ((globalThis.icon = count), Promise.resolve());
  Object.defineProperty(navigator, "setAppBadge", { configurable: true, value: set });
}

/** In the page, before it loads: a push service that answers nothing. */
function neverAnswers() {
  PushManager.prototype.getSubscription = () => Promise.resolve(null);
  PushManager.prototype.subscribe = () => ((globalThis.asked = true), new Promise(() => {}));
}

await suite("push", async () => {
  const server = await startServer({ name: "push" });
  const service = await takesPushes();
  const desk = await onDuty(server, "07");

  /** A youth with a talk that the desk has taken, who is told of answers and of tips on one topic. */
  const isTold = async (text, { topic, replies = true, ...how } = {}) => {
    const ring = wakes(service.address, { stays: true });
    const its = await phone(server, { ...how, before: [ring.script, showsIcon] });
    const noa = await its.youth();
    await noa.opens();
    await noa.writes(text);
    const talk = await desk.talkSaying(text);
    await desk.takes(talk);
    await noa.hasWorker();
    await noa.opens("/notices");
    if (!replies) await noa.press("notices_replies");
    if (topic) await noa.press(`topic_${topic}`);
    await noa.press("notices_at_night");
    await noa.press("notices_on");
    await noa.seesWords("notices_state_on");
    const pushes = () => service.pushes.filter((push) => ring.endpoint.endsWith(push.path)).map((push) => ring.opens(push.body));
    let known = 0;
    /** The next push that the server sends to this phone. */
    const next = async (what) => {
      await eventually(() => pushes().length > known, `${what} woke nobody`);
      return pushes()[known++];
    };
    return { its, noa, talk, next };
  };
  const at = (noa) => new URL(noa.page.url()).pathname;
  const isAt = (noa, path, ms) => eventually(() => at(noa) === path, () => `the screen is ${at(noa)} and not ${path}`, ms);
  const writesNow = (noa) => noa.composer().evaluate((field) => field === document.activeElement);
  const steps = (noa) => noa.page.evaluate(() => history.length);

  await shows("an answer shows in neutral words with a button; its press opens the talk, and the button the field that is written in", async () => {
    const { noa, talk, next } = await isTold("Går det att få hjälp här?");
    const there = `/talk/${talk.conversation_id}`;
    await desk.answers(talk, "Det går bra. Vad har hänt?");
    const push = await next("the answer");
    await delivers(noa, push);
    const [notice, ...more] = await eventually(async () => (await notices(noa)).length > 0 && notices(noa), "no notice is shown");
    const wanted = { title: "Nytt meddelande", body: "Öppna appen för att läsa.", tag: `message:${talk.conversation_id}`, lang: "sv", icon: "/icons/icon-192.png", buttons: ["Skriv"], stays: false };
    expect(more.length === 0 && JSON.stringify(notice) === JSON.stringify(wanted), `what is shown is ${JSON.stringify([notice, ...more])}`);
    await pressesNotice(noa, push.tag);
    await isAt(noa, there);
    await noa.sees("Det går bra. Vad har hänt?");
    expect(!(await writesNow(noa)), "the keyboard comes up although nobody asked to write");
    expect((await notices(noa)).length === 0, "the notice stands after its press");

    await noa.opens("/tips");
    await delivers(noa, push);
    await pressesNotice(noa, push.tag, "Skriv");
    await isAt(noa, there);
    await eventually(() => writesNow(noa), "the field of the talk is not written in");
    await noa.writes("Nu kan jag berätta");

    // Where the talk stands already it is no step.
    await noa.page.getByRole("heading", { level: 1 }).focus();
    const before = await steps(noa);
    await delivers(noa, push);
    await pressesNotice(noa, push.tag, "Skriv");
    await eventually(() => writesNow(noa), "the field of the talk on the screen is not written in");
    expect((await steps(noa)) === before && !noa.page.url().includes("#"), "the press is a step of the history");
    await noa.page.goBack();
    await isAt(noa, "/tips");
  });

  await shows("with the app closed the press and the button open it where they lead", async () => {
    const { noa, talk, next } = await isTold("Jag stänger appen nu");
    await desk.answers(talk, "Svar till en stängd app");
    const push = await next("the answer");
    await noa.page.goto("about:blank");
    // A test's press is none of a person's, so the browser opens no window for it.
    await delivers(noa, push, server.youths);
    await inWorker(noa, () => (self.clients.openWindow = (path) => ((self.opened = path), Promise.resolve(null))));
    const opened = () => inWorker(noa, () => self.opened);
    await pressesNotice(noa, push.tag);
    await eventually(opened, "no window was opened");
    expect((await opened()) === push.path, `the window opened at ${await opened()}`);
    await delivers(noa, push, server.youths);
    await pressesNotice(noa, push.tag, "Skriv");
    await eventually(async () => (await opened()) === `${push.path}#write`, "the button opened no window of its own");
    await noa.opens(await opened());
    await noa.sees("Svar till en stängd app");
    await eventually(() => writesNow(noa), "the field is not written in once the app has opened");
    expect(!noa.page.url().includes("#"), "the address keeps what was asked of the screen");
  });

  await shows("a tip opens as itself, its button where words are written, and its correction takes its place", async () => {
    const { noa, next } = await isTold("Jag vill ha tips", { topic: "threats", language: "en" });
    const tip_id = uuid7();
    await desk.publishes({ tip_id, topic: "threats", text: "Bråk vid bron i kväll.", text_en: "A fight at the bridge tonight." });
    const tip = await next("the tip");
    await delivers(noa, tip);
    const shown = async (title) => eventually(async () => (await notices(noa)).find((notice) => notice.title === title), `no notice says "${title}"`);
    expect((await shown("Something new")).buttons.join() === "Write", "the tip has no button for writing");
    await pressesNotice(noa, tip.tag);
    await isAt(noa, `/tips/${tip_id}`);
    await noa.sees("A fight at the bridge tonight.");
    await delivers(noa, tip);
    await pressesNotice(noa, tip.tag, "Write");
    await isAt(noa, "/");
    await noa.composer().waitFor();

    await delivers(noa, tip);
    await shown("Something new");
    await desk.recalls(tip_id, "Det var ingen bro.");
    const covers = await next("the correction");
    await delivers(noa, covers);
    const { buttons, tag } = await shown("Something was corrected");
    expect(tag === tip.tag && buttons.length === 0 && (await notices(noa)).length === 1, `the lock screen has ${JSON.stringify(await notices(noa))}`);
    await pressesNotice(noa, tag);
    await isAt(noa, `/tips/${tip_id}`);
    await noa.seesWords("tips_recalled");
  });

  await shows("a push that cannot be read is told all the same, in words that say nothing, and opens the app", async () => {
    const { noa } = await isTold("Något som inte går att läsa");
    for (const broken of ["<html>", "", "null", '{"notification":null}', '{"notification":{"title":7,"navigate":"https://elsewhere.example/"}}']) {
      await delivers(noa, broken);
      const [notice, ...more] = await eventually(async () => (await notices(noa)).length > 0 && notices(noa), `nothing is shown for ${broken}`);
      expect(more.length === 0 && notice.title === "Nytt meddelande" && notice.body === "Öppna appen" && notice.buttons.length === 0, `for ${broken} it shows ${JSON.stringify(notice)}`);
      await pressesNotice(noa, notice.tag);
      await isAt(noa, "/");
      await noa.opens("/tips");
    }
  });

  await shows("the icon counts the talks with an answer that is not read, with the app closed too, and is bare once they are", async () => {
    const { noa, talk, next } = await isTold("Jag väntar på svar");
    const icon = () => noa.page.evaluate(() => globalThis.icon);
    await eventually(async () => (await icon()) === 0, "the icon is not known to be bare");
    await desk.answers(talk, "Ett svar att läsa");
    await eventually(async () => (await icon()) === 1, "the app does not count on its icon");
    await noa.opens(`/talk/${talk.conversation_id}`);
    await noa.sees("Ett svar att läsa");
    await eventually(async () => (await icon()) === 0, "the icon counts what has been read");

    const push = await next("the answer");
    await noa.page.goto("about:blank");
    await delivers(noa, push, server.youths);
    await inWorker(noa, showsIcon);
    await delivers(noa, push, server.youths);
    await eventually(async () => (await inWorker(noa, () => globalThis.icon)) === 0, "the worker counts what has been read");
    await desk.answers(talk, "Och ett till");
    await delivers(noa, await next("the second answer"), server.youths);
    await eventually(async () => (await inWorker(noa, () => globalThis.icon)) === 1, "the worker does not count what came while the app was closed");
  });

  await shows("whoever wants no notices of answers has nothing on her icon", async () => {
    const { noa, talk } = await isTold("Helst inga notiser", { replies: false, topic: "hate" });
    await desk.answers(talk, "Ett svar som bara appen visar");
    await noa.opens("/tips");
    await noa.page.getByText(noa.like("nav_unread", { count: "1" })).first().waitFor({ state: "attached" });
    await eventually(async () => (await noa.page.evaluate(() => globalThis.icon)) === 0, "the icon counts for one who wants no notices");
    await noa.page.goto("about:blank");
    await delivers(noa, { kind: "tip", tag: "tip:1", path: "/tips/1" }, server.youths);
    await inWorker(noa, showsIcon);
    await delivers(noa, { kind: "tip", tag: "tip:1", path: "/tips/1" }, server.youths);
    await eventually(async () => (await inWorker(noa, () => globalThis.icon)) === 0, "the worker counts for one who wants no notices");
  });

  await shows("an officer whose session is over comes by the notice to signing in, and then to the talk", async () => {
    const { noa, talk } = await isTold("Är det någon som läser?");
    const its = await phone(server);
    const kim = await its.officer();
    await kim.isOnDuty("12");
    await kim.hasWorker();
    await endsSession(its.context);
    await kim.page.reload();
    await kim.control("sign_demo_as", { number: "12" }).waitFor();
    await delivers(kim, { kind: "message", tag: "message:1", path: `/talk/${talk.conversation_id}` });
    await pressesNotice(kim, "message:1", "Skriv");
    await isAt(kim, `/desk/talk/${talk.conversation_id}`);
    await kim.doesNotSee("Är det någon som läser?");
    await its.context.unrouteAll({ behavior: "wait" });
    await kim.press("sign_demo_as", { number: "12" });
    await kim.sees("Är det någon som läser?");
    await noa.page.close();
  });

  await shows("a notice that outlives the youth's account on the phone opens nothing of hers, and shows the way back by the code", async () => {
    const { noa, talk, next } = await isTold("Glöm mig sedan");
    await desk.answers(talk, "Ett svar som ligger kvar");
    const push = await next("the answer");
    await delivers(noa, push);
    await noa.opens("/device");
    await noa.press("device_forget");
    await noa.press("device_forget_yes");
    await noa.seesWords("device_forget_done");
    await delivers(noa, push);
    await pressesNotice(noa, push.tag);
    await noa.seesWords("talk_missing_nobody");
    await noa.doesNotSee("Ett svar som ligger kvar");
    await noa.press("open_title");
    await isAt(noa, "/open");
  });

  await shows("where the push service does not answer it is said after twenty seconds, with the way on; a second try may go better", async () => {
    const its = await phone(server, { before: neverAnswers });
    const noa = await its.youth();
    await noa.page.clock.install();
    await noa.opens("/notices");
    await noa.press("notices_on");
    await noa.seesWords("notices_asking");
    await eventually(() => noa.page.evaluate(() => globalThis.asked), "the browser was not asked");
    await noa.page.clock.fastForward(19_000);
    await noa.seesWords("notices_asking");
    await noa.page.clock.fastForward(2_000);
    await noa.seesWords("notices_state_failed");
    await noa.seesWords("notices_come_back");
    await noa.control("more_code").waitFor();
    await eventually(() => noa.control("notices_on").isEnabled(), "there is no second try");
  });

  await shows("a browser that has said no, and one that knows no push, say so with the way on", async () => {
    const its = await phone(server, { permissions: [] });
    const noa = await its.youth();
    await noa.page.addInitScript(() => {
      Object.defineProperty(Notification, "permission", { configurable: true, get: () => "denied" });
      Notification.requestPermission = () => Promise.resolve("denied");
    });
    await noa.opens("/notices");
    await noa.seesWords("notices_state_denied");
    await noa.seesWords("notices_come_back");
    await noa.doesNotSee(noa.say("notices_on"));
    const other = await (await phone(server, { before: () => void delete window.PushManager })).youth();
    await other.opens("/notices");
    await other.seesWords("notices_state_unsupported");
    await other.seesWords("notices_come_back");
  });

  await shows("the picture of a lock screen shows the notices that are wanted, in the words that are chosen", async () => {
    const noa = await (await phone(server)).youth();
    await noa.opens("/notices");
    const shown = async (...keys) => {
      const titles = keys.map((key) => noa.say(key));
      await eventually(async () => (await noa.page.locator(".lock-note b").allInnerTexts()).join() === titles.join(), `the picture does not show ${titles}`);
    };
    await shown("notices_lock_title");
    await noa.press("topic_scams");
    await shown("notices_lock_title", "notices_lock_tip");
    await noa.press("notices_telling");
    await shown("notices_lock_telling", "notices_lock_tip_telling");
    await noa.press("notices_replies");
    await shown("notices_lock_tip_telling");
  });

  await shows("at each start the subscription is compared: sent anew with another address or key, and else not", async () => {
    const { noa } = await isTold("Min telefon får en ny adress", { topic: "scams" });
    const told = [];
    let asked = 0;
    noa.page.on("request", (request) => {
      if (request.method() === "PUT" && request.url().endsWith("/push/subscription")) told.push(JSON.parse(request.postData()));
      if (request.url().endsWith("/push/key")) asked += 1;
    });
    const starts = async () => {
      const before = asked;
      await noa.opens("/notices");
      await eventually(() => asked > before, "the key was not asked for at the start");
      await noa.seesWords("notices_state_on");
    };
    await starts();
    expect(told.length === 0, `it was sent although nothing had changed: ${JSON.stringify(told)}`);
    const endpoint = `${service.address}elsewhere`;
    await changesSubscription(noa, { endpoint });
    await starts();
    await eventually(() => told.length === 1, "another address was not told");
    expect(told[0].endpoint === endpoint && told[0].topics.join() === "scams" && told[0].replies, `the server was told ${JSON.stringify(told[0])}`);
    await changesSubscription(noa, { key: [4, ...Array(64).fill(7)] });
    await starts();
    await eventually(() => told.length === 2, "another key was not told");
    expect(told[1].endpoint !== endpoint, "the subscription of the old key was kept");
    await starts();
    await starts();
    expect(told.length === 2, `it was sent ${told.length} times for two changes`);
  });

  await shows("on an iPhone the way to the home screen stands after her first message, with the code before it, and stays away once put away", async () => {
    const its = await phone(server, { before: [isSafari, () => void delete window.PushManager] });
    const noa = await its.youth();
    await noa.opens();
    await noa.doesNotSee(noa.say("home_screen_title"));
    await noa.writes("Jag skriver från en iPhone");
    await noa.seesWords("state_arrived");
    // The code first: the app on the home screen is empty without it.
    await noa.seesWords("code_title");
    await noa.doesNotSee(noa.say("home_screen_title"));
    await noa.press("code_later");
    await noa.seesWords("home_screen_title");
    await noa.seesWords("home_screen_code");
    await noa.press("home_screen_away");
    await noa.doesNotSee(noa.say("home_screen_title"));
    await noa.page.reload();
    await noa.sees("Jag skriver från en iPhone");
    await noa.seesWords("talk_report");
    await noa.doesNotSee(noa.say("home_screen_title"));
    await noa.opens("/notices");
    await noa.seesWords("notices_state_install");
  });

  await shows("where there is danger nothing is said of home screens, nor on a phone that is no iPhone", async () => {
    const its = await phone(server, { before: [isSafari, () => void delete window.PushManager] });
    const noa = await its.youth();
    await noa.opens();
    await noa.press("danger_yes");
    await noa.writes("De slår sönder dörren");
    await noa.seesWords("danger_unread");
    await noa.press("code_later");
    const talk = await desk.talkSaying("De slår sönder dörren");
    await desk.takes(talk);
    await desk.reads(talk);
    await desk.answers(talk, "Vi är på väg.");
    await noa.sees("Vi är på väg.");
    await noa.doesNotSee(noa.say("danger_unread"));
    await noa.doesNotSee(noa.say("home_screen_title"));
    const other = await (await phone(server)).youth();
    await other.opens();
    await other.writes("Jag har en annan telefon");
    await other.press("code_later");
    await other.seesWords("talk_report");
    await other.doesNotSee(other.say("home_screen_title"));
  });
});
