// Pictures in talks, both ways: a youth's comes as it was and is blurred until an officer presses; an officer's says nothing of where it was taken.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, expect, shows, suite } from "./lib/cases.mjs";
import { onDuty, sha256 } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { startServer } from "./lib/server.mjs";

const GPS = "GPSLatitude 59.3293 GPSLongitude 18.0686";

/** A photo as a camera makes it: what the browser draws, with a place beside it. */
async function photo(page, name, color) {
  const drawn = await page.evaluate(async (color) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [320, 240];
    const pen = canvas.getContext("2d");
    pen.fillStyle = color;
    pen.fillRect(0, 0, 320, 240);
    const blob = await new Promise((go) => canvas.toBlob(go, "image/jpeg"));
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, color);
  const words = Buffer.from(`Exif\0\0${GPS}`);
  const exif = Buffer.concat([Buffer.from([0xff, 0xe1, 0, words.length + 2]), words]);
  const bytes = Buffer.concat([Buffer.from(drawn.slice(0, 2)), exif, Buffer.from(drawn.slice(2))]);
  const path = join(mkdtempSync(join(tmpdir(), "natpatrull-photo-")), name);
  writeFileSync(path, bytes);
  return { path, bytes };
}

await suite("attach", async () => {
  const server = await startServer({ name: "attach" });
  const desk = await onDuty(server, "07");

  const opens = async (text) => {
    const noas = await phone(server);
    const noa = await noas.youth();
    await noa.opens();
    await noa.writes(text);
    return { noas, noa, talk: await desk.talkSaying(text) };
  };
  const officerAt = async (talk) => {
    const kims = await phone(server);
    const kim = await kims.officer();
    await kim.isOnDuty("07");
    await kim.opens(`/desk/talk/${talk.conversation_id}`);
    await kim.press("desk_take");
    await kim.composer().waitFor();
    return { kims, kim };
  };
  const chooses = async (who, path) => {
    const chooser = who.page.waitForEvent("filechooser");
    await who.press("attach_choose");
    await (await chooser).setFiles(path);
    await who.page.locator(".attached .picture").waitFor();
  };
  const sends = (who) => who.page.locator(".composer .send").click();
  const filesOf = async (talk, by) =>
    (await desk.messages(talk.conversation_id)).filter((message) => message.by === by).flatMap((message) => message.files ?? []);
  const whole = (talk, by) =>
    eventually(async () => (await filesOf(talk, by)).find((file) => file.complete), `no file of the ${by} has come whole`, 30_000);

  await shows("a youth's picture waits without a network, comes as it was, and is blurred until the officer presses", async () => {
    const { noas, noa, talk } = await opens("Han skickade den här");
    const { path, bytes } = await photo(noa.page, "ett mycket långt namn på en bild som någon har skickat till mig i går kväll.jpg", "#a33");
    await noa.hasWorker();
    await noa.press("attach_youth");
    await noa.seesWords("ask_title");
    await noa.press("ask_no");
    await chooses(noa, path);
    // Taken away, and chosen again.
    await noa.press("attach_drop");
    await noa.page.locator(".attached").waitFor({ state: "detached" });
    await noa.press("attach_youth");
    await noa.press("ask_no");
    await chooses(noa, path);
    await noas.goesOffline();
    await sends(noa);
    await noa.seesWords("attach_waiting");
    expect((await filesOf(talk, "youth")).length === 0, "nothing has left the phone");

    // The phone runs out of memory meanwhile.
    await noas.isKilled();
    await noas.startsAgain();
    const again = await noas.youth();
    await again.opens(`/talk/${talk.conversation_id}`);
    const file = await whole(talk, "youth");
    expect(file.sha256 === sha256(bytes), "evidence is kept as it was");
    expect((await desk.picture(file.file_id)).equals(bytes), "what comes back is what she sent");
    await again.page.locator(".message-files img.picture").waitFor();

    const { kim } = await officerAt(talk);
    const picture = kim.page.locator(".message-files img.picture");
    await picture.waitFor();
    const blur = () => picture.evaluate((image) => getComputedStyle(image).filter);
    expect(/blur.*grayscale/.test(await blur()), "blurred and grey");
    await kim.press("desk_picture_show");
    await eventually(async () => (await blur()) === "none", "pressed, and not shown");
    await kim.press("desk_picture_hide");
    await eventually(async () => /blur/.test(await blur()), "hidden, and still shown");
  });

  await shows("an officer's picture comes without where it was taken, beside words, and the youth can save it", async () => {
    const { noa, talk } = await opens("Hur ser det ut där?");
    const { kim } = await officerAt(talk);
    const { path, bytes } = await photo(kim.page, "gata.jpg", "#36a");
    expect(bytes.includes("GPSLatitude"), "the photo tells where it was taken");
    await kim.press("attach_officer");
    await kim.seesWords("attach_drawn_anew");
    await chooses(kim, path);
    await kim.composer().fill("Så här ser ingången ut");
    await sends(kim);
    const file = await whole(talk, "officer");
    const came = await desk.picture(file.file_id);
    expect(!came.includes("GPS") && !came.includes("Exif"), "it says where it was taken");
    await noa.sees("Så här ser ingången ut");
    const picture = noa.page.locator(".message-files img.picture");
    await picture.waitFor();
    expect((await picture.evaluate((image) => getComputedStyle(image).filter)) === "none", "not blurred for her");
    await eventually(() => picture.evaluate((image) => image.naturalWidth === 320), "it does not show");
    const saved = noa.page.waitForEvent("download");
    await noa.press("attach_save");
    expect((await (await saved).path()) !== null, "it was not saved");
  });
});
