// Posts: published with pictures and films, corrected and withdrawn by officers; read by anybody, the latest also without a network.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterwards, eventually, expect, shows, suite } from "./lib/cases.mjs";
import { aFilm, aPhoto } from "./lib/film.mjs";
import { call, onDuty, uuid7 } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { startServer } from "./lib/server.mjs";

const HOUR = 3_600_000;
/** A moment to come, as a datetime-local field takes it, for phones in Stockholm. */
const field = (hours) => new Date(Date.now() + hours * HOUR).toLocaleString("sv-SE", { timeZone: "Europe/Stockholm" }).slice(0, 16).replace(" ", "T");
const VTT = "WEBVTT\n\n00:00.000 --> 00:07.500\nHej från patrullen";
const photo = (alt, seed) => ({ bytes: aPhoto(1600, 1200, seed), media_type: "image/jpeg", alt });

await suite("posts", async () => {
  const server = await startServer({ name: "posts" });
  const desk = await onDuty(server, "07");
  const folder = mkdtempSync(join(tmpdir(), "natpatrull-posts-"));
  afterwards(() => rmSync(folder, { recursive: true, force: true }));
  const onDisk = (name, bytes) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const plannedPost = async (title) => (await desk.plannedPosts()).find(({ post }) => post.title === title);
  /** A film is made ready first, which takes a busy machine its time. */
  const isShown = (title) => eventually(async () => (await plannedPost(title))?.state === "published" && plannedPost(title), `"${title}" is not shown`, 120_000);
  const youth = async (how) => {
    const its = await phone(server, how);
    return { its, noa: await its.youth() };
  };
  const officer = async (number = "12") => {
    const its = await phone(server);
    const kim = await its.officer();
    await kim.isOnDuty(number);
    return { its, kim };
  };
  /** Opens the form and writes what every post has. */
  const begins = async (kim, title, text) => {
    await kim.opens("/desk/posts/new");
    await kim.page.getByRole("combobox", { name: kim.like("tip_topic") }).selectOption("scams");
    await kim.fills("post_title_sv", title, { open: true });
    await kim.fills("post_text_sv", text, { open: true });
  };
  const chooses = async (kim, key, path) => {
    const [chooser] = await Promise.all([kim.page.waitForEvent("filechooser"), kim.press(key)]);
    await chooser.setFiles(path);
  };
  const row = (someone, title) => someone.page.getByRole("listitem").filter({ hasText: title });
  /** The picture is here, and not only its place. */
  const isSeen = (image) => eventually(() => image.evaluate((one) => one.complete && one.naturalWidth > 0), "the picture is not seen");

  await shows("an officer publishes a text with a picture, which says what it shows; somebody who is nobody yet finds it beside the tips and reads it, in easy Swedish too", async () => {
    const title = "Så lurar de dig på biljetter";
    const { its: kims, kim } = await officer();
    await kim.opens("/desk/tip");
    await kim.press("posts_desk");
    await kim.press("post_write");
    await kim.press("post_publish");
    for (const key of ["tip_needed", "post_needs_title", "post_needs_text"]) await kim.seesWords(key);
    await begins(kim, title, "De säljer biljetter som inte finns.\n\nFråga oss först.");
    await kim.fills("post_text_easy", "Köp inte. Fråga oss.", { open: true });
    await chooses(kim, "post_add_picture", onDisk("gata.jpg", aPhoto()));
    await kim.page.getByAltText(kim.say("tell_picture_chosen")).waitFor();
    await kim.press("post_publish");
    await kim.seesWords("post_needs_alts");
    await kim.keepsHalfWritten();
    await kim.page.reload();
    await kim.page.getByAltText(kim.say("tell_picture_chosen")).waitFor();
    await kim.page.getByLabel(kim.like("post_alt", { number: "1" })).fill("En telefon med en falsk biljett");
    await kim.page.getByText(kim.say("post_preview")).click();
    await kim.page.locator("article").getByText("Fråga oss först.").waitFor();
    await kim.press("post_publish");
    await kim.seesWords("post_published");
    const { post } = await isShown(title);
    expect(post.files.length === 1 && post.files[0].alt === "En telefon med en falsk biljett", `its files are ${JSON.stringify(post.files)}`);
    await kim.press("post_follow");
    await row(kim, title).getByText(kim.say("post_state_published"), { exact: true }).waitFor();

    const { its, noa } = await youth();
    await noa.opens("/tips");
    await noa.pressCard("posts_title");
    await isSeen(row(noa, title).getByAltText("En telefon med en falsk biljett"));
    await noa.pressCardSaying(title);
    await noa.page.locator("article").getByText("Fråga oss först.").waitFor();
    expect((await noa.page.locator(".post-text p").count()) === 2, "its paragraphs are not apart");
    await noa.seesWords("not_here");
    await noa.press("tips_easy");
    await noa.sees("Köp inte. Fråga oss.");
    // Large by a press, and away with the key for it.
    await noa.presses_(noa.page.getByRole("button", { name: noa.say("post_picture_big", { alt: "En telefon med en falsk biljett" }) }));
    await isSeen(noa.page.locator("dialog img"));
    await noa.page.keyboard.press("Escape");
    await eventually(async () => (await noa.page.locator("dialog[open]").count()) === 0, "the large picture stays");
    await noa.press("post_talk");
    await noa.composer().waitFor();
    expect(new URL(noa.page.url()).pathname === "/", "it does not lead to the chat");
    await kims.close();
    await its.close();
  });

  await shows("without a network the latest posts are read with their pictures, and films say that they need one", async () => {
    const text = { title: "Vi var på skolan i går", text: "Tack för alla frågor." };
    const shownTo = { title: "Vår första film", text: "Så jobbar vi." };
    const first = await desk.posts(text, [photo("En skolgård", 3)]);
    const film = await desk.posts(shownTo, [{ bytes: aFilm(2), media_type: "video/mp4", alt: "Två nätpoliser vinkar" }]);
    await isShown(text.title);
    await isShown(shownTo.title);
    const { its, noa } = await youth();
    await noa.opens("/posts");
    await noa.hasWorker();
    await noa.opens("/posts");
    await noa.sees(text.title);
    await eventually(() => noa.page.evaluate(async (id) => (await (await caches.open("posts")).keys()).some(({ url }) => url.includes(id)), first), "the picture is not kept");
    await its.goesOffline();
    // What the browser itself has is not what is shown.
    const session = await its.context.newCDPSession(noa.page);
    await session.send("Network.clearBrowserCache");
    await noa.opens("/posts");
    await noa.seesWords("posts_copy_films");
    await isSeen(row(noa, text.title).getByAltText("En skolgård"));
    await noa.pressCardSaying(text.title);
    await noa.sees("Tack för alla frågor.");
    await noa.seesWords("tips_copy");
    await isSeen(noa.page.locator(".post-picture img"));
    await noa.opens(`/posts/${film}`);
    await noa.seesWords("post_film_offline", { alt: "Två nätpoliser vinkar" });
    await its.comesBack();
    await noa.press("retry");
    await noa.doesNotSee(noa.say("post_film_offline", { alt: "Två nätpoliser vinkar" }));
    await its.close();
  });

  await shows("a film is fetched when it is pressed and not before, in parts, with its captions, and is seen from where one goes in it", async () => {
    const title = "Så funkar en anmälan";
    const { its: kims, kim } = await officer();
    await begins(kim, title, "Vi visar steg för steg.");
    await chooses(kim, "post_add_film", onDisk("film.mp4", aFilm()));
    await kim.page.locator(".post-chosen video").waitFor();
    await kim.fills("post_alt_film", "En nätpolis berättar", { open: true });
    await kim.fills("post_captions_field", "Hej från patrullen", { open: true });
    await kim.seesWords("post_captions_line", { line: "1" });
    await chooses(kim, "post_captions_choose", onDisk("film.vtt", Buffer.from(VTT)));
    await kim.doesNotSee(kim.say("post_captions_line", { line: "1" }));
    await kim.press("post_publish");
    await kim.seesWords("post_published");
    const { post } = await isShown(title);
    expect(post.captions_revision === 1, "it has no captions");
    await kims.close();

    const { its, noa } = await youth();
    const asked = [];
    its.context.on("request", (request) => /\/files\/[^/]+\/(full|small)$/.test(request.url()) && asked.push(request.headers().range ?? ""));
    await noa.opens(`/posts/${post.post_id}`);
    const video = noa.page.locator("video");
    await video.waitFor();
    expect((await video.getAttribute("preload")) === "none" && !(await video.evaluate((one) => one.autoplay)), "it may play by itself");
    expect((await video.getAttribute("aria-label")) === "En nätpolis berättar", "it does not say what it shows");
    await noa.seesWords("not_here");
    expect(asked.length === 0, "the film was fetched before it was pressed");
    await video.evaluate((one) => one.play());
    await eventually(() => video.evaluate((one) => one.currentTime > 0), "it does not play");
    await eventually(() => video.evaluate((one) => one.textTracks[0].mode === "showing" && one.textTracks[0].activeCues?.[0]?.text === "Hej från patrullen"), "its captions are not shown");
    await video.evaluate((one) => {
      one.muted = true;
      one.currentTime = one.duration - 1;
    });
    await eventually(() => video.evaluate((one) => one.currentTime > one.duration - 0.9), "it does not go on from near its end");
    expect(asked.some((range) => /^bytes=\d+-/.test(range)), `its parts were not asked for: ${asked}`);
    await its.close();
  });

  await shows("a correction says when and why, and what stood before lies behind a press; what was withdrawn is gone for everyone", async () => {
    const before = { title: "Träff på torsdag", text: "Vi ses klockan fyra." };
    const post_id = await desk.posts(before);
    const { its: kims, kim } = await officer();
    await kim.opens("/desk/posts");
    await kim.presses_(kim.page.getByRole("link", { name: `${kim.say("post_correct")}: ${before.title}` }));
    await kim.fills("post_text_sv", "Vi ses klockan fem.", { open: true });
    await kim.press("post_correct_do");
    await kim.seesWords("post_needs_why");
    await kim.fills("post_why", "Fel tid.", { open: true });
    await kim.press("post_correct_do");
    await eventually(async () => (await plannedPost(before.title)).post.revision === 2, "it is not corrected");

    const { its, noa } = await youth();
    await noa.opens(`/posts/${post_id}`);
    await noa.sees("Vi ses klockan fem.");
    await noa.sees(/^Rättad .*: Fel tid\.$/);
    await noa.doesNotSee("Vi ses klockan fyra.");
    await noa.page.getByText(noa.say("post_before"), { exact: true }).click();
    await noa.sees("Vi ses klockan fyra.");
    await noa.opens("/posts");
    await noa.sees(before.title);

    await kim.opens("/desk/posts");
    await row(kim, before.title).locator("summary").click();
    await row(kim, before.title).getByLabel(kim.like("post_withdraw_why")).fill("Träffen ställs in");
    await kim.presses_(kim.page.getByRole("button", { name: `${kim.say("post_withdraw")}: ${before.title}` }));
    await kim.seesWords("post_withdraw_ask");
    await kim.presses_(row(kim, before.title).getByRole("group").getByRole("button", { name: kim.say("post_withdraw"), exact: true }));
    await row(kim, before.title).getByText(kim.say("post_state_withdrawn"), { exact: true }).waitFor();
    await noa.opens("/posts");
    await noa.doesNotSee(before.title);
    await noa.opens(`/posts/${post_id}`);
    await noa.seesWords("post_gone");
    await noa.opens(`/posts/${uuid7()}`);
    await noa.seesWords("post_gone");
    await kims.close();
    await its.close();
  });

  await shows("a correction of what a colleague has withdrawn meanwhile is seen and goes, and of two corrections the later is asked again", async () => {
    const [gone, changed] = [{ title: "Den här dras tillbaka", text: "Fel redan nu." }, { title: "Den här rättar två", text: "Klockan tre." }];
    const [gone_id, changed_id] = [await desk.posts(gone), await desk.posts(changed)];
    const { its, kim } = await officer();
    await kim.opens(`/desk/posts/${gone_id}/correct`);
    await kim.fills("post_text_sv", "Rätt nu.", { open: true });
    await kim.fills("post_why", "Fel ord.", { open: true });
    await its.goesOffline();
    await desk.withdrawsPost(gone_id);
    await kim.press("post_correct_do");
    await kim.seesWords("post_correcting_here");
    await its.comesBack();
    await kim.seesWords("post_correct_refused");
    await kim.seesWords("post_correct_not");
    await kim.press("act_refused_seen");
    await kim.doesNotSee(kim.say("post_correct_refused"));

    await kim.opens(`/desk/posts/${changed_id}/correct`);
    await kim.fills("post_text_sv", "Klockan fyra.", { open: true });
    await desk.correctsPost(changed_id, { expected_revision: 1, why: "Fel tid.", title: changed.title, text: "Klockan fem.", alts: [] });
    await kim.keepsHalfWritten();
    await kim.page.reload();
    await kim.fills("post_why", "Fel tid.", { open: true });
    await kim.press("post_correct_do");
    await kim.seesWords("post_correct_refused");
    await kim.press("post_correct_edit");
    await kim.press("post_correct_do");
    await eventually(async () => (await plannedPost(changed.title)).post.text === "Klockan fyra.", "what she saw was refused is not corrected");
    await its.close();
  });

  await shows("the list is narrowed by topic and municipality, and goes on page by page", async () => {
    await desk.posts({ title: "Bara i Umeå", text: "Kom till biblioteket.", topic: "meetups", municipalities: ["2480"] });
    await desk.posts({ title: "I hela landet", text: "Läs mer om hat.", topic: "hate" });
    for (let i = 1; i <= 20; i++) await desk.posts({ title: `Nyhet nummer ${i}.`, text: "Kort.", topic: "recruitment", municipalities: ["2580"] });
    const { its, noa } = await youth();
    await noa.opens("/posts");
    await noa.sees("Nyhet nummer 20.");
    await noa.doesNotSee("Bara i Umeå");
    await noa.press("posts_more");
    await noa.sees("Bara i Umeå");
    const choose = (key, value) => noa.page.getByRole("combobox", { name: noa.like(key) }).selectOption(value);
    await choose("tips_filter_place", "2480");
    await noa.doesNotSee("Nyhet nummer 20.");
    await noa.sees("Bara i Umeå");
    await noa.sees("I hela landet");
    await choose("tips_filter_topic", "meetups");
    await noa.doesNotSee("I hela landet");
    await noa.sees("Bara i Umeå");
    // It stands when one comes back.
    await noa.pressCardSaying("Bara i Umeå");
    await noa.sees("Umeå");
    await noa.press("back");
    await noa.sees("Bara i Umeå");
    await noa.doesNotSee("I hela landet");
    await choose("tips_filter_topic", "well-being");
    await noa.seesWords("posts_empty_narrowed");
    await its.close();
  });

  await shows("without a network a post with a picture stands on the phone, says so, and goes whole when there is one", async () => {
    const title = "Skrivet på bussen";
    const { its, kim } = await officer();
    await kim.hasWorker();
    await begins(kim, title, "Utan nät.");
    await its.goesOffline();
    await chooses(kim, "post_add_picture", onDisk("buss.jpg", aPhoto(1600, 1200, 11)));
    await kim.page.getByLabel(kim.like("post_alt", { number: "1" })).fill("En buss");
    await kim.press("tip_later");
    await kim.fills("post_publish_at", field(30));
    await kim.press("post_publish");
    await kim.seesWords("post_published_here");
    await kim.press("post_follow");
    await row(kim, title).getByText(kim.say("planned_going")).waitFor();
    await row(kim, title).getByText(kim.say("post_file_waits_post")).waitFor();
    await kim.opens("/desk/unsent");
    await kim.sees("Utan nät.");
    await its.comesBack();
    await eventually(async () => (await plannedPost(title))?.state === "planned", "it does not stand as planned");
    const { post, sent } = await plannedPost(title);
    expect(sent.length === 1 && sent[0].complete, `its picture has not come: ${JSON.stringify(sent)}`);
    expect(Math.abs(Date.parse(post.published_at) - Date.now() - 30 * HOUR) < 5 * 60_000, `it is shown ${post.published_at}`);
    await call(server.youths, `/api/v1/posts/${post.post_id}`).then(
      () => expect(false, "it is shown before its time"),
      (error) => expect(/ 404/.test(error.message), error.message),
    );
    await kim.opens("/desk/posts");
    await row(kim, title).getByText(kim.say("post_state_planned"), { exact: true }).waitFor();
    await its.close();
  });

  await shows("a post does not go without the film that is still being read for it", async () => {
    const title = "Med film eller inte alls";
    const { its, kim } = await officer();
    await begins(kim, title, "Se själv.");
    await kim.page.evaluate(() => {
      const read = Blob.prototype.arrayBuffer;
      const held = new Promise((go) => (window.readsOn = go));
      Blob.prototype.arrayBuffer = async function () {
        await held;
        return read.call(this);
      };
    });
    await chooses(kim, "post_add_film", onDisk("film.mp4", aFilm(2)));
    await kim.seesWords("post_file_wait");
    await kim.control("post_publish").click({ force: true });
    await kim.page.evaluate(() => window.readsOn());
    await kim.page.getByLabel(kim.like("post_alt_film")).fill("En film");
    await kim.press("post_publish");
    await eventually(() => plannedPost(title), "it does not come");
    const { post, sent } = await plannedPost(title);
    expect(post.files.length + sent.length > 0, "it went without its film");
    await its.close();
  });

  await shows("a post that was refused goes back into the form with its picture and goes out whole, and a withdrawal that comes too late is told", async () => {
    const title = "Blir den här avvisad?";
    const { its, kim } = await officer();
    await begins(kim, title, "Ja, en gång.");
    await chooses(kim, "post_add_picture", onDisk("en.jpg", aPhoto(800, 600, 5)));
    await kim.page.getByLabel(kim.like("post_alt", { number: "1" })).fill("Ett fönster");
    await kim.isRefused(() => kim.press("post_publish"), '"alt":"Ett fönster"', '"alt":" "');
    await kim.seesWords("post_refused");
    await kim.press("post_refused_edit");
    await eventually(async () => (await kim.page.getByLabel(kim.like("post_alt", { number: "1" })).inputValue()) === "Ett fönster", "what it shows is not in the form again");
    await kim.page.getByAltText(kim.say("tell_picture_chosen")).waitFor();
    await chooses(kim, "post_add_picture", onDisk("nej.jpg", aPhoto(800, 600, 6)));
    await kim.presses_(kim.page.getByRole("button", { name: kim.say("post_file_drop_name", { number: "2" }) }));
    await eventually(() => kim.control("post_add_picture").evaluate((one) => one === document.activeElement), "the focus is lost");
    await kim.press("post_publish");
    const { post } = await isShown(title);
    expect(post.files.length === 1, "its picture did not come along");

    await kim.opens("/desk/posts");
    await row(kim, title).locator("summary").click();
    await row(kim, title).getByLabel(kim.like("post_withdraw_why")).fill("F");
    await row(kim, title).getByLabel(kim.like("post_withdraw_why")).fill("");
    await row(kim, title).getByLabel(kim.like("post_withdraw_why")).fill("Fel bild", { timeout: 5000 });
    await its.goesOffline();
    await desk.withdrawsPost(post.post_id);
    await kim.presses_(kim.page.getByRole("button", { name: `${kim.say("post_withdraw")}: ${title}` }));
    await kim.presses_(row(kim, title).getByRole("group").getByRole("button", { name: kim.say("post_withdraw"), exact: true }));
    await kim.seesWords("post_state_withdrawing");
    await its.comesBack();
    await kim.seesWords("post_withdraw_refused");
    await row(kim, title).getByText(kim.say("post_state_withdrawn"), { exact: true }).waitFor();
    await kim.press("act_refused_seen");
    await kim.doesNotSee(kim.say("post_withdraw_refused"));
    await its.close();
  });
});
