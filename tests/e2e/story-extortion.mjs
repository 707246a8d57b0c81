// A 13-year-old whom somebody threatens with pictures of her: what she is told before she writes, what is not asked of her, what she has in
// her hand afterwards, and what is left on the phone when she has emptied the app.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterwards, eventually, expect, shows, suite } from "./lib/cases.mjs";
import { onDuty, sha256 } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { aPicture } from "./lib/picture.mjs";
import { startServer } from "./lib/server.mjs";

const folder = mkdtempSync(join(tmpdir(), "natpatrull-extortion-"));
afterwards(() => rmSync(folder, { recursive: true, force: true }));
const shot = join(folder, "chatten.png");
writeFileSync(shot, aPicture());

/** Everything that the browser keeps for the app, as one text: each database whole, bytes as letters, caches, both storages and files. */
const everything = (someone) =>
  someone.page.evaluate(async () => {
    const latin = (bytes) => Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
    const done = (request) => new Promise((go, no) => Object.assign(request, { onsuccess: () => go(request.result), onerror: () => no(request.error) }));
    const open = (_name, value) => {
      if (value instanceof ArrayBuffer) return latin(value);
      return ArrayBuffer.isView(value) ? latin(value.buffer) : value;
    };
    const found = [];
    for (const { name } of await indexedDB.databases()) {
      const db = await done(indexedDB.open(name));
      for (const store of db.objectStoreNames) {
        const rows = db.transaction(store).objectStore(store);
        found.push(JSON.stringify([name, store, await done(rows.getAllKeys()), await done(rows.getAll())], open));
      }
      db.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) found.push(request.url, latin(await (await cache.match(request)).arrayBuffer()));
    }
    const files = async (place) => {
      for await (const [name, entry] of place.entries())
        if (entry.kind === "directory") await files(entry);
        else found.push(name, latin(await (await entry.getFile()).arrayBuffer()));
    };
    await files(await navigator.storage.getDirectory());
    found.push(JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state]));
    return found.join("\n");
  });

await suite("story-extortion", async () => {
  const server = await startServer({ name: "story-extortion" });
  const desk = await onDuty(server, "07");

  await shows("she is told what the police must do, sends no picture of a child, has a receipt, and leaves nothing on the phone", async () => {
    const what = "Han lägger ut bilden om jag inte skickar fler";
    const [link, user] = ["https://exempel.invalid/kontot-som-hotar", "hotaren_2010"];
    const noas = await phone(server);
    const noa = await noas.youth();
    await noa.opens();
    await noa.hasWorker();
    await noa.pressCard("nav_tell");

    // Before a word is written.
    for (const key of ["tell_act_read", "tell_act_must", "tell_act_official", "tell_act_tip", "tell_not_police_report"]) await noa.seesWords(key);
    await noa.press("parents_title");
    for (const key of ["parents_2", "parents_3", "parents_4"]) await noa.seesWords(key);
    await noa.page.goBack();
    await noa.beginsToTell("sexual-image");
    await noa.fills("tell_what_label", what);

    // No picture of a child is asked for or taken: where it is and whose it is are enough.
    await noa.goesOnTo("chat-files");
    let picked = 0;
    noa.page.on("filechooser", () => (picked += 1));
    await noa.press("tell_picture_add");
    await noa.seesWords("ask_title");
    await noa.seesWords("ask_text");
    await noa.press("ask_yes");
    await noa.seesWords("ask_yes_text");
    expect(picked === 0 && (await noa.control("ask_choose").count()) === 0, "a picture can be chosen all the same");
    await noa.fills("ask_link", link);
    await noa.fills("ask_user", user);
    await noa.press("ask_add");
    await noa.seesWords("ask_added");
    // The chat is another thing.
    await noa.attaches(shot);
    await noa.goesOnTo();
    await noa.sees(link);
    await noa.press("tell_send");
    await noa.seesWords("report_received");
    const report = await eventually(async () => (await desk.reportsSaying(what)).find((one) => one.files[0].complete), "the report did not arrive whole");
    const said = report.links.map((one) => one.said);
    expect([link, user].every((one) => said.some((all) => all.includes(one))), `the desk has as links: ${said}`);
    await noa.seesWords("report_file_progress", { done: "1", total: "1" });

    await noa.press("receipt_save");
    await noa.seesWords("receipt_ask");
    const saved = noa.page.waitForEvent("download");
    await noa.press("receipt_as_text");
    const receipt = readFileSync(await (await saved).path(), "utf8");
    for (const part of [report.number, sha256(readFileSync(shot))]) expect(receipt.includes(part), `the receipt does not say ${part}`);
    for (const part of [what, link, user]) expect(!receipt.includes(part), `the receipt says ${part}`);

    // She writes too, and is answered; a second report and an answer are begun.
    const [asks, answer, draft, half] = ["Måste mamma få veta det här", "Vi pratar om det innan något händer", "Han skrev igen i natt", "Jag vågar inte"];
    await noa.opens();
    await noa.writes(asks);
    const talk = await desk.talkSaying(asks);
    await desk.takes(talk);
    await desk.answers(talk, answer);
    await noa.sees(answer);
    await noa.opens("/tell");
    await noa.beginsToTell("sexual-image");
    await noa.fills("tell_what_label", draft);
    await noa.goesOnTo("chat-files");
    await noa.attaches(shot);
    await noa.opens(`/talk/${talk.conversation_id}`);
    await noa.composer().fill(half);
    await noa.keepsHalfWritten();
    const hers = [what, link, user, report.number, report.report_id, talk.conversation_id, report.files[0].sha256, asks, answer, draft, half];
    const before = await everything(noa);
    for (const part of [what, link, user, report.number, asks, answer]) expect(before.includes(part), `the search does not find "${part}" where it stands`);

    await noa.opens("/device");
    await noa.press("leave_drop");
    await noa.press("leave_drop_yes");
    await noa.seesWords("device_forget_done");
    const nothing = async () => {
      const after = await everything(noa);
      for (const part of hers) expect(!after.includes(part), `the phone still holds "${part}"`);
      expect(!after.includes(readFileSync(shot).toString("latin1").slice(40, 90)), "the phone still holds the picture");
    };
    await nothing();
    const cookies = await noas.context.cookies();
    expect(cookies.length === 0, `a cookie stands: ${cookies.map((one) => one.name)}`);
    // Nor does it come back with the next start.
    await noa.opens();
    await noa.doesNotSee(noa.like("home_talks"));
    await nothing();
    for (const path of ["/reports", `/report/${report.report_id}`, `/talk/${talk.conversation_id}`]) {
      await noa.opens(path);
      await noa.page.locator("h1").first().waitFor();
      for (const part of hers) await noa.doesNotSee(part);
    }
    expect((await desk.reportsSaying(what)).length === 1, "what had arrived is not with the police once");
  });
});
