// A live dialogue in Firefox ESR, which has no HLS of its own: followed without an account, with its film under the strict policy, asked and
// voted in, and read in the archive afterwards.
import { afterwards, eventually, expect, shows, suite, watch } from "./lib/cases.mjs";
import { showsFilm } from "./lib/film.mjs";
import { openFirefox } from "./lib/firefox.mjs";
import { call, onDuty, registers, uuid7 } from "./lib/patrol.mjs";
import { startServer } from "./lib/server.mjs";
import { remember } from "./lib/traces.mjs";
import { words } from "./lib/words.mjs";

const { say, like } = words("sv");

await suite("firefox-dialogue", async () => {
  const server = await startServer({ name: "firefox-dialogue", settings: { NATPATRULL_FILM_ALLOW_LOOPBACK: "true" } });
  const desk = await onDuty(server, "07");
  // A film begins at a press; that of a driver does not always count as somebody's.
  const firefox = await openFirefox({ "media.autoplay.default": 0 });
  afterwards(() => firefox.close());

  const opens = async (path) => {
    const page = watch(await firefox.newPage());
    await page.evaluateOnNewDocument(() => {
      window.refused = [];
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => window.refused.push(`${violatedDirective} ${blockedURI}`));
    });
    await page.goto(server.youths + path);
    return page;
  };
  const sees = (page, text) => page.waitForFunction((text) => new RegExp(text).test(document.body.innerText), { timeout: 30_000 }, text.source ?? text);
  const press = (page, text) => page.locator(`::-p-xpath(//*[self::button or self::label][contains(normalize-space(.), "${text}")])`).setTimeout(30_000).click();
  const film = (page, is, otherwise) => eventually(() => page.$eval("video", is), otherwise, 60_000);
  const hasCaptions = (page) => film(page, (one) => [...one.textTracks].some((track) => track.mode === "showing" && track.activeCues?.[0]?.text === "Vi svarar på era frågor"), "its captions are not shown");
  const isAt20 = (page) => film(page, (one) => one.currentTime >= 20 && one.videoWidth > 0, "the mark does not lead into the film");
  /** What the policy refused. The player gives its captions an empty address of its own, and shows them though it is refused. */
  const refusedBy = async (page) => (await page.evaluate(() => window.refused)).filter((one) => one !== "media-src data");
  const listed = async (dialogue_id) => (await call(server.youths, `/api/v1/dialogues/${dialogue_id}/questions`)).items;
  /** What somebody asked on another phone, and an officer showed. */
  const shown = async (dialogue_id, text) => {
    const [{ token }, question_id] = [await registers(server), uuid7()];
    await call(server.youths, "/api/v1/dialogues/questions", { method: "POST", token, key: uuid7(), body: { question_id, dialogue_id, text, accepts_rules: true } });
    await desk.decides({ question_id, revision: 1 }, "showing");
    return { question_id, revision: 2 };
  };

  await shows("somebody who is nobody yet sees the film with its captions, asks and is answered at a mark, votes once, and reads all of it in the archive", async () => {
    const engine = await showsFilm(40);
    const dialogue_id = await desk.opensRoom({ title: "Fråga oss om spel", film_url: engine.url });
    const other = await shown(dialogue_id, "När är ni ute?");
    const page = await opens(`/dialogues/${dialogue_id}`);
    await sees(page, "När är ni ute?");
    expect(engine.asked.length === 0, `before it was asked for came: ${engine.asked}`);
    await press(page, say("dialogue_film_live"));
    await film(page, (one) => one.currentTime > 0.5 && one.videoWidth > 0, "the film does not play");
    await hasCaptions(page);
    expect(engine.asked.some((name) => name.endsWith(".ts")), `of the film came: ${engine.asked}`);
    expect((await refusedBy(page)).length === 0, `the policy refused ${await refusedBy(page)}`);
    // Nothing else is let in, and that is noticed here.
    await page.evaluate(() => fetch("http://127.0.0.2:9/film.m3u8").catch(() => undefined));
    const [foreign] = await eventually(async () => (await refusedBy(page)).length === 1 && refusedBy(page), "another host was let in");
    expect(foreign.startsWith("connect-src"), `the policy refused ${foreign}`);

    const text = "Vad gör ni om någon låtsas vara mig?";
    await page.locator("textarea").fill(remember(text));
    await press(page, say("question_ask_accept"));
    await sees(page, like("question_waiting"));
    const asked = await eventually(async () => (await desk.boxedQuestions(dialogue_id)).find((one) => one.text === text), "the question is not with the officers");
    expect((await listed(dialogue_id)).length === 1, "it is public before an officer has shown it");
    await desk.decides(asked, "showing");
    await sees(page, like("question_own"));
    await desk.decides({ ...asked, revision: 2 }, "answer", { mark_seconds: 20 });
    await press(page, say("question_answered_at", { mark: "0:20" }));
    await isAt20(page);

    await press(page, say("question_vote"));
    const votes = async () => (await listed(dialogue_id)).find(({ question_id }) => question_id === other.question_id).votes;
    await eventually(async () => (await votes()) === 2, "the vote is not counted");
    await page.reload();
    await sees(page, like("question_voted"));
    await desk.asks({ dialogue_id, kind: "one", question: "Ska vi fortsätta?", options: [{ text: "Ja" }, { text: "Nej" }] });
    await sees(page, "Ska vi fortsätta?");
    expect((await page.$$(".count-row")).length === 0, "the counts are seen before the vote");
    await press(page, "Ja");
    await press(page, say("poll_vote"));
    await sees(page, like("poll_thanks"));
    expect((await page.$$(".count-row")).length === 2, "the counts are not seen after the vote");
    expect((await votes()) === 2, "the first vote was counted again");

    await desk.runs(dialogue_id, "ending");
    await desk.decides(other, "answer", { answer: "Varje kväll." });
    await desk.runs(dialogue_id, "archiving");
    await page.close();
    const archive = await opens(`/dialogues/${dialogue_id}`);
    await sees(archive, "Varje kväll.");
    const headings = await archive.$$eval("main h1, main h2, main h3", (all) => all.map(({ localName, textContent }) => `${localName} ${textContent}`));
    const order = ["h1 Fråga oss om spel", `h2 ${say("archive_film")}`, `h2 ${say("archive_questions")}`, `h3 ${text}`, "h3 När är ni ute?", `h2 ${say("archive_polls")}`];
    const places = order.map((heading) => headings.indexOf(heading));
    expect(places.every((place, i) => place >= 0 && (i === 0 || place > places[i - 1])), `the archive is read in another order: ${headings}`);
    await press(archive, "0:20");
    await isAt20(archive);
    await hasCaptions(archive);
    expect((await refusedBy(archive)).length === 0, `the policy refused ${await refusedBy(archive)}`);
  });
});
