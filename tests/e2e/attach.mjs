// Files in talks, both ways: a youth's comes as it was, and officers see a copy of it, blurred until they press; an officer's says nothing of
// where it was taken. What was sent leaves with a reason alone, and what is withheld is seen by nobody.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
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

/** A few seconds of film, as the browser records what it draws. */
async function aFilm(page) {
  const bytes = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [160, 120];
    const pen = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: "video/webm;codecs=vp8" });
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const whole = new Promise((go) => (recorder.onstop = go));
    recorder.start();
    for (let n = 0; n < 20; n++) {
      pen.fillStyle = `hsl(${18 * n} 60% 50%)`;
      pen.fillRect(0, 0, 160, 120);
      await new Promise((go) => setTimeout(go, 100));
    }
    recorder.stop();
    await whole;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  const path = join(mkdtempSync(join(tmpdir(), "natpatrull-film-")), "film.webm");
  writeFileSync(path, Buffer.from(bytes));
  return path;
}

/** A second of a tone. */
function aSound(rate = 8000) {
  const head = Buffer.alloc(44);
  head.write("RIFF\0\0\0\0WAVEfmt ", "latin1");
  head.writeUInt32LE(36 + rate, 4);
  head.writeUInt32LE(16, 16);
  [1, 1].forEach((one, n) => head.writeUInt16LE(one, 20 + 2 * n));
  [rate, rate].forEach((one, n) => head.writeUInt32LE(one, 24 + 4 * n));
  [1, 8].forEach((one, n) => head.writeUInt16LE(one, 32 + 2 * n));
  head.write("data", 36, "latin1");
  head.writeUInt32LE(rate, 40);
  return Buffer.concat([head, Buffer.from({ length: rate }, (_, n) => 128 + Math.round(90 * Math.sin(n / 3)))]);
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
  const reads = async (talk, number) => {
    const its = await phone(server);
    const one = await its.officer();
    await one.isOnDuty(number);
    await one.opens(`/desk/talk/${talk.conversation_id}`);
    return one;
  };
  const officerAt = async (talk) => {
    const kim = await reads(talk, "07");
    await kim.press("desk_take");
    await kim.composer().waitFor();
    return { kim };
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
  /** A talk in which a youth has sent a file: whole, and with what became of its copy. */
  const hasSent = async (text, made) => {
    const { noa, talk } = await opens(text);
    const path = await made(noa.page);
    await noa.press("attach_youth");
    await noa.press("ask_no");
    const chooser = noa.page.waitForEvent("filechooser");
    await noa.press("attach_choose");
    await (await chooser).setFiles(path);
    await noa.page.locator(".attached :is(.picture, .sound, .file-line)").waitFor();
    await sends(noa);
    const file = await eventually(async () => (await filesOf(talk, "youth")).find((file) => file.copy), "nothing has become of the file", 30_000);
    return { noa, talk, file };
  };
  const hasSentPhoto = async (text, color) => {
    let taken;
    const sent = await hasSent(text, async (page) => (taken = await photo(page, "a.jpg", color)).path);
    return { ...sent, bytes: taken.bytes };
  };
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
    const asked = [];
    kim.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await kim.page.reload();
    await picture.waitFor();
    const blur = () => picture.evaluate((image) => getComputedStyle(image).filter);
    expect(/blur.*grayscale/.test(await blur()), "blurred and grey");
    await kim.press("desk_picture_show");
    await eventually(async () => (await blur()) === "none", "pressed, and not shown");
    await eventually(() => picture.evaluate((image) => image.naturalWidth === 320), "it does not show");
    await kim.press("desk_picture_hide");
    await eventually(async () => /blur/.test(await blur()), "hidden, and still shown");
    expect(asked.some((path) => path.endsWith("/copy")), "what is shown is no copy");
    expect(!asked.some((path) => /\/(link|bytes)$/.test(path)), "the original was opened for a look");
  });

  await shows("an officer opens the original with a reason, which the log keeps, as a file and never in the page", async () => {
    const { talk, bytes } = await hasSentPhoto("Så här såg det ut", "#383");
    const kim = await reads(talk, "12");
    await kim.press("original_open");
    await kim.seesWords("original_text");
    expect(await kim.control("original_save").isDisabled(), "it opens without a reason");
    await kim.press("original_handover");
    const saved = kim.page.waitForEvent("download");
    await kim.press("original_save");
    const download = await saved;
    expect(readFileSync(await download.path()).equals(bytes), "it is not what she sent");
    expect(/^[\w]{6}\.jpg$/.test(download.suggestedFilename()), `it is called ${download.suggestedFilename()}`);
    await kim.seesWords("original_saved");
    const lead = await onDuty(server, "03");
    await eventually(async () => (await lead.looks(talk)).some((look) => look.detail === "original handover" && look.public_number === "12"), "the log does not say who and why");
  });

  await shows("a chat that was saved as text is told as what it is, and opens as a file alone", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "natpatrull-chat-")), "chatt.txt");
    writeFileSync(path, "Noa: sluta\nX: jag vet var du bor");
    const { noa, talk, file } = await hasSent("Hela chatten", () => path);
    expect(file.media_type === "text/plain" && file.copy.state === "not-cleaned", `it came as ${JSON.stringify(file)}`);
    await noa.seesWords("file_not_shown");
    const own = noa.page.waitForEvent("download");
    await noa.press("attach_save");
    expect(readFileSync(await (await own).path(), "utf8").includes("jag vet var du bor"), "she cannot save what she sent");
    const kim = await reads(talk, "07");
    await kim.seesWords("file_not_cleaned");
    await kim.seesWords("original_open");
  });

  await shows("a voice that was recorded is heard by both, from its copy", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "natpatrull-voice-")), "röst.wav");
    writeFileSync(path, aSound());
    const { noa, talk, file } = await hasSent("Så sa han", () => path);
    expect(file.media_type === "audio/wav" && file.copy.state === "made", `it came as ${JSON.stringify(file)}`);
    const kim = await reads(talk, "07");
    for (const who of [noa, kim]) {
      const sound = who.page.locator(".message-files audio[controls]");
      await sound.waitFor();
      await eventually(() => sound.evaluate((audio) => audio.duration > 0.9 && new URL(audio.src).pathname.endsWith("/copy")), "the sound cannot be heard");
    }
    expect((await kim.control("desk_picture_show").count()) === 0, "a sound is veiled as a picture is");
  });

  await shows("a film that is hidden again stands still", async () => {
    const { talk, file } = await hasSent("Så här såg det ut på filmen", aFilm);
    expect(file.media_type === "video/webm" && file.copy.state === "made", `it came as ${JSON.stringify(file)}`);
    const kim = await reads(talk, "07");
    const film = kim.page.locator(".message-files video");
    await film.waitFor();
    await kim.press("desk_film_show");
    await film.evaluate((video) => {
      video.loop = true;
      return video.play();
    });
    await kim.press("desk_film_hide");
    await eventually(() => film.evaluate((video) => video.paused), "it plays on");
  });

  await shows("a file that an officer marks is hidden at once without a network, and then nobody sees it", async () => {
    const { noa, talk, file } = await hasSentPhoto("Titta inte på den", "#638");
    const alex = await reads(talk, "12");
    const hers = alex.page.locator(".message-files img.picture");
    await hers.waitFor();
    const kims = await phone(server);
    const kim = await kims.officer();
    await kim.isOnDuty("07");
    await kim.opens(`/desk/talk/${talk.conversation_id}`);
    const picture = kim.page.locator(".message-files img.picture");
    await picture.waitFor();
    await kims.goesOffline();
    await kim.press("withhold_do");
    await kim.seesWords("withhold_copies");
    await kim.press("cancel");
    await picture.waitFor();
    await kim.press("withhold_do");
    await kim.press("withhold_yes");
    await kim.seesWords("withheld_waits");
    await picture.waitFor({ state: "detached" });
    await kim.doesNotSee(kim.say("withheld_text"));
    await kim.doesNotSee(kim.say("hard_marked"));
    expect(!(await filesOf(talk, "youth"))[0].withheld, "nothing has left the phone");

    await kims.comesBack();
    await eventually(async () => (await filesOf(talk, "youth"))[0].withheld, "the mark did not arrive");
    await kim.doesNotSee(kim.say("withheld_waits"));
    await kim.seesWords("withheld_text");
    await kim.seesWords("hard_marked");
    // A colleague who had it on the screen, and one who comes later.
    await hers.waitFor({ state: "detached" });
    await alex.seesWords("withheld_text");
    const robin = await reads(talk, "03");
    await robin.seesWords("withheld_text");
    expect((await robin.page.locator(".message-files img, .message-files video").count()) === 0, "somebody sees it");
    // Whoever was not named is told no, and hers is no other way.
    await robin.press("withheld_way");
    await robin.press("original_investigation");
    await robin.press("original_save");
    await robin.seesWords("problem_file_withheld");
    // Its youth is told nothing of a mark.
    await noa.page.reload();
    await noa.sees("Titta inte på den");
    await noa.doesNotSee(noa.like("withheld_text"));

    // Named by a lead, an investigator opens it.
    await robin.opens("/desk/investigators");
    await robin.seesWords("investigators_none");
    await robin.page.getByLabel(robin.say("investigators_who")).selectOption({ label: robin.say("staff_row", { number: "12", role: robin.say("role_officer") }) });
    await robin.fills("investigators_reason", "Utredare enligt beslut i ärendet");
    await robin.press("investigators_do");
    await robin.sees("Utredare enligt beslut i ärendet");
    await alex.press("withheld_way");
    await alex.press("original_investigation");
    const saved = alex.page.waitForEvent("download");
    await alex.press("original_save");
    expect(sha256(readFileSync(await (await saved).path())) === file.sha256, "it is not the original");
    // And not any more.
    await robin.press("staff_of", { what: robin.say("investigators_end"), number: "12" });
    await robin.press("investigators_end_yes");
    await robin.seesWords("investigators_none");
    await alex.press("withheld_way");
    await alex.press("original_other");
    await alex.press("original_save");
    await alex.seesWords("problem_file_withheld");
  });

  await shows("a file of a report is marked as one of a talk is, and its youth's report stands as it was", async () => {
    const noa = await (await phone(server)).youth();
    await noa.opens();
    const { path } = await photo(noa.page, "c.jpg", "#338");
    await noa.tellsOfThreat({ what: "Han skickar den till alla", place: "En gruppchatt", picture: path });
    await noa.press("tell_send");
    await noa.seesWords("report_received");
    const of = async () => (await desk.reportsSaying("Han skickar den till alla"))[0];
    const { report_id } = await eventually(async () => (await of())?.files[0].copy && of(), "nothing has become of the file");
    const kims = await phone(server);
    const kim = await kims.officer();
    await kim.isOnDuty("07");
    await kim.opens(`/desk/report/${report_id}`);
    await kim.page.locator(".evidence img.veiled").waitFor();
    await kim.control("bundle_open").waitFor();
    await kims.goesOffline();
    await kim.press("withhold_do");
    await kim.press("withhold_yes");
    await kim.seesWords("bundle_waits");
    expect((await kim.control("bundle_open").count()) === 0, "the bundle can be taken with the file in it");
    await kims.comesBack();
    await kim.control("bundle_open").waitFor();
    await eventually(async () => (await of()).files[0].withheld, "the mark did not arrive");
    await kim.doesNotSee(kim.say("withheld_waits"));
    await kim.seesWords("withheld_text");
    await kim.page.reload();
    await kim.seesWords("withheld_text");
    expect((await kim.page.locator("main img").count()) === 0, "somebody sees it");
    await kim.opens("/desk");
    await kim.seesWords("pause_ask");
    await noa.page.reload();
    await noa.seesWords("report_file_progress", { done: "1", total: "1" });
  });

  await shows("a receipt asks first, and tells as a picture and as text that the report was received, but nothing of what it says", async () => {
    const noa = await (await phone(server)).youth();
    await noa.opens();
    const { path, bytes } = await photo(noa.page, "hot.jpg", "#833");
    await noa.tellsOfThreat({ what: "De vet vilken buss jag tar", place: "En gruppchatt", picture: path });
    await noa.press("tell_send");
    await noa.seesWords("report_received");
    const report = await eventually(async () => (await desk.reportsSaying("De vet vilken buss jag tar")).find((one) => one.files[0].complete), "the report did not arrive whole");
    await noa.seesWords("report_file_progress", { done: "1", total: "1" });
    const save = async (form) => {
      await noa.press("receipt_save");
      await noa.seesWords("receipt_ask");
      const download = noa.page.waitForEvent("download");
      await noa.press(form);
      const file = await download;
      expect(/^\d{4}-\d\d-\d\d\.(png|txt)$/.test(file.suggestedFilename()), `it is called ${file.suggestedFilename()}`);
      await noa.seesWords("receipt_saved");
      return readFileSync(await file.path());
    };
    await noa.press("receipt_save");
    await noa.press("cancel");
    const text = (await save("receipt_as_text")).toString();
    for (const part of [report.number, sha256(bytes), noa.say("receipt_same"), noa.say("file_picture"), new URL(server.youths).host, "16"])
      expect(text.includes(part), `the receipt does not say "${part}":\n${text}`);
    expect(!/vilken buss|gruppchatt/i.test(text), "the receipt tells what she wrote");
    await noa.opens("/more");
    const code = await noa.findsCode();
    expect(!text.replace(/\s/g, "").includes(code), "the receipt holds the code");
    await noa.opens(`/report/${report.report_id}`);
    const drawn = await save("receipt_as_picture");
    const look = await noa.page.evaluate(async (bytes) => {
      const image = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: "image/png" }));
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width, image.height];
      const pen = canvas.getContext("2d");
      pen.drawImage(image, 0, 0);
      const { data } = pen.getImageData(0, 0, image.width, image.height);
      const light = (at) => (data[at] + data[at + 1] + data[at + 2]) / 3;
      // The lines in which something is written, at both edges of the paper too.
      let [written, outside] = [0, 0];
      for (let y = 0; y < image.height; y++) {
        let dark = 0;
        for (let x = 0; x < image.width; x++) if (light(4 * (y * image.width + x)) < 128) [dark, outside] = [dark + 1, outside + (x < 40 || x > image.width - 40 ? 1 : 0)];
        written += dark > 0 ? 1 : 0;
      }
      return { width: image.width, height: image.height, corner: light(0), written, outside };
    }, [...drawn]);
    expect(look.width === 720 && look.height > 700, `it is ${look.width} by ${look.height}`);
    expect(look.corner > 240, "its paper is not light");
    expect(look.written > look.height / 5 && look.outside === 0, `nothing can be read on it: ${JSON.stringify(look)}`);
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
