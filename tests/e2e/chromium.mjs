// The journeys in Chromium, against the real program. Words on the command line choose cases: node chromium.mjs offline
import { cpSync, appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { deflateSync } from "node:zlib";
import { afterwards, eventually, expect, shows, suite } from "./lib/cases.mjs";
import { onDuty, sha256 } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { root } from "./lib/root.mjs";
import { startServer } from "./lib/server.mjs";

/** A real PNG of noise, `side` pixels a side, so that it takes several pieces to send. */
function picture(side = 420) {
  const crc = (bytes) => {
    let c = ~0;
    for (const byte of bytes) {
      c ^= byte;
      for (let i = 0; i < 8; i++) c = (c >>> 1) ^ (0xedb88320 & -(c & 1));
    }
    return ~c >>> 0;
  };
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length);
    frame.writeUInt32BE(crc(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side);
  head.writeUInt32BE(side, 4);
  head.set([8, 2, 0, 0, 0], 8);
  let seed = 7;
  const rows = Buffer.alloc(side * (side * 3 + 1));
  for (let i = 0; i < rows.length; i++) rows[i] = i % (side * 3 + 1) === 0 ? 0 : (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 16;
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

const folder = mkdtempSync(join(tmpdir(), "natpatrull-files-"));
afterwards(() => rmSync(folder, { recursive: true, force: true }));
const shot = join(folder, "hot.png");
writeFileSync(shot, picture());
const shotHash = sha256(readFileSync(shot));

await suite("chromium", async () => {
  const dist = join(folder, "app");
  cpSync(resolve(root, "pwa/dist"), dist, { recursive: true });
  const server = await startServer({ name: "chromium", settings: { NATPATRULL_PWA_DIR: dist } });
  const desk = await onDuty(server, "07");

  await shows("112 and 114 14 stand above everything, and a first message takes at most three presses", async () => {
    const noa = await (await phone(server)).youth();
    const asked = [];
    noa.page.on("dialog", (dialog) => asked.push(dialog.message()));
    await noa.opens();
    await noa.seesWords("sos_call");
    const top = await noa.page.getByRole("link", { name: /112/ }).first().boundingBox();
    const composer = await noa.page.getByRole("textbox", { name: noa.say("composer_label") }).boundingBox();
    expect(top.y < composer.y && top.y + top.height < 740, "the 112 card is not above the composer on the first screen");
    await noa.page.getByRole("textbox", { name: noa.say("composer_label") }).click();
    noa.presses = 1;
    await noa.page.keyboard.type("Hej, första gången här");
    await noa.press("composer_send");
    await noa.seesWords("state_arrived");
    expect(noa.presses <= 3, `it took ${noa.presses} presses`);
    expect(asked.length === 0, `something was asked first: ${asked}`);
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

    await kim.pressCard("desk_nav_reports");
    await kim.pressCardSaying("De skriver att de vet vilken skola jag går på");
    await kim.press("desk_report_read");
    await kim.press("desk_picture_show");
    await kim.page.getByAltText(kim.say("desk_picture_alt")).waitFor();
    await eventually(() => kim.page.getByAltText(kim.say("desk_picture_alt")).evaluate((image) => image.naturalWidth === 420), "the officer's picture did not load");
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
    await kim.page.getByRole("textbox", { name: kim.say("desk_answer_label") }).fill("Ja, direkt.");
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
    const refused = () => {
      const no = () => { throw new DOMException("refused by the test", "SecurityError"); };
      Object.defineProperty(window, "indexedDB", { configurable: true, value: { open: no, deleteDatabase: no, databases: no, cmp: no } });
      for (const store of ["localStorage", "sessionStorage", "caches"]) Object.defineProperty(window, store, { configurable: true, get: no });
      delete Navigator.prototype.serviceWorker;
    };
    const tab = await phone(server, { before: refused });
    const noa = await tab.youth();
    await noa.opens();
    await noa.writes("Jag skriver från en privat flik");
    await noa.seesWords("memory_title");
    await noa.seesWords("state_arrived");
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
    await kim.page.route("**/api/v1/sync/push", (route) => route.continue({ postData: route.request().postData().replace('"municipality":"2580"', '"municipality":"9999"') }), { times: 1 });
    await kim.opens("/desk/tip");
    const words = "Gå hem två och två i kväll.";
    const choose = async (key, value) => kim.page.getByRole("combobox", { name: kim.like(key) }).selectOption(value);
    await choose("tip_topic", "meetups");
    await choose("tip_county", "25");
    await choose("tip_place", "2580");
    await kim.fills("tip_text", words);
    await kim.press("tip_publish");
    await kim.seesWords("tip_refused");
    await kim.press("tip_refused_edit");
    expect((await kim.page.getByRole("textbox", { name: kim.like("tip_text") }).inputValue()) === words, "the refused tip's words are not in the form again");
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
    appendFileSync(join(dist, "sw.js"), `\n// another version ${Date.now()}\n`);
    await server.restart(); // the program reads the app's files when it starts
    await noa.page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration.update()).then(() => undefined));
    await noa.seesWords("update_ready");
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
    await noa.page.keyboard.type("Skrivet utan mus");
    for (let i = 0; i < 4 && !(await noa.page.evaluate(() => document.activeElement?.tagName === "BUTTON")); i++) await noa.page.keyboard.press("Tab");
    await noa.page.keyboard.press("Enter");
    await noa.seesWords("state_arrived");
    const tree = await noa.page.locator("body").ariaSnapshot();
    const order = [/112/, /Skrivet utan mus/, new RegExp(noa.say("state_arrived"))].map((pattern) => tree.search(pattern));
    expect(order.every((at, i) => at >= 0 && (i === 0 || at > order[i - 1])), `the accessibility tree does not read in order:\n${tree}`);
  });

  await shows("no foreign host is called", async () => {
    const both = await phone(server);
    const noa = await both.youth();
    const kim = await both.officer();
    await noa.opens();
    for (const path of ["/tips", "/tell", "/more", "/notices", "/about", "/privacy", "/accessibility"]) await noa.opens(path);
    await kim.isOnDuty("07");
    const ours = new Set([`localhost:${server.port}`, `127.0.0.1:${server.port}`]);
    const foreign = [...both.hosts].filter((host) => !ours.has(host));
    expect(foreign.length === 0, `called: ${foreign}`);
    const policy = (await fetch(server.youths)).headers.get("content-security-policy") ?? "";
    expect(/default-src 'none'/.test(policy) && !/unsafe|https?:|\*/.test(policy), `the policy is: ${policy}`);
  });

  await shows("after all journeys the log and the figures hold no address, text, code or token", async () => {
    const figures = await server.metrics();
    expect(/natpatrull_requests_total\{operation="push_actions"/.test(figures), `the figures count nothing:\n${figures.slice(0, 300)}`);
    const log = server.log();
    expect(/serving listen=/.test(log), "the log does not say that the program serves");
    // The program's own listener is no caller, and the demo says its two addresses.
    const said = `${log.replace(/listen=\S+|^ *(Youth|Officers): .*$/gm, "")}\n${figures}`;
    for (const [what, pattern] of [
      ["an address", /\b\d{1,3}(\.\d{1,3}){3}\b|\[?::1\]?/],
      ["a text", /Skrivet utan mus|killar|knackar|kompis/i],
      ["a code", /\b\d{16}\b|\b\d{4} \d{4} \d{4} \d{4}\b/],
      ["a token", /eyJ[\w-]{8,}|natpatrull_refresh|[\w-]{43}/],
      ["a push address", /wpush|https:\/\//],
    ]) {
      const found = said.match(pattern);
      expect(!found, `${what} stands in the log or the figures: …${said.slice(Math.max(0, (found?.index ?? 0) - 80), (found?.index ?? 0) + 80)}…`);
    }
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
