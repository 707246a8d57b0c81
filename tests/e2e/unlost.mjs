// Nothing that was written is lost, and nothing arrives twice: what happens to a phone while words are on their way. Each case asks the
// server whether the thing stands there once, or the phone whether the words are still on it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterwards, eventually, expect, shows, suite } from "./lib/cases.mjs";
import { onDuty, sha256 } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { aPicture } from "./lib/picture.mjs";
import { startServer } from "./lib/server.mjs";
import { changes, cut, hasNoWorker, isFull, keeps, opensTheClock, readInCopy, recordsHandles, turnsTheClock } from "./lib/trouble.mjs";

const folder = mkdtempSync(join(tmpdir(), "natpatrull-unlost-"));
afterwards(() => rmSync(folder, { recursive: true, force: true }));
const shot = join(folder, "hot.png");
writeFileSync(shot, aPicture());
const shotHash = sha256(readFileSync(shot));

const DAY = 86_400_000;
const PUSH = "**/api/v1/sync/push";
/** In the page: how many rows stand in the outbox, whether they open or not. */
const outboxRows = () =>
  new Promise((go) => (indexedDB.open("natpatrull").onsuccess = ({ target: { result: db } }) => (db.transaction("outbox").objectStore("outbox").count().onsuccess = ({ target }) => (db.close(), go(target.result)))));
const ours = /\/api\/v1\//;

await suite("unlost", async () => {
  const server = await startServer({ name: "unlost", ownApp: true });
  const desk = await onDuty(server, "07");

  const stands = async (text) => (await desk.messagesSaying(text)).length;
  /** It came, and a while later there is still one of it. */
  const standsOnce = async (text, ms = 30_000) => {
    await eventually(async () => (await stands(text)) > 0, `"${text}" did not arrive`, ms);
    await new Promise((next) => setTimeout(next, 700));
    const times = await stands(text);
    expect(times === 1, `"${text}" stands with the server ${times} times`);
  };
  /** Everything that waited has gone, and the phone knows it. */
  const isEmpty = (someone) => eventually(async () => (await keeps(someone)).outbox.length === 0, "something still stands in the outbox");

  await shows("the browser is killed while it sends, before the server has the words and before the phone has the answer: each stands once", async () => {
    for (const [text, reaches] of [["Telefonen dog innan det kom fram", false], ["Telefonen dog innan svaret kom", true]]) {
      const noas = await phone(server);
      let noa = await noas.youth();
      await noa.opens();
      let sent;
      const onItsWay = new Promise((go) => (sent = go));
      await noas.context.route(PUSH, async (route) => {
        if (reaches) await route.fetch();
        sent();
      });
      await noa.writes(text);
      await onItsWay;
      // What has reached the server may come back by the journal before its answer does.
      if (!reaches) await noa.seesWords("state_sending");
      await noas.isKilled();
      expect((await stands(text)) === (reaches ? 1 : 0), "it is not as it was to be when the browser died");
      await noas.startsAgain();
      noa = await noas.youth();
      await noa.opensTalk();
      await noa.sees(text);
      await noa.seesWords("state_arrived");
      await standsOnce(text);
      await isEmpty(noa);
      expect((await noa.page.getByText(text, { exact: true }).count()) === 1, "the message is on the screen more than once");
    }
  });

  await shows("two tabs of one phone send what both wrote, each once and in order, though an answer is lost", async () => {
    // A worker that the browser wakes in between might send it all before the answer that is to be lost.
    const noas = await phone(server, { before: hasNoWorker });
    const one = await noas.youth();
    await one.opens();
    await one.writes("Den första fliken öppnar samtalet");
    await one.seesWords("state_arrived");
    const talk = await desk.talkSaying("Den första fliken öppnar samtalet");
    const two = await noas.youth();
    for (const tab of [one, two]) await tab.opens(`/talk/${talk.conversation_id}`);
    await cut(noas.context, PUSH);
    const texts = [];
    for (let n = 1; n <= 3; n++)
      for (const [tab, name] of [[one, "ena"], [two, "andra"]]) {
        const text = `Nummer ${n} från den ${name} fliken`;
        texts.push(text);
        await tab.writes(text);
        await tab.page.getByText(text, { exact: true }).waitFor();
      }
    let lost = 0;
    // The newest word on a path counts, so nothing slips through in between.
    await noas.context.route(PUSH, async (route) => {
      if (lost++ > 0) return route.continue();
      await route.fetch();
      await route.abort();
    });
    // Both at the same moment, as when the network comes back.
    await Promise.all([one, two].map((tab) => tab.page.evaluate(() => void dispatchEvent(new Event("online")))));
    for (const text of texts) await standsOnce(text);
    // The journal may bring all of it before anything is sent again.
    expect(lost > 0, "no answer was lost");
    const there = (await desk.messages(talk.conversation_id)).sort((a, b) => a.pos - b.pos).map((message) => message.text);
    expect(JSON.stringify(there.slice(1)) === JSON.stringify(texts), `they stand in another order:\n${there.join("\n")}`);
    for (const tab of [one, two]) {
      await isEmpty(tab);
      for (const text of texts) expect((await tab.page.getByText(text, { exact: true }).count()) === 1, `"${text}" is not on the screen once`);
    }
  });

  await shows("the app is updated with a full queue: every message in its order, the report and its picture, once", async () => {
    const noas = await phone(server);
    const noa = await noas.youth();
    await noa.opens();
    await noa.hasWorker();
    await noa.writes("Sagt av den gamla appen");
    await noa.seesWords("state_arrived");
    const talk = await desk.talkSaying("Sagt av den gamla appen");
    const off = await cut(noas.context, PUSH, "**/api/v1/files**");
    await noa.opens(`/talk/${talk.conversation_id}`);
    const texts = Array.from({ length: 12 }, (_, n) => `Rad ${n + 1} väntar på den nya appen`);
    for (const text of texts) {
      await noa.writes(text);
      await noa.page.getByText(text, { exact: true }).waitFor();
    }
    await noa.tellsOfThreat({ what: "Hotet som väntade på den nya appen", place: "Ett spel", picture: shot });
    await noa.press("tell_send");
    await noa.seesWords("report_saved");
    await noa.meetsNewVersion();
    await Promise.all([noa.page.waitForEvent("load"), noa.press("update_now")]);
    await noa.seesWords("sos_call");
    const waiting = (await keeps(noa)).outbox.length;
    expect(waiting === texts.length + 1, `of ${texts.length + 1} that waited ${waiting} outlived the update`);
    await off();
    await noa.page.evaluate(() => void dispatchEvent(new Event("online")));
    for (const text of texts) await eventually(async () => (await stands(text)) === 1, `"${text}" does not stand once`, 30_000);
    const there = (await desk.messages(talk.conversation_id)).sort((a, b) => a.pos - b.pos).map((message) => message.text);
    expect(JSON.stringify(there.slice(1)) === JSON.stringify(texts), `they stand in another order:\n${there.join("\n")}`);
    const report = await eventually(async () => {
      const [first] = await desk.reportsSaying("Hotet som väntade på den nya appen");
      return first?.files[0]?.complete && first;
    }, "the report and its picture did not arrive", 30_000);
    expect((await desk.reportsSaying("Hotet som väntade på den nya appen")).length === 1, "not exactly one report");
    expect(sha256(await desk.picture(report.files[0].file_id)) === shotHash, "the picture's bytes are not the same");
    await isEmpty(noa);
  });

  await shows("who signs out with something unsent is asked; it is neither sent nor deleted under a colleague, and goes when its owner is back", async () => {
    const noa = await (await phone(server)).youth();
    await noa.opens();
    await noa.writes("Är du kvar när jag skriver?");
    await noa.seesWords("state_arrived");
    const van = await phone(server);
    const kim = await van.officer();
    await kim.isOnDuty("12");
    await kim.sees("Är du kvar när jag skriver?");
    await kim.pressCardSaying("Är du kvar när jag skriver?");
    await kim.press("desk_take");
    await kim.page.getByRole("textbox", { name: kim.say("desk_answer_label") }).waitFor();
    await isEmpty(kim);
    const off = await cut(van.context, PUSH);
    await kim.writes("Ja, jag är kvar hos dig.");
    await eventually(async () => (await keeps(kim)).outbox.length === 1, "the answer is not on the phone");
    await kim.composer().fill("Och en sak");
    await kim.keepsHalfWritten();
    await kim.opens("/desk/me");
    await kim.press("me_sign_out");
    await kim.sees(kim.say("me_sign_out_unsent", { count: 1 }));
    await kim.sees(kim.say("me_sign_out_half", { count: 1 }));
    await kim.press("cancel");
    expect((await keeps(kim)).outbox.length === 1, "a no has dropped it");
    await kim.press("me_sign_out");
    await kim.sees(kim.say("me_sign_out_unsent", { count: 1 }));
    await kim.press("me_sign_out");
    const sign = (number) => kim.page.getByRole("button", { name: kim.say("sign_demo_as", { number }) });
    await sign("12").waitFor();
    const left = (await keeps(kim)).outbox;
    expect(left.length === 1 && left[0].body.includes("Ja, jag är kvar hos dig."), `the phone keeps: ${JSON.stringify(left)}`);
    const { officers } = await (await fetch(`${server.officers}/api/v1/identity/demo`)).json();
    // A colleague at the same phone, with a network again.
    const colleague = officers.map((one) => one.public_number).find((number) => number !== "12" && number !== "07");
    await sign(colleague).click();
    await kim.page.getByRole("heading", { name: kim.say("desk_title"), exact: true }).waitFor();
    await off();
    await kim.opens("/desk");
    await kim.page.evaluate(() => void dispatchEvent(new Event("online")));
    await kim.page.waitForTimeout(2500);
    expect((await stands("Ja, jag är kvar hos dig.")) === 0, "it was sent by a colleague's hand");
    expect(JSON.stringify((await keeps(kim)).outbox) === JSON.stringify(left), "what its owner left was touched");
    await kim.doesNotSee("Ja, jag är kvar hos dig.");
    await kim.opens("/desk/me");
    await kim.press("me_sign_out");
    await sign("12").click();
    await noa.sees("Ja, jag är kvar hos dig.", 30_000);
    await standsOnce("Ja, jag är kvar hos dig.");
    await isEmpty(kim);
  });

  await shows("who comes in while the server still answers whoever left stays in", async () => {
    const van = await phone(server);
    const kim = await van.officer();
    await kim.isOnDuty("12");
    const { officers } = await (await fetch(`${server.officers}/api/v1/identity/demo`)).json();
    const colleague = officers.map((one) => one.public_number).find((number) => number !== "12" && number !== "07");
    // The answer that brings her cookie is held until the colleague has come in, or a while where coming in waits for it.
    const ends = (path) => Promise.race(["requestfinished", "requestfailed"].map((end) => kim.page.waitForEvent(end, { predicate: (request) => request.url().endsWith(path), timeout: 120_000 })));
    let hold = true;
    await van.context.route("**/api/v1/identity/refresh", async (route) => {
      if (!hold) return route.continue();
      hold = false;
      const answer = await route.fetch();
      await Promise.race([ends("/demo/sign-in"), new Promise((go) => setTimeout(go, 5000))]);
      await route.fulfill({ response: answer });
    });
    const answered = ends("/identity/refresh");
    await kim.opens("/desk/me");
    await kim.press("me_sign_out");
    await kim.page.getByRole("button", { name: kim.say("sign_demo_as", { number: colleague }) }).click();
    await answered;
    await kim.page.getByRole("heading", { name: kim.say("desk_title"), exact: true }).waitFor();
    // The cookie is hers, so that she stays in when the page is opened anew.
    const own = () => kim.page.evaluate(() => fetch("/api/v1/identity/refresh", { method: "POST", headers: { "x-natpatrull": "refresh" } }).then((answer) => answer.json()));
    await eventually(async () => (await own()).public_number === colleague, "the cookie is not the colleague's");
    await kim.opens("/desk");
    await kim.page.getByRole("heading", { name: kim.say("desk_title"), exact: true }).waitFor();
  });

  await shows("another youth's account on the same phone neither sends nor deletes what the first left, and it goes when that one is back", async () => {
    const ada = await (await phone(server)).youth();
    await ada.opens();
    await ada.writes("Adas eget samtal på sin egen telefon");
    await ada.seesWords("state_arrived");
    const adas = await ada.findsCode();
    const noas = await phone(server);
    const noa = await noas.youth();
    await noa.opens();
    const off = await cut(noas.context, PUSH);
    await noa.writes("Noas ord som inte hann iväg");
    await noa.seesWords("state_saved");
    await noa.opens("/open");
    await noa.fills("open_label", adas);
    await noa.press("open_action");
    await noa.seesWords("open_unsaved");
    const own = await noa.readsCode();
    await noa.press("open_anyway");
    await noa.sees("Adas eget samtal på sin egen telefon", 60_000);
    const left = (await keeps(noa)).outbox;
    expect(left.length === 1 && left[0].body.includes("Noas ord"), `the phone keeps: ${JSON.stringify(left)}`);
    await off();
    await noa.opens();
    await noa.doesNotSee("Noas ord som inte hann iväg");
    await noa.writes("Ada skriver på Noas telefon");
    await standsOnce("Ada skriver på Noas telefon");
    expect((await stands("Noas ord som inte hann iväg")) === 0, "it was sent as somebody else");
    const kept = (await keeps(noa)).outbox.filter((row) => row.account_id === left[0].account_id);
    expect(JSON.stringify(kept) === JSON.stringify(left), "what its owner left was touched");
    await noa.opens("/open");
    await noa.fills("open_label", own);
    await noa.press("open_action");
    await noa.sees("Noas ord som inte hann iväg", 60_000);
    await standsOnce("Noas ord som inte hann iväg");
    const [mine] = await desk.messagesSaying("Noas ord som inte hann iväg");
    const [hers] = await desk.messagesSaying("Ada skriver på Noas telefon");
    expect(mine.conversation_id !== hers.conversation_id, "it stands in the other's talk");
  });

  await shows("who removes everything from this phone is told what is unsent and asked; a no keeps and sends it, a yes leaves nothing", async () => {
    const noas = await phone(server);
    const noa = await noas.youth();
    await noa.opens();
    const off = await cut(noas.context, PUSH);
    await noa.writes("Det här ska inte försvinna tyst");
    await noa.seesWords("state_saved");
    await noa.opens("/device");
    await noa.seesWords("device_forget_unsent", { count: "1" });
    await noa.press("leave_drop");
    await noa.seesWords("leave_drop_sure", { count: "1" });
    await noa.press("cancel");
    expect((await keeps(noa)).outbox.length === 1, "a no has dropped it");
    await off();
    await noa.opens();
    await standsOnce("Det här ska inte försvinna tyst");
    await isEmpty(noa);
    const again = await cut(noas.context, PUSH);
    await noa.opensTalk();
    await noa.writes("Det här får försvinna med telefonen");
    await noa.seesWords("state_saved");
    await noa.opens("/device");
    await noa.seesWords("device_forget_unsent", { count: "1" });
    await noa.press("leave_drop");
    await noa.press("leave_drop_yes");
    await noa.seesWords("device_forget_done");
    expect(!JSON.stringify(await keeps(noa)).includes("får försvinna"), "the phone still holds the words");
    await again();
    await noa.opens();
    await noa.page.waitForTimeout(1500);
    expect((await stands("Det här får försvinna med telefonen")) === 0, "what was removed was sent after all");
    expect((await stands("Det här ska inte försvinna tyst")) === 1, "what had arrived is not there once");
  });

  await shows("a captive portal that answers everything with 200, in HTML or in JSON, is no answer: the words wait, and then stand once", async () => {
    for (const [what, contentType, body] of [["html", "text/html", "<html>Välkommen till kaféets nät</html>"], ["json", "application/json", '{"login":"http://cafe.example/"}']]) {
      const noas = await phone(server);
      const noa = await noas.youth();
      await noa.opens();
      const asked = new Set();
      // From the very first word on: also who the phone is may not be taken from the portal.
      await noas.context.route(ours, (route) => {
        asked.add(new URL(route.request().url()).pathname);
        return route.fulfill({ status: 200, contentType, body });
      });
      const text = `Skrivet bakom kaféets sida, ${what}`;
      await noa.writes(text);
      await noa.seesWords("state_saved");
      await eventually(() => asked.size > 0, "the portal was never asked");
      await noa.page.waitForTimeout(2500);
      await noa.doesNotSee(noa.say("state_arrived"));
      const { outbox, kept } = await keeps(noa);
      expect(outbox.length === 1 && ["queued", "sending"].includes(outbox[0].state), `the phone keeps: ${JSON.stringify(outbox)}`);
      expect(kept.some((one) => one?.role === "youth" && one.ended === false), "the phone does not know its owner any more");
      await noas.context.unrouteAll({ behavior: "ignoreErrors" });
      await noa.seesWords("state_arrived", {}, 30_000);
      await standsOnce(text);
      // The same in the middle of a session, to the push alone.
      let portal = 0;
      await noas.context.route(PUSH, (route) => (portal++ < 2 ? route.fulfill({ status: 200, contentType, body }) : route.continue()));
      const later = `Och en gång till bakom sidan, ${what}`;
      await noa.writes(later);
      await standsOnce(later, 40_000);
      expect(portal > 2, "the portal did not answer twice");
      await isEmpty(noa);
    }
  });

  await shows("a clock that stands days wrong holds nothing back, also when it is set right while something waits", async () => {
    for (const [days, name] of [[9, "före"], [-30, "efter"]]) {
      const noas = await phone(server, { before: opensTheClock });
      const noa = await noas.youth();
      await noa.opens();
      await turnsTheClock(noa, days * DAY);
      await noa.opens();
      await noa.writes(`Klockan går ${Math.abs(days)} dygn ${name}`);
      await noa.seesWords("state_arrived");
      await standsOnce(`Klockan går ${Math.abs(days)} dygn ${name}`);
      await noa.tellsOfThreat({ what: `Hotet när klockan går ${name}`, place: "Ett spel" });
      await noa.press("tell_send");
      await noa.seesWords("report_received");
      expect((await desk.reportsSaying(`Hotet när klockan går ${name}`)).length === 1, "not exactly one report");
      // The server asks to wait; then somebody sets the clock right.
      let asked = 0;
      await noas.context.route(PUSH, (route) => {
        asked += 1;
        const results = JSON.parse(route.request().postData()).actions.map(({ action_id }) => ({ action_id, outcome: "retry", retry_after_ms: 4000 }));
        return route.fulfill({ status: 200, contentType: "application/json", body: JSON.stringify({ server_time: new Date().toISOString(), results }) });
      });
      await noa.opensTalk();
      await noa.writes(`Väntar på en klocka som gick ${name}`);
      await eventually(async () => asked > 0 && (await keeps(noa)).outbox[0]?.not_before !== undefined, "the phone was not asked to wait");
      await turnsTheClock(noa, 0);
      await noas.context.unrouteAll({ behavior: "ignoreErrors" });
      await noa.opens();
      await standsOnce(`Väntar på en klocka som gick ${name}`);
      await isEmpty(noa);
    }
  });

  await shows("a full phone keeps the text and says which file has no room; with no room at all the words stay in the field", async () => {
    const noas = await phone(server);
    const noa = await noas.youth();
    await noa.opens();
    await noa.opensForm();
    await noa.fills("tell_what_label", "Texten får plats fast telefonen är full");
    await noa.seesWords("tell_saved");
    await noa.goesOnTo("files");
    await noa.page.evaluate(isFull, "chunks");
    await noa.press("tell_picture_add");
    await noa.press("ask_no");
    const [chooser] = await Promise.all([noa.page.waitForEvent("filechooser"), noa.press("ask_choose")]);
    await chooser.setFiles(shot);
    await noa.seesWords("tell_picture_room");
    expect((await keeps(noa)).drafts.some((one) => one.what === "Texten får plats fast telefonen är full"), "the draft's text is not on the phone");
    await noa.press("cancel");
    await noa.page.evaluate(() => void window.hasRoom());
    await noa.goesOnTo();
    await noa.press("tell_send");
    await noa.seesWords("report_received");
    const all = await desk.reportsSaying("Texten får plats fast telefonen är full");
    expect(all.length === 1 && all[0].files.length === 0, `the desk has: ${JSON.stringify(all)}`);

    await noa.opens();
    await noa.page.evaluate(isFull);
    await noa.composer().fill("Orden stannar i fältet");
    await noa.press("composer_send");
    await noa.seesWords("composer_failed");
    expect((await noa.composer().inputValue()) === "Orden stannar i fältet", "the words are not in the field any more");
    await noa.doesNotSee(noa.say("state_saved"));
    await noa.page.evaluate(() => void window.hasRoom());
    await noa.press("composer_send");
    await standsOnce("Orden stannar i fältet");
    await isEmpty(noa);
  });

  await shows("the browser takes the database away at rest and in the middle of sending: it is opened again, and each stands once", async () => {
    const noas = await phone(server, { before: recordsHandles });
    const noa = await noas.youth();
    await noa.opens();
    for (const how of ["closed", "close", "versionchange"]) {
      await noa.page.evaluate((way) => window.losesHandles(way), how);
      const text = `Skrivet efter att databasen försvann: ${how}`;
      await noa.writes(text);
      await standsOnce(text);
      await isEmpty(noa);
    }
    for (const how of ["closed", "close", "versionchange"]) {
      const text = `Databasen försvann medan det skickades: ${how}`;
      await noas.context.route(PUSH, async (route) => {
        const response = await route.fetch();
        await noa.page.evaluate((way) => window.losesHandles(way), how);
        await route.fulfill({ response });
      });
      await noa.writes(text);
      await standsOnce(text);
      await isEmpty(noa);
      await noas.context.unrouteAll({ behavior: "ignoreErrors" });
      expect((await noa.page.getByText(text, { exact: true }).count()) === 1, `"${text}" is not on the screen once`);
    }
    expect((await noa.page.evaluate(() => window.lostHandles)) >= 6, "no connection was lost");
  });

  await shows("who copies the browser's profile reads no word that was not sent; it is delivered all the same, and then nothing of it is left", async () => {
    const words = ["KOPIERADRAD", "KOPIERADRAPPORT", "KOPIERADBILD", "KOPIERATUTKAST", "KOPIERADPLATS", "KOPIERATHALVT"];
    const [row, report, picture, draft, place, half] = words;
    const marked = join(folder, "marked.png");
    writeFileSync(marked, Buffer.concat([readFileSync(shot), Buffer.from(picture)]));
    const noas = await phone(server);
    let noa = await noas.youth();
    await noa.opens();
    await noa.hasWorker();
    await cut(noas.context, PUSH, "**/api/v1/files**");
    await noa.writes(`${row} som inte hann iväg`);
    await noa.seesWords("state_saved");
    await noa.tellsOfThreat({ what: `${report} med bild`, place: `${place} vid bussen`, picture: marked });
    await noa.press("tell_send");
    await noa.seesWords("report_saved");
    await noa.opensForm();
    const revision = async () => (await keeps(noa)).drafts[0]?.revision ?? 0;
    for (const what of [`${draft}`, `${draft} och`, `${draft} och mer`]) {
      const before = await revision();
      await noa.fills("tell_what_label", what);
      // "Saved" may still stand there of the change before.
      await eventually(async () => (await revision()) > before, "the change is not on the phone");
    }
    await noa.seesWords("tell_saved");
    await noa.opens();
    await noa.composer().fill(`${half} skrivet`);
    await eventually(() => noa.page.evaluate(() => sessionStorage.length > 0), "what stands in the field is not kept");
    const { outbox, drafts, chunks } = await keeps(noa);
    expect(outbox.length === 2 && drafts.length === 1 && chunks.length > 0, "the phone does not keep what it is to keep");
    // The browser has its time to write what it keeps of its tabs.
    await noa.page.waitForTimeout(5500);
    await noas.isKilled();
    const read = readInCopy(noas.folder, [...words, "message-send", outbox[0].action_id]);
    expect(read.some((one) => one.startsWith("message-send")) && read.some((one) => one.startsWith(outbox[0].action_id)), `the search does not find what is not sealed: ${read}`);
    expect(!read.some((one) => words.some((word) => one.startsWith(word))), `read in the copy: ${read}`);

    await noas.startsAgain();
    noa = await noas.youth();
    await noa.opens();
    await standsOnce(`${row} som inte hann iväg`);
    const came = await eventually(async () => {
      const [first] = await desk.reportsSaying(`${report} med bild`);
      return first?.files[0]?.complete && first;
    }, "the report and its picture did not arrive", 30_000);
    expect(sha256(await desk.picture(came.files[0].file_id)) === sha256(readFileSync(marked)), "the picture's bytes are not the same");
    await isEmpty(noa);
    await noa.opens("/tell");
    await eventually(async () => (await noa.page.getByRole("textbox", { name: noa.like("tell_what_label") }).inputValue()) === `${draft} och mer`, "the draft's words are not the same");
    await noa.press("tell_discard");
    await noa.press("tell_discard_yes");
    await eventually(async () => {
      const left = await keeps(noa);
      return left.outbox.length + left.drafts.length + left.chunks.length === 0;
    }, "something of it is still on the phone");
  });

  /** The words of the report in the form of this tab. */
  const form = (tab) => tab.page.getByRole("textbox", { name: tab.like("tell_what_label") });
  const stand = (tab, what) => eventually(async () => (await form(tab).inputValue()) === what, `the form does not say "${what}"`);

  await shows("words that somebody has changed on the phone are told of and gone when asked to be; the rest goes", async () => {
    const noas = await phone(server);
    const noa = await noas.youth();
    await noa.opens();
    await noa.writes("Innan någon rörde telefonen");
    await noa.seesWords("state_arrived");
    await cut(noas.context, PUSH);
    await noa.writes("De här orden ändrar någon");
    await noa.sees("De här orden ändrar någon");
    await eventually(async () => (await keeps(noa)).outbox.some(({ body }) => body.includes("ändrar någon")), "they were not kept");
    await changes(noa);
    await noa.opensTalk();
    await noa.seesWords("unopened_one");
    await noa.doesNotSee("De här orden ändrar någon");
    await noas.context.unroute(PUSH);
    await noa.writes("De här orden är orörda");
    await standsOnce("De här orden är orörda");
    await noa.page.getByText(noa.say("unopened_one")).click();
    await noa.press("unopened_drop");
    await noa.press("unopened_drop_yes");
    await noa.doesNotSee(noa.say("unopened_one"));
    await eventually(async () => (await noa.page.evaluate(outboxRows)) === 0, "something still stands in the outbox");
    expect((await stands("De här orden ändrar någon")) === 0, "what did not open was sent");
  });

  await shows("a draft that is open in one tab says so in another, which takes it over without losing a letter, and is taken back", async () => {
    const noas = await phone(server);
    const [one, two] = [await noas.youth(), await noas.youth()];
    await one.opensForm();
    await one.fills("tell_what_label", "Skrivet i det första fönstret");
    await one.seesWords("tell_saved");
    await two.opens("/tell");
    await two.seesWords("tell_elsewhere_title");
    await two.sees("Skrivet i det första fönstret");
    expect((await form(two).count()) === 0, "both can write");
    // The disk is slow, and the last letters are on their way to it when the other tab asks.
    await one.page.evaluate(() => {
      const { get } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.get = function (...given) {
        for (let n = 0; n < 2000 && this.name === "drafts"; n++) get.apply(this, given);
        return get.apply(this, given);
      };
    });
    // The words that the other tab begins with, as soon as it can write.
    await two.page.evaluate(() => {
      new MutationObserver(() => (window.begunWith ??= document.querySelector("textarea")?.value)).observe(document.body, { childList: true, subtree: true });
    });
    await form(one).evaluate((field) => {
      for (const letter of ", och ett ord till") {
        field.value += letter;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    await two.press("tell_elsewhere_here");
    await stand(two, "Skrivet i det första fönstret, och ett ord till");
    const begun = await two.page.evaluate(() => window.begunWith);
    expect(begun === "Skrivet i det första fönstret, och ett ord till", `it could be written in while letters were on their way: "${begun}"`);
    await one.seesWords("tell_elsewhere_title");
    await two.fills("tell_what_label", "Skrivet i det första fönstret, och ett ord till. Sedan i det andra.");
    await two.seesWords("tell_saved");
    await one.press("tell_elsewhere_here");
    await stand(one, "Skrivet i det första fönstret, och ett ord till. Sedan i det andra.");
    // A tab that is closed keeps nobody waiting.
    await two.seesWords("tell_elsewhere_title");
    await one.page.close();
    await stand(two, "Skrivet i det första fönstret, och ett ord till. Sedan i det andra.");
    expect((await keeps(two)).drafts.length === 1, "the draft is not there once");
  });

  await shows("a tab that has no room for its last words gives them along, and one that does not answer is not waited for", async () => {
    const noas = await phone(server);
    const [one, two] = [await noas.youth(), await noas.youth()];
    await one.opensForm();
    await one.fills("tell_what_label", "Det här fick plats");
    await one.seesWords("tell_saved");
    await two.opens("/tell");
    await two.seesWords("tell_elsewhere_title");
    await one.page.evaluate(isFull, "drafts");
    await one.fills("tell_what_label", "Det här fick plats, men inte det här");
    await one.seesWords("tell_save_failed");
    await two.press("tell_elsewhere_here");
    await stand(two, "Det här fick plats, men inte det här");
    await eventually(async () => (await keeps(two)).drafts[0]?.what === "Det här fick plats, men inte det här", "the words are not on the phone");
    // It hears no more: as a tab that the browser has put to sleep.
    await two.page.evaluate(() => (BroadcastChannel.prototype.postMessage = () => undefined));
    await one.page.evaluate(() => (BroadcastChannel.prototype.postMessage = () => undefined));
    await one.press("tell_elsewhere_here");
    await stand(one, "Det här fick plats, men inte det här");
    await two.seesWords("tell_elsewhere_title");
  });

  await shows("in a browser without locks a tab writes over nothing that it has not shown, and the person says which words stand", async () => {
    const alone = () => {
      Object.defineProperty(Navigator.prototype, "locks", { configurable: true, get: () => undefined });
      delete window.BroadcastChannel;
    };
    for (const mine of [true, false]) {
      const noas = await phone(server, { before: alone });
      const [one, two] = [await noas.youth(), await noas.youth()];
      await one.opensForm();
      await one.fills("tell_what_label", "Hot");
      await one.seesWords("tell_saved");
      await two.opens("/tell");
      await stand(two, "Hot");
      await one.fills("tell_what_label", "Hot, sagt i det ena");
      await eventually(async () => (await keeps(one)).drafts[0]?.what === "Hot, sagt i det ena", "it is not on the phone");
      await two.fills("tell_what_label", "Hot, sagt i det andra");
      await two.seesWords("tell_changed_title");
      expect((await keeps(two)).drafts[0].what === "Hot, sagt i det ena", "the other tab's words were written over");
      await two.press(mine ? "tell_changed_mine" : "tell_changed_theirs");
      const words = mine ? "Hot, sagt i det andra" : "Hot, sagt i det ena";
      await stand(two, words);
      await eventually(async () => (await keeps(two)).drafts[0].what === words, "the phone keeps other words");
    }
  });
});
