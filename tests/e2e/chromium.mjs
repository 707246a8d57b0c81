// The journeys in Chromium, against the real program. Words on the command line choose cases: node chromium.mjs offline
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterwards, eventually, expect, shows, suite } from "./lib/cases.mjs";
import { onDuty, sha256 } from "./lib/patrol.mjs";
import { keepsNothing, phone } from "./lib/people.mjs";
import { aPicture } from "./lib/picture.mjs";
import { startServer } from "./lib/server.mjs";
import { traces } from "./lib/traces.mjs";

const folder = mkdtempSync(join(tmpdir(), "natpatrull-files-"));
afterwards(() => rmSync(folder, { recursive: true, force: true }));
const shot = join(folder, "hot.png");
writeFileSync(shot, aPicture());
const shotHash = sha256(readFileSync(shot));

/** In the page: counts what a browser would ask of a person. */
function countQuestions() {
  window.asked = [];
  const count = (name, owner, method) => {
    const real = owner?.[method];
    if (real) owner[method] = function (...args) { window.asked.push(name); return real.apply(this, args); };
  };
  count("notifications", window.Notification, "requestPermission");
  count("push", window.PushManager?.prototype, "subscribe");
  count("storage", window.StorageManager?.prototype, "persist");
  for (const question of ["alert", "confirm", "prompt"]) count(question, window, question);
}

/** From the first screen to a message on its way: at most three presses beside typing, and nothing asked before. */
async function sendsFirst(noa, text) {
  noa.presses = 0;
  await noa.presses_(noa.composer());
  await noa.types(text);
  await noa.doesNotSee(noa.say("code_warning"));
  await noa.doesNotSee(noa.say("more_language"));
  expect((await noa.page.getByRole("dialog").count()) === 0, "a dialogue stands before the first message");
  await noa.press("composer_send");
  await noa.seesWords("state_arrived");
  expect(noa.presses <= 3, `it took ${noa.presses} presses`);
  const asked = await noa.page.evaluate(() => window.asked);
  expect(Array.isArray(asked) && asked.length === 0, `something was asked first: ${asked}`);
}

await suite("chromium", async () => {
  const server = await startServer({ name: "chromium", ownApp: true });
  const desk = await onDuty(server, "07");

  await shows("112 and 114 14 stand above everything, and a first message takes at most three presses", async () => {
    const noa = await (await phone(server, { permissions: [], before: countQuestions })).youth();
    await noa.opens();
    await noa.seesWords("sos_call");
    const top = await noa.page.getByRole("link", { name: /112/ }).first().boundingBox();
    const composer = await noa.page.getByRole("textbox", { name: noa.say("composer_label") }).boundingBox();
    expect(top.y < composer.y && top.y + top.height < 740, "the 112 card is not above the composer on the first screen");
    await sendsFirst(noa, "Hej, första gången här");
    await desk.talkSaying("Hej, första gången här");
  });

  await shows("offline, killed, reopened: one message, one report, one picture, and an answer without reloading", async () => {
    const noas = await phone(server);
    let noa = await noas.youth();
    await noa.opens();
    await noa.hasWorker();
    const kims = await phone(server);
    const kim = await kims.officer();
    await kim.isOnDuty("07");
    await kim.page.evaluate(() => void (window.sameDocument = true));

    await noas.goesOffline();
    await noa.page.reload();
    await noa.seesWords("sos_call");
    await noa.writes("Någon hotar mig på nätet");
    await noa.seesWords("state_saved");
    await noa.tellsOfThreat({ what: "De skriver att de vet vilken skola jag går på", place: "En gruppchatt", picture: shot });
    await noa.press("tell_send");
    await noa.seesWords("report_saved");
    await noas.isKilled();
    expect((await desk.messagesSaying("Någon hotar mig på nätet")).length === 0, "the message was on the server before the phone had a network");

    await noas.startsAgain();
    noa = await noas.youth();
    await noa.opens();

    await kim.sees("Någon hotar mig på nätet");
    const report = await eventually(async () => {
      const [first] = await desk.reportsSaying("att de vet vilken skola jag går på");
      return first?.files[0]?.complete && first;
    }, "the report and its whole picture did not arrive", 30_000);
    expect((await desk.messagesSaying("Någon hotar mig på nätet")).length === 1, "not exactly one message");
    expect((await desk.reportsSaying("att de vet vilken skola jag går på")).length === 1, "not exactly one report");
    expect(report.files.length === 1, "not exactly one picture");
    expect(sha256(await desk.picture(report.files[0].file_id)) === shotHash, "the picture's bytes are not the same");

    await kim.pressCardSaying("Någon hotar mig på nätet");
    await kim.press("desk_take");
    await kim.writes("Jag läser. Är du trygg just nu?");
    await noa.opensTalk();
    await noa.sees("Jag läser. Är du trygg just nu?");
    await noa.seesWords("state_read", { number: "07" });
    await kim.seesWords("desk_state_read");

    await kim.pressCard("desk_nav_reports");
    await kim.pressCardSaying("De skriver att de vet vilken skola jag går på");
    await kim.press("desk_report_read");
    await kim.press("desk_picture_show");
    await kim.page.getByAltText(kim.say("desk_picture_alt")).waitFor();
    await eventually(() => kim.page.getByAltText(kim.say("desk_picture_alt")).evaluate((image) => image.naturalWidth === 420), "the officer's picture did not load");
    expect(await kim.page.evaluate(() => window.sameDocument === true), "the officer's page was loaded anew on the way");
  });

  await shows("both sides live in one profile: youth and officer on two hosts, an answer in under a second", async () => {
    const both = await phone(server);
    const noa = await both.youth();
    const kim = await both.officer();
    await noa.opens();
    await kim.isOnDuty("07");
    await noa.seesWords("demo_banner");
    await kim.seesWords("demo_banner");
    await noa.writes("Ser du det här direkt?");
    await kim.sees("Ser du det här direkt?");
    await kim.pressCardSaying("Ser du det här direkt?");
    await kim.press("desk_take");
    await kim.composer().fill("Ja, direkt.");
    const since = Date.now();
    await kim.press("composer_send");
    await noa.sees("Ja, direkt.");
    const took = Date.now() - since;
    console.log(`        answer on the other screen after ${took} ms`);
    expect(took < 1000, `the answer took ${took} ms`);
    await kim.press("desk_close");
    await kim.press("desk_close_yes");
    await noa.seesWords("talk_closed_text");
  });

  await shows("storage and worker refused: the first message is sent and answered, and the screen says what is missing", async () => {
    const tab = await phone(server, { permissions: [], before: [keepsNothing, countQuestions] });
    const noa = await tab.youth();
    await noa.opens();
    await noa.seesWords("memory_title");
    await sendsFirst(noa, "Jag skriver från en privat flik");
    const talk = await desk.talkSaying("Jag skriver från en privat flik");
    await desk.takes(talk);
    await desk.answers(talk, "Vi har dig här.");
    await noa.sees("Vi har dig här.");
    // What waits here is not on the phone, and no screen says that it is.
    await tab.goesOffline();
    await noa.writes("Är ni kvar?");
    await noa.seesWords("kept_in_tab");
    await noa.seesWords("wait_in_tab_text");
    await noa.doesNotSee(noa.say("state_saved"));
  });

  await shows("a press that comes too late and a tip that is refused are told, and no word is lost", async () => {
    const ada = await (await phone(server)).youth();
    await ada.opens();
    await ada.writes("Vem av er är först?");
    await ada.seesWords("state_arrived");
    const talk = await desk.talkSaying("Vem av er är först?");
    const van = await phone(server);
    const kim = await van.officer();
    await kim.isOnDuty("12");
    await kim.sees("Vem av er är först?");
    await kim.pressCardSaying("Vem av er är först?");
    await kim.control("desk_take").waitFor();
    await van.goesOffline();
    await kim.press("desk_take");
    await desk.takes(talk);
    await van.comesBack();
    await kim.seesWords("act_refused");
    await kim.seesWords("desk_held_other", { number: "07" });
    await kim.press("act_refused_seen");
    await eventually(async () => (await kim.page.getByText(kim.say("act_refused")).count()) === 0, "the notice stays after it was seen");

    // The place is changed on the way to one that does not exist; the tip that comes after it is left as it is.
    const words = "Gå hem två och två i kväll.";
    await kim.writesTip(words);
    await kim.isRefused(() => kim.press("tip_publish"), '"municipality":"2580"', '"municipality":"9999"');
    await kim.seesWords("tip_refused");
    await kim.press("tip_refused_edit");
    await eventually(async () => (await kim.page.getByRole("textbox", { name: kim.like("tip_text") }).inputValue()) === words, "the refused tip's words are not in the form again");
    await kim.press("tip_publish");
    await eventually(async () => JSON.stringify(await (await fetch(`${server.youths}/api/v1/tips`)).json()).includes(words), "the tip did not go out the second time");
    await kim.doesNotSee(kim.say("tip_refused"));
  });

  await shows("the sixteen digits open the talk in a second browser; a wrong code says so and locks nobody out", async () => {
    const noas = await phone(server);
    let noa = await noas.youth();
    await noa.opens();
    await noa.writes("Jag byter telefon snart");
    await noa.seesWords("state_arrived");
    await noa.page.close();
    noa = await noas.youth();
    const code = await noa.findsCode();

    const later = await (await phone(server)).youth();
    await later.opens("/open");
    await later.fills("open_label", "1234 5678 9012 3456");
    await later.press("open_action");
    await later.sees(later.say("open_wrong"), 60_000);
    await later.fills("open_label", code.replace(/(.{4})(?=.)/g, "$1 "));
    await later.press("open_action");
    await later.sees("Jag byter telefon snart", 60_000);
  });

  await shows("the code is shown again at the first return, in four groups, and confirmed by its last four digits", async () => {
    const noas = await phone(server);
    let noa = await noas.youth();
    await noa.opens();
    await noa.writes("Kommer koden igen?");
    await noa.seesWords("state_arrived");
    await noa.page.close();
    noa = await noas.youth();
    await noa.opens();
    await noa.seesWords("code_warning");
    const code = await noa.readsCode();
    await noa.fills("code_confirm_label", code.slice(-4) === "0000" ? "1111" : "0000");
    await noa.press("code_confirm");
    await noa.seesWords("code_wrong");
    await noa.fills("code_confirm_label", code.slice(-4));
    await noa.press("code_confirm");
    await noa.seesWords("code_saved");
  });

  await shows("the worker installs, serves the shell offline, and a new version waits until it is asked for", async () => {
    const noas = await phone(server);
    const noa = await noas.youth();
    await noa.opens();
    await noa.hasWorker();
    await noas.goesOffline();
    await noa.page.reload();
    await noa.seesWords("sos_call");
    await noa.seesWords("offline_bar");
    await noas.comesBack();
    await noa.page.reload();
    await noa.page.evaluate(() => void (window.sameDocument = true));
    await noa.meetsNewVersion();
    expect(await noa.page.evaluate(() => window.sameDocument === true), "the page reloaded by itself");
    await Promise.all([noa.page.waitForEvent("load"), noa.press("update_now")]);
    await noa.seesWords("sos_call");
    expect(!(await noa.page.evaluate(() => window.sameDocument === true)), "the update did not reload the page");
  });

  await shows("the first talk by keyboard alone", async () => {
    const noa = await (await phone(server)).youth();
    await noa.opens();
    const focused = () => noa.page.evaluate(() => document.activeElement?.tagName);
    for (let i = 0; i < 20 && (await focused()) !== "TEXTAREA"; i++) await noa.page.keyboard.press("Tab");
    expect((await focused()) === "TEXTAREA", "the composer was not reached in 20 steps of Tab");
    await noa.types("Skrivet utan mus");
    for (let i = 0; i < 4 && !(await noa.page.evaluate(() => document.activeElement?.tagName === "BUTTON")); i++) await noa.page.keyboard.press("Tab");
    await noa.page.keyboard.press("Enter");
    await noa.seesWords("state_arrived");
    const tree = await noa.page.locator("body").ariaSnapshot();
    const order = [/112/, /Skrivet utan mus/, new RegExp(noa.say("state_arrived"))].map((pattern) => tree.search(pattern));
    expect(order.every((at, i) => at >= 0 && (i === 0 || at > order[i - 1])), `the accessibility tree does not read in order:\n${tree}`);
  });

  await shows("no page calls a foreign host, and the policy allows none", async () => {
    const both = await phone(server);
    const noa = await both.youth();
    const kim = await both.officer();
    await noa.opens();
    for (const path of ["/tips", "/tell", "/more", "/notices", "/about", "/privacy", "/accessibility"]) await noa.opens(path);
    await kim.isOnDuty("07");
    await both.close();
    const policy = (await fetch(server.youths)).headers.get("content-security-policy") ?? "";
    expect(/default-src 'none'/.test(policy) && !/unsafe|https?:|\*/.test(policy), `the policy is: ${policy}`);
  });

  // Each server is searched so when it stops, in every suite; here it is seen that the search finds what is there.
  await shows("after all journeys the database, the log and the figures hold no address, text, code or token", async () => {
    const figures = await server.metrics();
    expect(/natpatrull_requests_total\{operation="push_actions"/.test(figures), `the figures count nothing:\n${figures.slice(0, 300)}`);
    expect(/serving listen=/.test(server.log()), "the log does not say that the program serves");
    const lies = mkdtempSync(join(folder, "data-"));
    writeFileSync(join(lies, "rows"), "\0Någon hotar mig på nätet\0");
    const planted = traces({ log: "Skrivet utan mus 192.0.2.7", figures: "Jag byter telefon snart", data: lies });
    expect(planted.length === 4, `the search does not find what is there: ${planted}`);
    const found = await server.traces();
    expect(found.length === 0, found.join("\n"));
  });

  await shows("an invite makes a passkey once, and the passkey signs in", async () => {
    const station = await startServer({ demo: false, name: "passkey" });
    const printed = await station.also("admin", "invite", "--number", "09", "--role", "officer");
    const link = printed.match(/https?:\/\/\S+/)?.[0];
    expect(link, `no link in what admin invite printed: ${printed}`);
    const path = link.replace(/^https?:\/\/[^/]+/, "");
    const kims = await phone(station);
    const kim = await kims.officer();
    const session = await kims.context.newCDPSession(kim.page);
    await session.send("WebAuthn.enable");
    await session.send("WebAuthn.addVirtualAuthenticator", {
      options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    });
    await kim.opens(path);
    await kim.press("invite_accept");
    await kim.sees(kim.like("desk_title"));
    await kim.pressCard("desk_nav_me");
    await kim.seesWords("me_as");
    await kim.press("me_sign_out");
    await kim.press("sign_passkey");
    await kim.sees(kim.like("desk_title"));

    const other = await (await phone(station)).officer();
    await other.opens(path);
    await other.seesWords("invite_used");
  });
});
