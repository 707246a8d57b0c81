// Leaving a phone: what becomes of words that are not sent when the app is emptied, when a session is over, when a browser empties what
// nobody uses, and on a phone that others use too. Each case dumps what the browser keeps, or asks the server what it has.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterwards, eventually, expect, shows, suite } from "./lib/cases.mjs";
import { onDuty, sha256 } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { aPicture } from "./lib/picture.mjs";
import { startServer } from "./lib/server.mjs";
import { cut, endsSession, isSafari, keeps, opensTheClock, stored, turnsTheClock } from "./lib/trouble.mjs";

const folder = mkdtempSync(join(tmpdir(), "natpatrull-leaving-"));
afterwards(() => rmSync(folder, { recursive: true, force: true }));
const shot = join(folder, "hot.png");
writeFileSync(shot, aPicture());

const DAY = 86_400_000;
const PUSH = "**/api/v1/sync/push";
const PARCELS = "**/api/v1/sync/parcels";

await suite("leaving", async () => {
  const server = await startServer({ name: "leaving" });
  const desk = await onDuty(server, "07");

  const stands = async (text) => (await desk.messagesSaying(text)).length;
  const standsOnce = async (text) => {
    await eventually(async () => (await stands(text)) > 0, `"${text}" did not arrive`, 30_000);
    await new Promise((next) => setTimeout(next, 700));
    const times = await stands(text);
    expect(times === 1, `"${text}" stands with the server ${times} times`);
  };
  /** The server has the key by which this phone's words go without a session. */
  const isCapable = (someone) =>
    eventually(async () => (await keeps(someone)).kept.some((row) => Object.values(row ?? {}).some((one) => one?.renewed_at !== undefined)), "the phone has no capability");
  /** Somebody who has written, whose words now no longer get through. */
  const waits = async (text, first) => {
    const noas = await phone(server);
    const noa = await noas.youth();
    await noa.opens();
    await noa.writes(first);
    await noa.seesWords("state_arrived");
    await isCapable(noa);
    const off = await cut(noas.context, PUSH, PARCELS);
    await noa.writes(text);
    await noa.seesWords("state_saved");
    return { noas, noa, off };
  };
  const holdsNone = async (someone, ...texts) => {
    const kept = JSON.stringify(await keeps(someone)) + (await stored(someone));
    for (const text of texts) expect(!kept.includes(text), `the phone still holds "${text}"`);
  };

  await shows("who empties the phone with words unsent may lock them in: nothing on it can be read, and the next start sends each once", async () => {
    const { noas, noa, off } = await waits("Orden som ska låsas in", "Hej innan jag lämnar telefonen");
    await noa.composer().fill("Halvskrivet som ska med");
    await eventually(() => noa.page.evaluate(() => sessionStorage.length > 0), "the tab does not keep what is half written");
    await noa.tellsOfThreat({ what: "Utkastet som ska med", place: "Ett spel", picture: shot });
    expect(JSON.stringify(await keeps(noa)).includes("Orden som ska låsas in"), "the search does not find what the phone keeps");
    await noa.opens("/device");
    await noa.press("leave_seal");
    await noa.seesWords("leave_pictures");
    await noa.press("leave_begun", { count: "2" });
    await noa.press("leave_seal_yes");
    await noa.seesWords("device_forget_sealed");
    await holdsNone(noa, "låsas in", "Halvskrivet", "Utkastet", "Hej innan");
    const { parcels, kept, outbox, files, chunks } = await keeps(noa);
    expect(parcels.length === 1, `${parcels.length} parcels stand on the phone`);
    expect(!kept.some((row) => row?.account_id) && outbox.length + files.length + chunks.length === 0, "somebody still stands on the phone");
    await noa.opens();
    await noa.doesNotSee(noa.like("home_talks"));
    await off();
    // The next start, by whoever it is.
    const next = await noas.youth();
    await noa.page.close();
    await next.opens();
    for (const text of ["Orden som ska låsas in", "Halvskrivet som ska med"]) await standsOnce(text);
    const talk = await desk.talkSaying("Halvskrivet som ska med");
    const there = (await desk.messages(talk.conversation_id)).sort((a, b) => a.pos - b.pos).map((message) => message.text);
    expect(there.join() === "Hej innan jag lämnar telefonen,Orden som ska låsas in,Halvskrivet som ska med", `the talk says: ${there.join()}`);
    expect((await desk.reportsSaying("Utkastet som ska med")).length === 1, "not exactly one report");
    await eventually(async () => (await keeps(next)).parcels.length === 0, "the parcel still stands on the phone");
  });

  await shows("what was begun goes along only when it is asked for, and a talk that has ended meanwhile goes on in a new one", async () => {
    const { noas, noa, off } = await waits("Låst medan samtalet avslutas", "Innan samtalet avslutas");
    const talk = await desk.talkSaying("Innan samtalet avslutas");
    await noa.composer().fill("Det här ville jag aldrig skicka");
    await noa.opens("/device");
    await noa.press("leave_seal");
    await noa.press("leave_seal_yes");
    await noa.seesWords("device_forget_sealed");
    await holdsNone(noa, "aldrig skicka", "avslutas");
    await desk.takes(talk);
    await desk.reads(talk);
    await desk.closes(talk);
    await off();
    await noa.opens();
    await standsOnce("Låst medan samtalet avslutas");
    const [there] = await desk.messagesSaying("Låst medan samtalet avslutas");
    expect(there.conversation_id !== talk.conversation_id, "it stands in a talk that has ended");
    expect((await stands("Det här ville jag aldrig skicka")) === 0, "what was only begun was sent");
    await noas.close();
  });

  await shows("ideas cannot be locked in, begun or waiting, and that is said before; the lists that were read go as well", async () => {
    const { noas, noa } = await waits("Ett ord som kan låsas in", "Hej innan idén");
    const text = "Spela med oss på lördagar";
    await noa.opens("/posts");
    await eventually(() => noa.page.evaluate(() => caches.has("posts")), "no pictures are kept");
    await noa.opens("/ideas");
    await noa.fills("idea_text", text);
    await noa.keepsHalfWritten();
    await noa.opens("/unsent");
    await noa.sees(text);
    await noa.opens("/device");
    await noa.seesWords("device_forget_unsent", { count: "2" });
    await noa.press("leave_seal");
    await noa.seesWords("leave_lost");
    await noa.opens("/ideas");
    await noa.press("idea_send");
    await eventually(async () => (await keeps(noa)).outbox.length > 1, "the idea does not wait on the phone");
    await noa.opens("/device");
    await noa.press("leave_seal");
    await noa.seesWords("leave_lost");
    await noa.press("leave_seal_yes");
    await noa.seesWords("device_forget_sealed");
    await holdsNone(noa, text);
    expect(!(await noa.page.evaluate(() => caches.has("posts"))), "the pictures that were read stand on the phone");
    await noas.close();
  });

  await shows("a phone that has not reached the server cannot lock words in, and says so; sending first or throwing away are asked", async () => {
    const noas = await phone(server);
    const noa = await noas.youth();
    await noa.opens();
    const off = await cut(noas.context, "**/api/v1/**");
    await noa.writes("Skickas innan telefonen töms");
    await noa.seesWords("state_saved");
    await noa.opens("/device");
    await noa.seesWords("leave_cannot_seal");
    expect((await noa.control("leave_seal").count()) === 0, "it offers what it cannot do");
    // It also goes by itself once it can.
    await noa.page.locator("main").getByRole("button", { name: noa.say("offline_send_now") }).click();
    await off();
    await standsOnce("Skickas innan telefonen töms");
    await noa.press("device_forget");
    await noa.press("device_forget_yes");
    await noa.seesWords("device_forget_done");
    await holdsNone(noa, "Skickas innan");
  });

  await shows("a report and its picture are delivered although the session is over; a message waits for its writer, and the screen says so", async () => {
    const { noas, noa } = await waits("Det här väntar på koden", "Innan sessionen tog slut");
    await noa.tellsOfThreat({ what: "Hotet när sessionen var slut", place: "Ett spel", picture: shot });
    await noa.press("tell_send");
    await noa.seesWords("report_saved");
    await endsSession(noas.context);
    const bearers = [];
    noas.context.on("request", (request) => /\/files|\/deliver/.test(request.url()) && bearers.push(request.headers()["authorization"]));
    await noa.opens();
    await noa.seesWords("signed_out_delivered");
    await noa.seesWords("signed_out_waiting", { count: "1" });
    const report = await eventually(async () => {
      const [first] = await desk.reportsSaying("Hotet när sessionen var slut");
      return first?.files[0]?.complete && first;
    }, "the report and its picture did not arrive", 30_000);
    expect((await desk.reportsSaying("Hotet när sessionen var slut")).length === 1, "not exactly one report");
    expect(sha256(await desk.picture(report.files[0].file_id)) === sha256(readFileSync(shot)), "the picture's bytes are not the same");
    await eventually(async () => {
      const { outbox, chunks } = await keeps(noa);
      return outbox.length === 1 && outbox[0].kind === "message-send" && chunks.length === 0;
    }, "the phone keeps something else than the message");
    expect((await stands("Det här väntar på koden")) === 0, "a message went without a session");
    expect(bearers.length >= 3 && bearers.every((one) => one === undefined), `a bearer was shown: ${bearers}`);
    await noa.opens(`/report/${report.report_id}`);
    await noa.page.locator("main").getByText(noa.say("signed_out_delivered")).waitFor();
    // With the code all of it is there again.
    const code = await noa.findsCode();
    await noas.context.unrouteAll({ behavior: "ignoreErrors" });
    await noa.opens("/open");
    await noa.fills("open_label", code);
    await noa.press("open_action");
    await standsOnce("Det här väntar på koden");
    await noa.doesNotSee(noa.say("signed_out_delivered"));
  });

  await shows("a new code ends what the phone could do without a session, and it gets another", async () => {
    const noa = await (await phone(server)).youth();
    await noa.opens();
    await noa.writes("Innan jag byter kod");
    await noa.seesWords("state_arrived");
    await isCapable(noa);
    const ids = async () => (await keeps(noa)).kept.flatMap((row) => Object.values(row ?? {}).filter((one) => one?.renewed_at !== undefined).map((one) => one.capability_id));
    const [before] = await ids();
    await noa.opens("/device");
    await noa.press("device_new_code");
    await noa.page.getByRole("group").getByRole("button", { name: noa.say("device_new_code") }).click();
    await noa.seesWords("device_new_code_done");
    await eventually(async () => (await ids()).some((id) => id !== before), "the phone has no other capability");
  });

  await shows("a shared phone keeps nothing: not while it is used, and not after the tab is closed", async () => {
    const noas = await phone(server);
    let noa = await noas.youth();
    await noa.opens();
    await noa.hasWorker();
    await noa.press("home_shared");
    await noa.press("shared_on");
    await noa.page.waitForURL(`${server.youths}/`);
    await noa.seesWords("shared_title");
    await noa.writes("Skrivet på en delad telefon");
    await noa.seesWords("state_arrived");
    await standsOnce("Skrivet på en delad telefon");
    await noa.composer().fill("Halvskrivet på en delad telefon");
    await noa.tellsOfThreat({ what: "Hotet på en delad telefon", place: "Ett spel", picture: shot });
    const nothing = async () => {
      const found = await noa.page.evaluate(async () => ({
        databases: (await indexedDB.databases()).map((one) => one.name),
        local: { ...localStorage },
        session: Object.keys(sessionStorage),
        caches: await caches.keys(),
        held: (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)))).flat(),
      }));
      expect(found.databases.length === 0 && Object.keys(found.local).length === 0, `the phone keeps: ${JSON.stringify(found)}`);
      expect(found.session.every((key) => key === "natpatrull-shared"), `the tab keeps: ${found.session}`);
      expect(found.caches.every((name) => name.startsWith("shell-")) && !found.held.some((path) => path.startsWith("/api")), `the worker keeps: ${found.held}`);
      const cookies = await noas.context.cookies();
      expect(cookies.length === 0, `a cookie stands: ${cookies.map((one) => one.name)}`);
    };
    await nothing();
    await noa.opens("/notices");
    await noa.seesWords("shared_no_notices");
    await noa.opens();
    await noa.doesNotSee("Skrivet på en delad telefon");
    await noa.page.close();
    noa = await noas.youth();
    await noa.opens();
    await noa.doesNotSee(noa.like("home_talks"));
    await noa.doesNotSee(noa.say("shared_title"));
    expect(!(await stored(noa)).includes("delad telefon"), "the phone holds words of the shared time");
  });

  await shows("a shared phone begins by emptying what stands there, with the same questions", async () => {
    const { noas, noa, off } = await waits("Låst innan telefonen blev delad", "Hej före den delade tiden");
    await noa.opens("/shared");
    await noa.seesWords("shared_first");
    await noa.press("leave_seal");
    await noa.press("leave_seal_yes");
    await noa.page.waitForURL(`${server.youths}/`);
    await noa.seesWords("shared_title");
    await holdsNone(noa, "Låst innan", "Hej före");
    await off();
    await noa.page.close();
    const next = await noas.youth();
    await next.opens();
    await standsOnce("Låst innan telefonen blev delad");
  });

  await shows("Safari's seven days are told where something waits, counted from the last use; other browsers say only what they may do", async () => {
    const noas = await phone(server, { before: [isSafari, opensTheClock] });
    let noa = await noas.youth();
    await noa.opens();
    const off = await cut(noas.context, "**/api/v1/**");
    await noa.writes("Väntar i Safari");
    await noa.seesWords("state_saved");
    await noa.seesWords("keeping_days", { days: "7" });
    const opensAfter = async (days) => {
      await turnsTheClock(noa, days * DAY);
      // A tab of its own: nobody has touched anything there.
      const before = noa;
      noa = await noas.youth();
      await before.page.close();
      await noa.opens();
    };
    await opensAfter(4.5);
    await noa.seesWords("keeping_days", { days: "3" });
    await opensAfter(6.5);
    await noa.page.getByText(noa.say("keeping_day")).click();
    await noa.seesWords("keeping_why");
    // That press was a use.
    await noa.seesWords("keeping_days", { days: "7" });
    await opensAfter(14);
    await noa.seesWords("keeping_over");
    await off();
    await standsOnce("Väntar i Safari");
    await noa.doesNotSee(noa.like("keeping_over"));

    const vans = await phone(server);
    const van = await vans.youth();
    await van.opens();
    await cut(vans.context, "**/api/v1/**");
    await van.writes("Väntar i en annan webbläsare");
    await van.seesWords("state_saved");
    await van.opens("/unsent");
    await van.seesWords("keeping_unsure");
    await van.doesNotSee(van.like("keeping_days"));
  });
});
