// Sixteen, in a cellar without coverage, while strangers are at the door: what she is shown, what waits on the phone, and what an officer has
// of it when the phone is back in coverage.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterwards, eventually, expect, shows, suite } from "./lib/cases.mjs";
import { onDuty, sha256 } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { aPicture } from "./lib/picture.mjs";
import { startServer } from "./lib/server.mjs";

const folder = mkdtempSync(join(tmpdir(), "natpatrull-party-"));
afterwards(() => rmSync(folder, { recursive: true, force: true }));
const shot = join(folder, "dorren.png");
writeFileSync(shot, aPicture());

await suite("story-party", async () => {
  const server = await startServer({ name: "story-party" });
  const desk = await onDuty(server, "07");

  await shows("what she writes in a cellar waits on the phone with the way to 112, and is there once, with its picture, when she has coverage", async () => {
    const text = "Vi är inlåsta i källaren, 20 okända står utanför och en har kniv";
    const noas = await phone(server);
    const before = await noas.youth();
    await before.opens();
    await before.hasWorker();
    await noas.goesOffline();
    await noas.isKilled();
    await noas.startsAgain();
    await noas.goesOffline();

    // The way to 112 is the first thing there is to press in the page itself.
    let noa = await noas.youth();
    await noa.opens();
    const first = noa.page.locator('main a[href="tel:112"], header a[href="tel:112"]').filter({ visible: true }).first();
    await first.waitFor();
    const height = noa.page.viewportSize().height;
    expect((await first.boundingBox()).y < height / 2, "the way to 112 is not in the upper half of the first screen");

    await noa.press("danger_yes");
    await noa.page.getByRole("radio", { name: noa.say("danger_yes") }).nth(1).check();
    const wrote = Date.now();
    await noa.writes(text);
    const written = Date.now();
    await noa.seesWords("state_saved");
    await noa.seesWords("danger_unread");
    await noa.page.locator('.in-danger a[href="tel:112"]').filter({ visible: true }).first().waitFor();
    await noa.press("attach_youth");
    await noa.press("ask_no");
    const chooser = noa.page.waitForEvent("filechooser");
    await noa.press("attach_choose");
    await (await chooser).setFiles(shot);
    await noa.page.locator(".attached .picture").waitFor();
    await noa.page.locator(".composer .send").click();
    await noa.seesWords("attach_waiting");

    // The battery dies, and she opens it again: still nobody has it, and it says so.
    await noas.isKilled();
    await noas.startsAgain();
    await noas.goesOffline();
    noa = await noas.youth();
    await noa.opensTalk();
    await noa.sees(text);
    await noa.seesWords("danger_unread");
    expect((await desk.messagesSaying(text)).length === 0, "it is with the server, and there was no network");

    // Back in coverage it goes by itself.
    await noas.comesBack();
    await noa.seesWords("state_arrived");
    const [{ conversation_id }] = await eventually(async () => {
      const all = await desk.messagesSaying(text);
      return all.length > 0 && all;
    }, "the officer has nothing of her");
    const messages = await eventually(async () => {
      const all = await desk.messages(conversation_id);
      return all.some((message) => message.files?.some((file) => file.complete)) && all;
    }, "the picture has not come whole", 60_000);
    const hers = messages.filter((message) => message.by === "youth");
    expect(hers.filter((message) => message.text === text).length === 1, "the officer has her words more than once");
    const files = hers.flatMap((message) => message.files ?? []);
    expect(files.length === 1, `the officer has ${files.length} pictures`);
    expect(files[0].sha256 === sha256(aPicture()), "the picture is not the one that she sent");
    const talk = (await desk.conversations()).find((one) => one.conversation_id === conversation_id);
    expect(talk.priority === "p1" && talk.reasons.includes("danger-now"), `the desk has ${talk.priority} for ${talk.reasons}`);
    expect(talk.where === undefined, "a place is there that she never gave");
    expect((await desk.places(conversation_id)).length === 0, "a place was taken that she was not asked for");
    const recorded = Date.parse(hers.find((message) => message.text === text).recorded_at);
    expect(recorded >= wrote - 1000 && recorded <= written + 1000, "the time is not the one when she wrote it");
    expect((await noa.page.getByText(text, { exact: true }).count()) === 1, "her words stand on her screen more than once");
  });
});
