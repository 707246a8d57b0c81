// axe on every screen of both roles, and on the states that a screen gets into: light and dark, Swedish and English, at 320 px and at
// 200 % text. At 320 px nothing may be wider than the screen, and what a thumb presses is 44 px.
import { AxeBuilder } from "@axe-core/playwright";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterwards, eventually, expect, shows, suite } from "./lib/cases.mjs";
import { paintedContrasts } from "./lib/contrast.mjs";
import { aFilm, aPhoto } from "./lib/film.mjs";
import { call, onDuty, registers, uuid7 } from "./lib/patrol.mjs";
import { keepsNothing, phone } from "./lib/people.mjs";
import { aPicture } from "./lib/picture.mjs";
import { leadScreens, officerScreens, pathOf, rests, stillness, strangerScreens, youthScreens } from "./lib/screens.mjs";
import { startServer } from "./lib/server.mjs";
import { changes, comesBackLater, cut, endsSession, isSafari, opensTheClock } from "./lib/trouble.mjs";
import { subscribes } from "./lib/woken.mjs";

const tooWide = () => Math.max(...[document.documentElement, ...document.querySelectorAll(".scroll, .talk-body, main")].map((one) => one.scrollWidth - one.clientWidth));
/** Links inside a sentence are free of the rule; everything else that can be pressed is not. */
const tooSmall = () =>
  [...document.querySelectorAll("button, a[href], input:not([type=hidden]), select, textarea, summary, [role=button]")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((one) => !(one.tagName === "A" && getComputedStyle(one).display === "inline"))
    .map((one) => [one.closest("label") ?? one, one])
    .map(([target, one]) => [target.getBoundingClientRect(), (one.getAttribute("aria-label") ?? one.textContent ?? one.name).trim().slice(0, 30)])
    .filter(([box]) => box.width > 1 && (box.height < 43.5 || box.width < 43.5))
    .map(([box, name]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`);

/** Contrasts that axe cannot work out are measured as they are painted; the same part of another screen is not measured again, unless it
 *  was too faint. */
const measured = new Set();
async function faintOf(who, look, nodes) {
  const keyOf = ({ html }) => `${look} ${html}`;
  const unseen = nodes.filter((node) => !measured.has(keyOf(node)));
  const found = unseen.length ? await paintedContrasts(who.page, unseen) : [];
  return unseen.flatMap((node, i) => {
    const { ratio, needs } = found[i];
    if (ratio < needs) return [`${node.html.slice(0, 120)} has a contrast of ${ratio.toFixed(2)} as it is painted, of ${needs}`];
    measured.add(keyOf(node));
    return [];
  });
}

const whole = process.argv.includes("--whole");
// What is too wide hangs on the words and what is too faint on the theme, so two looks hold every screen in each of them; --whole
// crosses them all.
const modes = whole ? ["sv", "en"].flatMap((language) => [[language, "light"], [language, "dark"]]) : [["sv", "light"], ["en", "dark"]];
const first = modes[0].join(" ");

/** The rules whose answer can change with the size of the text, the words and the theme; the others are asked once a screen, or with
 *  --whole in each look and at both sizes. */
const sized = ["color-contrast", "scrollable-region-focusable", "target-size"];

/** Looks at what is on the screen as it stands. */
async function isRight(who, mode) {
  await rests(who);
  const { width, height } = who.page.viewportSize();
  for (const [size, font] of [["320 px", ""], ["200 % text", "200%"]]) {
    await who.page.evaluate((font) => void (document.documentElement.style.fontSize = font), font);
    await stillness(who.page);
    // So tall that no bar lies over what would be scrolled to. In axe's legacy mode, which leaves out frames of other origins (there are none) and
    // needs no page of its own for each look.
    await who.page.setViewportSize({ width, height: 3000 });
    const looks = async () => {
      const { violations, incomplete } = await new AxeBuilder({ page: who.page }).setLegacyMode().options({ resultTypes: ["violations", "incomplete"], ...(!(whole || (!font && mode === first)) && { runOnly: sized }) }).analyze();
      const unknown = incomplete.filter(({ id }) => id === "color-contrast").flatMap(({ nodes }) => nodes);
      const faint = await faintOf(who, `${mode} ${size}`, unknown);
      expect(faint.length === 0, faint.join("; "));
      return { violations };
    };
    // News may change the screen between what axe finds there and its picture; then all of it is looked at again.
    const { violations } = await eventually(looks, `${size}: too faint, or what axe cannot work out cannot be measured either`);
    expect(
      violations.length === 0,
      `${size}: ${violations.map((one) => `${one.id} (${one.help}): ${one.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 120)} ${node.any[0]?.message ?? ""}`).join(" | ")}`).join("\n")}`,
    );
    await who.page.setViewportSize({ width, height });
    const wide = await who.page.evaluate(tooWide);
    expect(wide <= 0, `${size}: the page is ${wide} px wider than the screen`);
  }
  await who.page.evaluate(() => void (document.documentElement.style.fontSize = ""));
  const small = await who.page.evaluate(tooSmall);
  expect(small.length === 0, `smaller than 44 px: ${small.join(", ")}`);
}

const folder = mkdtempSync(join(tmpdir(), "natpatrull-axe-"));
afterwards(() => rmSync(folder, { recursive: true, force: true }));
const shot = join(folder, "picture.png");
writeFileSync(shot, aPicture(60));

/** What a youth's screens get into, each from where the one before ends. */
const youthStates = [
  ["code, and a wrong confirmation", async (noa) => {
    await noa.opens("/");
    await noa.seesWords("code_warning");
    const code = await noa.readsCode();
    await noa.fills("code_confirm_label", code.endsWith("0000") ? "1111" : "0000");
    await noa.press("code_confirm");
    await noa.seesWords("code_wrong");
  }],
  ["a guide in easy Swedish", async (noa) => {
    await noa.opens("/guides/grooming");
    await noa.page.getByLabel("Lättläst svenska").click();
  }],
  ["the kinds of event", async (noa) => {
    await noa.opens("/");
    await noa.pressCard("nav_tell");
    await noa.pressCard("tell_how_write");
    await noa.seesWords("tell_kind_title");
  }],
  ["an account that was left empty", async (noa) => {
    await noa.isAskedOfKind("threat");
    await noa.press("tell_next");
    await noa.seesWords("tell_what_needed");
  }],
  ["a question of many", async (noa) => {
    await noa.fills("tell_what_label", "De skriver att de vet var jag bor");
    await noa.goesOnTo("threat-about");
    await noa.chooses("threat-about", "hurt-me");
  }],
  ["the question of the time", async (noa) => {
    await noa.goesOnTo("when");
    await noa.press("tell_when_about");
    await noa.seesWords("tell_when_words");
  }],
  ["the question of the place", async (noa) => {
    await noa.goesOnTo("where");
    await noa.writesIn("I en gruppchatt");
  }],
  ["the question of the municipality", async (noa) => {
    await noa.goesOnTo("area");
    await noa.seesWords("tip_county");
  }],
  ["a question of one", async (noa) => {
    await noa.goesOnTo("knows");
    await noa.chooses("knows", "yes");
  }],
  ["a question of words", async (noa) => {
    await noa.goesOnTo("who");
    await noa.writesIn("Någon i parallellklassen");
  }],
  ["links and user names", async (noa) => {
    await noa.goesOnTo("accounts");
    await noa.writesIn("appen: namnet");
    await noa.press("tell_link_add");
    await noa.seesWords("tell_link", { number: "2" });
  }],
  ["the question of a picture", async (noa) => {
    await noa.goesOnTo("files");
  }],
  ["the question before a picture", async (noa) => {
    await noa.press("tell_picture_add");
    await noa.seesWords("ask_title");
  }],
  ["a picture that may not be sent", async (noa) => {
    await noa.press("ask_yes");
    await noa.seesWords("ask_yes_title");
  }],
  ["a chosen picture", async (noa) => {
    await noa.press("cancel");
    await noa.attaches(shot);
  }],
  ["the check before it is sent", async (noa) => {
    await noa.goesOnTo();
  }],
  ["a draft that is thrown away", async (noa) => {
    await noa.press("tell_discard");
    await noa.seesWords("tell_discard_sure");
  }],
  // Written without a network, in a talk that is closed meanwhile.
  ["a message that was refused", async (noa, { mode, desk }) => {
    const text = `Har du tid? ${mode}`;
    await noa.opens("/");
    await noa.writes(text);
    await noa.seesWords("state_arrived");
    const talk = await desk.talkSaying(text);
    await noa.page.context().setOffline(true);
    await noa.writes("Kommer det här fram?");
    await noa.seesWords("state_saved");
    await desk.takes(talk);
    await desk.reads(talk);
    await desk.closes(talk);
    await noa.page.context().setOffline(false);
    await noa.seesWords("state_attention");
  }],
  ["what is not sent, to be copied by hand", async (noa) => {
    await noa.opens("/unsent");
    await noa.seesWords("state_attention");
    await noa.page.evaluate(() => Object.defineProperty(navigator, "clipboard", { configurable: true, value: undefined }));
    await noa.press("unsent_copy");
    await noa.seesWords("unsent_by_hand");
  }],
  ["the words that may be locked in before the app is emptied", async (noa) => {
    await noa.opensForm();
    await noa.fills("tell_what_label", "Ett utkast som inte är klart");
    await noa.seesWords("tell_saved");
    await noa.opens("/device");
    await noa.press("leave_seal");
    await noa.seesWords("leave_begun", { count: "1" });
  }],
  ["words that may be thrown away before the app is emptied", async (noa) => {
    await noa.press("cancel");
    await noa.press("leave_drop");
    await noa.seesWords("leave_drop_yes");
  }],
  ["a yes to the question of danger", async (noa) => {
    await noa.opens();
    await noa.press("danger_yes");
    await noa.seesWords("danger_where");
  }],
  ["danger that nobody has read, of somebody who wants to die", async (noa, { mode }) => {
    await noa.writes(`Jag vill inte leva. ${mode}`);
    await noa.seesWords("harm_by_app");
  }],
  ["an officer's link, and a wrong word", async (noa, state) => {
    state.invite = await state.colleague.makesInvite();
    await noa.opens(`/r#${state.invite.secret}`);
    await noa.fills("room_word", "fel");
    await noa.press("room_go");
    await noa.seesWords("room_wrong", { count: "4" });
  }],
  ["an officer's link without its word", async (noa) => {
    await noa.press("room_no_word");
    await noa.seesWords("room_without");
  }],
  ["a talk that came by a link", async (noa, state) => {
    await noa.opens(`/r#${state.invite.secret}`);
    await noa.page.reload();
    await noa.fills("room_word", state.invite.word);
    await noa.press("room_go");
    await noa.sees(noa.like("origin"));
  }],
  ["a number that is the patrol's", async (noa) => {
    await noa.opens("/who");
    await noa.fills("who_number_label", "07", { open: true });
    await noa.press("who_ask");
    await noa.seesWords("who_yes_text");
  }],
  ["the question for her place, and no place to show", async (noa, { mode, desk }) => {
    const text = `De följer efter mig ${mode}`;
    await noa.opens("/");
    await noa.writes(text);
    const talk = await desk.talkSaying(text);
    await desk.takes(talk);
    await desk.asksPlace(talk);
    await noa.press("place_yes");
    await noa.seesWords("place_denied");
  }],
  ["what is asked before a picture is chosen in a talk", async (noa, state) => {
    const text = `Se vad han skickade ${state.mode}`;
    await noa.opens("/");
    await noa.writes(text);
    const talk = await state.desk.talkSaying(text);
    state.pictured = talk.conversation_id;
    await state.desk.takes(talk);
    await noa.press("attach_youth");
    await noa.seesWords("ask_title");
  }],
  ["a picture that was chosen for a message", async (noa) => {
    await noa.press("ask_no");
    const [chooser] = await Promise.all([noa.page.waitForEvent("filechooser"), noa.press("attach_choose")]);
    await chooser.setFiles(shot);
    await noa.page.locator(".attached .picture").waitFor();
  }],
  ["a picture in a talk", async (noa) => {
    await noa.press("composer_send");
    await noa.page.locator(".message-files .picture").waitFor();
  }],
  ["what is asked before a receipt is saved", async (noa, { report }) => {
    await noa.opens(`/report/${report}`);
    await noa.press("receipt_save");
    await noa.seesWords("receipt_ask");
  }],
  ["a tip in easy Swedish", async (noa, { tip }) => {
    await noa.opens(`/tips/${tip}`);
    await noa.press("tips_easy");
    await noa.seesWords("tips_easy_off");
  }],
  ["a tip that was corrected", async (noa, { tip, desk }) => {
    await desk.recalls(tip, "Fel dag: det gäller på söndag.");
    await noa.opens(`/tips/${tip}`);
    await noa.seesWords("tips_recalled");
  }],
  ["the tips with a correction among them", async (noa) => {
    await noa.opens("/tips");
    await noa.seesWords("tips_recalled");
  }],
  ["a post with a picture, corrected, with what stood before", async (noa, { posts }) => {
    await noa.opens(`/posts/${posts.picture}`);
    await noa.page.getByText(noa.say("post_before"), { exact: true }).click();
    await noa.page.locator(".post-before").waitFor();
  }],
  ["a picture of a post, large", async (noa) => {
    await noa.presses_(noa.page.locator("button.post-picture"));
    await noa.page.locator("dialog[open] img").waitFor();
  }],
  ["a film of a post", async (noa, { posts }) => {
    await noa.opens(`/posts/${posts.film}`);
    await noa.page.locator("video").waitFor();
  }],
  ["a poll of many that was not answered", async (noa, { polls }) => {
    await noa.opens(`/polls/${polls.many}`);
    await noa.press("poll_vote");
    await noa.seesWords("poll_needed");
  }],
  ["a poll of a scale, with a step chosen", async (noa, { polls }) => {
    await noa.opens(`/polls/${polls.scale}`);
    await noa.page.getByRole("radio").nth(2).check();
  }],
  ["the counts of a poll", async (noa) => {
    await noa.press("poll_vote");
    await noa.seesWords("poll_own");
  }],
  ["the polls with one that was answered", async (noa) => {
    await noa.opens("/polls");
    await noa.seesWords("polls_voted");
  }],
  ["an idea that tells of harm to oneself", async (noa) => {
    await noa.opens("/ideas");
    await noa.fills("idea_text", "Jag vill dö ibland");
    await noa.seesWords("harm_title");
  }],
  ["an idea that tells of a weapon", async (noa, { mode }) => {
    await noa.fills("idea_text", `Kom hit, han har en kniv, ${mode}`);
    await noa.seesWords("idea_danger");
  }],
  ["one's own ideas", async (noa, { mode, desk }) => {
    await noa.press("idea_send");
    await noa.seesWords("idea_sent");
    const arrived = async () => (await desk.boxedIdeas()).find(({ text }) => text.endsWith(mode));
    await desk.showsIdea(await eventually(arrived, "the idea did not arrive"));
    await noa.press("ideas_mine");
    await noa.seesWords("idea_state_shown");
  }],
  ["the ideas with one's own among them", async (noa) => {
    await noa.opens("/ideas");
    await noa.seesWords("idea_own");
  }],
  ["a dialogue that is live, with a question of one's own", async (noa, { mode, desk, dialogues }) => {
    await noa.opens(`/dialogues/${dialogues.live}`);
    await noa.fills("question_ask_label", `Var är ni, ${mode}?`);
    await noa.press("question_ask_accept");
    await noa.seesWords("question_waiting");
    const [asked] = await eventually(async () => (await desk.boxedQuestions(dialogues.live)).filter(({ text }) => text.startsWith("Var är ni")), "the question did not arrive");
    await desk.decides(asked, "showing");
    await noa.seesWords("question_own");
    await desk.decides({ ...asked, revision: 2 }, "answer", { mark_seconds: 760 });
    await noa.seesWords("question_answered_at", { mark: "12:40" });
  }],
  ["a question of a dialogue that tells of harm", async (noa) => {
    await noa.fills("question_ask_label", "Han har en kniv");
    await noa.seesWords("idea_danger");
  }],
  ["a dialogue without a film", async (noa) => {
    await noa.press("dialogue_text_only");
    await noa.seesWords("dialogue_text_only_is");
  }],
  ["a dialogue that is announced", async (noa, { dialogues }) => {
    await noa.opens(`/dialogues/${dialogues.announced}`);
    await noa.seesWords("question_ask_before");
  }],
  ["a dialogue in the archive", async (noa, { dialogues }) => {
    await noa.opens(`/dialogues/${dialogues.archived}`);
    await noa.seesWords("archive_questions");
    const text = noa.control("dialogue_text_only_off");
    if (await text.count()) await noa.presses_(text);
    await noa.press("dialogue_film_play");
    await noa.seesWords("post_film_quality");
  }],
  ["notices that are on", async (noa) => {
    await noa.opens("/notices");
    await noa.press("notices_on");
    await noa.seesWords("notices_state_on");
  }],
  ["hours that are safe, and are none", async (noa) => {
    await noa.press("notices_hours_only");
    await noa.fills("notices_hours_until", "07:00");
    await noa.press("notices_telling");
    await noa.seesWords("notices_hours_same");
  }],
  ["tips that come by no topic, and quiet hours that are none", async (noa) => {
    await noa.opens("/notices");
    await noa.page.getByRole("combobox", { name: noa.like("notices_age") }).selectOption("13-15");
    await noa.seesWords("notices_topic_needed");
    // In the full run the hours that are safe stand on the screen too.
    await noa.page.getByLabel(noa.say("notices_hours_until"), { exact: true }).last().fill("22:00");
    await noa.seesWords("notices_hours_same");
  }],
  ["the calendar that an exit leads to", async (noa) => {
    await noa.opens("/calendar.html");
    await noa.page.locator("td[aria-current]").waitFor();
  }],
];

await suite("axe", async () => {
  const server = await startServer({ name: "axe", ownApp: true, settings: { NATPATRULL_FILM_ALLOW_LOOPBACK: "true" } });
  const station = await startServer({ demo: false, name: "axe-invites" });
  let invites = 0;
  const desk = await onDuty(server, "07");
  const incident = uuid7();
  const colleague = await onDuty(server, "12");
  const leader = await onDuty(server, "03");
  await colleague.startsShift();

  for (const [language, theme] of modes) {
    const look = { language, theme, width: 320, height: 640 };
    const mode = `${language} ${theme}`;
    const both = await phone(server, { ...look, before: subscribes("http://localhost:9/") });
    const noa = await both.youth();
    await noa.opens();
    const text = `Axe ${mode}`;
    await noa.writes(text);
    const { conversation_id: talk } = await desk.talkSaying(text);
    await noa.tellsOfThreat({ what: `Rapport ${text}`, place: "Nätet" });
    await noa.press("tell_send");
    const [{ report_id: report }] = await eventually(async () => {
      const found = await desk.reportsSaying(`Rapport ${text}`);
      return found.length && found;
    }, "the report did not arrive");
    // Urgent, or those of the other looks would be too many.
    const tip = uuid7();
    await leader.publishes({ tip_id: tip, topic: "well-being", text: `Träff på lördag, ${mode}.`, text_easy: "Träff på lördag.", action: "chat", urgent: true });
    const polls = { many: uuid7(), scale: uuid7() };
    const answers = ["Spel", "Chattar"].map((text) => ({ text }));
    for (const kind of ["many", "scale"]) await desk.asks({ poll_id: polls[kind], kind, question: `Var behövs vi, ${mode}?`, question_easy: "Var?", options: answers });
    const of = { title: `Vi var ute, ${mode}.`, text: "Tack för i går." };
    const posts = {
      picture: await desk.posts({ ...of, text_easy: "Tack." }, [{ bytes: aPhoto(), media_type: "image/jpeg", alt: "En gata" }]),
      film: await desk.posts({ title: `Vår film, ${mode}.`, text: "Så jobbar vi.", captions: "WEBVTT\n\n00:00.000 --> 00:01.000\nHej" }, [{ bytes: aFilm(2), media_type: "video/mp4", alt: "Vi vinkar" }]),
    };
    await desk.correctsPost(posts.picture, { ...of, expected_revision: 1, why: "Fel dag." });
    await eventually(async () => (await desk.plannedPosts()).filter(({ state, post }) => state === "published" && Object.values(posts).includes(post.post_id)).length === 2, "the posts are not shown");
    const film_url = "http://localhost:9/film.m3u8";
    const dialogues = { announced: await desk.announces({ title: `Snart, ${mode}`, about: "Vi svarar.", film_url }), live: await desk.opensRoom({ title: `Nu, ${mode}`, about: "Vi svarar.", film_url }), archived: await desk.opensRoom({ title: `Förra veckan, ${mode}` }) };
    const asks = async (dialogue_id, text) => {
      const question_id = uuid7();
      const { token } = await registers(server);
      await call(server.youths, "/api/v1/dialogues/questions", { method: "POST", token, key: uuid7(), body: { question_id, dialogue_id, text, accepts_rules: true } });
      return { question_id, revision: 1 };
    };
    for (const answer of [{ mark_seconds: 35 }, { answer: "Varje kväll.", answer_en: "Each evening." }]) {
      const asked = await asks(dialogues.archived, "När är ni ute?");
      await desk.decides(asked, "showing");
      await desk.decides({ ...asked, revision: 2 }, "answer", answer);
    }
    await desk.runs(dialogues.archived, "ending");
    await desk.keepsFilm(dialogues.archived, aFilm(2), "WEBVTT\n\n00:00.000 --> 00:01.000\nHej");
    await desk.runs(dialogues.archived, "archiving");
    const state = { talk, report, tip, polls, posts, dialogues, mode, desk, colleague };

    const walk = async (who, screens) => {
      for (const [name, where] of screens)
        await shows(`${name} ${mode}`, async () => {
          await who.opens(pathOf(where, state));
          await isRight(who, mode);
        });
    };
    const standsIn = (name, who, does) =>
      shows(`${name} ${mode}`, async () => {
        await does(who, state);
        await isRight(who, mode);
      });

    await walk(noa, youthScreens);
    for (const [name, does] of youthStates) await standsIn(name, noa, does);
    const two = await both.youth();
    await standsIn("a draft that another window writes", two, async () => {
      await noa.opensForm();
      await noa.fills("tell_what_label", "De skriver att de väntar utanför skolan");
      await noa.seesWords("tell_saved");
      await two.opens("/tell");
      await two.seesWords("tell_elsewhere_title");
    });
    await standsIn("a draft that another window has changed", noa, async () => {
      await two.page.close();
      await noa.page.evaluate(async () => {
        const done = (request) => new Promise((go) => (request.onsuccess = () => go(request.result)));
        const db = await done(indexedDB.open("natpatrull"));
        const drafts = db.transaction("drafts", "readwrite").objectStore("drafts");
        for (const row of await done(drafts.getAll())) await done(drafts.put({ ...row, revision: row.revision + 1, saved_at: "2026-11-24T01:00:00Z" }));
        db.close();
      });
      await noa.fills("tell_what_label", "De skriver att de väntar utanför skolan nu");
      await noa.seesWords("tell_changed_title");
    });
    await standsIn("reports that are not finished", noa, async () => {
      await noa.press("tell_changed_mine");
      await noa.press("tell_another");
      await noa.beginsToTell();
      await noa.fills("tell_what_label", "Ett annat hot");
      await noa.seesWords("tell_saved");
      await noa.opens("/reports");
      await noa.page.locator(".unsent").nth(1).waitFor();
    });
    await standsIn("no network", noa, async () => {
      await noa.opens();
      await noa.hasWorker();
      await both.goesOffline();
      await noa.seesWords("offline_bar");
    });
    await both.comesBack();

    const kim = await both.officer();
    await walk(kim, strangerScreens);
    await kim.isOnDuty("07");
    await walk(kim, officerScreens);
    await standsIn("why a talk is urgent, and the reason to lower it", kim, async () => {
      await kim.opens(`/desk/talk/${talk}`);
      await kim.page.locator(".urgency summary").click();
      await kim.press("priority_4");
      await kim.sees(kim.like("urgency_why"));
      await kim.seesWords("urgency_decisions");
    });
    await standsIn("the question before a talk is closed", kim, async () => {
      await desk.takes({ conversation_id: talk });
      await kim.opens(`/desk/talk/${talk}`);
      await kim.press("desk_close");
      await kim.seesWords("outcome_ask");
    });
    await standsIn("a youth's picture before it is shown, and the way to send one", kim, async () => {
      await kim.opens(`/desk/talk/${state.pictured}`);
      await kim.page.locator(".message-files .veiled").waitFor();
      await kim.press("attach_officer");
      await kim.seesWords("attach_drawn_anew");
    });
    await standsIn("why an officer opens an original", kim, async () => {
      await kim.opens(`/desk/talk/${state.pictured}`);
      await kim.press("original_open");
      await kim.seesWords("original_why");
    });
    await standsIn("what is asked before a file is withheld", kim, async () => {
      await kim.opens(`/desk/talk/${state.pictured}`);
      await kim.press("withhold_do");
      await kim.seesWords("withhold_sure");
    });
    await standsIn("a file that is withheld", kim, async () => {
      await kim.press("withhold_yes");
      await kim.seesWords("withheld_way");
    });
    await standsIn("a talk that is handed over, and its notes", kim, async () => {
      await kim.opens(`/desk/talk/${talk}`);
      await kim.page.locator(".notes summary").click();
      await kim.fills("notes_label", `Samma skola som i tisdags. ${mode}`);
      await kim.press("notes_save");
      await kim.sees(`Samma skola som i tisdags. ${mode}`);
      await kim.page.locator(".hand-over summary").click();
      await kim.seesWords("pass_back");
    });
    await standsIn("the question for how long its youth may not write", kim, async () => {
      await kim.opens(`/desk/talk/${talk}`);
      await kim.page.locator("details.mute summary").click();
      await kim.seesWords("mute_why");
    });
    await standsIn("a talk whose youth may not write", kim, async () => {
      await kim.page.getByRole("radio", { name: kim.say("mute_for_days", { count: "7" }), exact: true }).check();
      await kim.page.getByRole("radio", { name: kim.say("mute_insults"), exact: true }).check();
      await kim.press("mute_do");
      await kim.seesWords("mute_running");
    });
    await standsIn("that one may not write, in a talk", noa, async () => {
      await noa.opens(`/talk/${talk}`);
      await noa.seesWords("quiet_until");
    });
    await standsIn("that one may not write, where one begins", noa, async () => {
      await noa.opens("/");
      await noa.seesWords("quiet_until");
    });
    await shows(`its youth may write again ${mode}`, async () => {
      await kim.press("mute_end");
      await kim.doesNotSee(kim.like("mute_running"));
    });
    await standsIn("all replies at hand, and how an answer reads", kim, async () => {
      await kim.opens(`/desk/talk/${talk}`);
      await kim.composer().fill("Polismyndigheten konstaterar att förundersökningen beträffande händelsen återupptas skyndsamt.");
      await kim.press("reply_more");
      await kim.sees(kim.like("level_words"));
    });
    await standsIn("a decision of what police must act on", kim, async () => {
      await kim.composer().fill("");
      await kim.press("reply_more");
      await kim.page.locator(".duty summary").click();
      await kim.press("duty_crime_raise");
      await kim.page.locator(".duty summary").click();
      await kim.page.getByRole("radio", { name: kim.like("duty_passed_on") }).check();
      await kim.sees(kim.like("duty_reason"));
    });
    await standsIn("what was decided because police must act", kim, async () => {
      await kim.fills("duty_reason", "En kollega tar det");
      await kim.press("duty_save");
      await kim.page.locator(".duty summary").click();
      await kim.sees("En kollega tar det");
    });
    await standsIn("an incident with its talks", kim, async () => {
      await desk.joins({ conversation_id: talk }, incident, "Bråket på torget");
      await kim.opens(`/desk/incident/${incident}`);
      await kim.page.locator(".joined").first().waitFor();
    });
    await standsIn("what is done with a report, half written", kim, async () => {
      await kim.opens(`/desk/report/${report}`);
      for (const key of ["desk_report_pass", "desk_report_register", "desk_report_close"]) await kim.page.locator("summary").filter({ hasText: kim.say(key) }).click();
      await kim.fills("desk_report_pass_to", "utredarna");
    });
    await standsIn("a youth who says who she is", noa, async () => {
      await noa.opens(`/report/${report}`);
      await noa.press("report_who");
      await noa.fills("report_who_name", "Noa Nilsson");
    });
    await standsIn("a report that changed under an officer's hands", kim, async () => {
      await both.goesOffline();
      await kim.page.locator("form").getByRole("button", { name: kim.say("desk_report_pass"), exact: true }).click();
      await kim.seesWords("desk_report_passed", { to: "utredarna" });
      await desk.readsReport(report);
      await both.comesBack();
      await kim.seesWords("desk_report_changed");
    });
    await standsIn("a question about a report, and who asked it", noa, async () => {
      await kim.press("desk_report_drop");
      await kim.press("desk_report_ask");
      await kim.writes("Vet du vem det är?");
      await noa.press("report_who_send");
      await noa.seesWords("report_asked");
      await noa.seesWords("report_who_said");
    });
    await standsIn("a report that a question was asked about", kim, async () => {
      await kim.opens(`/desk/report/${report}`);
      await kim.seesWords("desk_report_asked");
    });
    await standsIn("an incident with a report, too", kim, async () => {
      await desk.joinsReport(report, incident, "Bråket på torget");
      await kim.opens(`/desk/incident/${incident}`);
      await kim.seesWords("incident_reports", { count: "1" });
    });
    await standsIn("reports that were found", kim, async () => {
      await kim.opens("/desk/reports/search");
      await kim.page.getByRole("combobox", { name: kim.like("desk_find_reason") }).selectOption("same-person");
      await kim.press("desk_find_number");
      await kim.page.getByRole("textbox").fill((await desk.reportsSaying(`Rapport ${text}`))[0].number);
      await kim.press("search_look");
      await kim.seesWords("incident_reports", { count: "1" });
    });
    await standsIn("reports of some days", kim, async () => {
      await kim.opens("/desk/reports/search");
      await kim.press("desk_find_time");
      await kim.page.getByLabel(kim.like("desk_find_from")).fill(new Date().toLocaleDateString("sv"));
      await kim.press("search_look");
      await kim.page.locator('main a[href^="/desk/report/"]').first().waitFor();
    });
    await standsIn("reports of a sort that there are none of", kim, async () => {
      await kim.opens("/desk/reports");
      await kim.page.getByRole("combobox", { name: kim.say("desk_filter_state"), exact: true }).selectOption("registered");
      await kim.seesWords("desk_filter_none");
    });
    await standsIn("a report that is closed, at the desk", kim, async () => {
      await desk.closesReport(report, "Det är inget brott, men det är inte okej.");
      await kim.opens(`/desk/report/${report}`);
      await kim.seesWords("desk_report_told");
    });
    await standsIn("a report that is closed", noa, async () => {
      await noa.opens(`/report/${report}`);
      await noa.seesWords("report_closed");
    });
    await standsIn("help beside a report of wanting to die", noa, async () => {
      await noa.opens("/tell");
      await noa.opensForm("other");
      await noa.fills("tell_what_label", `Jag vill dö. ${mode}`);
      await noa.goesOnTo();
      await noa.press("tell_send");
      await noa.seesWords("harm_by_app");
    });
    await standsIn("talks that were found", kim, async () => {
      await kim.opens("/desk/search");
      await kim.press("search_look");
      await kim.sees(kim.like("search_count"));
    });
    await standsIn("a card to 112 that takes too long to read", kim, async () => {
      await kim.opens(`/desk/talk/${talk}`);
      await kim.press("card_open");
      await kim.page.getByRole("radio", { name: "114 14" }).check();
      await kim.fills("card_what", "Tjugo personer bråkar ".repeat(13));
      await kim.fills("card_people", "Ungdomar från två skolor ".repeat(10));
      await kim.sees(kim.like("card_seconds_long"));
    });
    await standsIn("a red card that is read aloud", kim, async () => {
      await kim.fills("card_people", "Tjugo ungdomar");
      await kim.press("card_make", { receiver: "114 14" });
      await kim.seesWords("card_red");
      await kim.press("card_aloud");
    });
    await standsIn("red cards at the desk", kim, async () => {
      await kim.opens("/desk");
      await kim.seesWords("card_red_title");
    });
    await standsIn("what came back, and words that promise too much", kim, async () => {
      await kim.opens(`/desk/talk/${talk}/cards`);
      await kim.page.getByLabel(kim.like("card_who")).fill("Bo Ek");
      await kim.press("card_acknowledge");
      await kim.press("back_advice");
      await kim.page.getByLabel(kim.say("back_tell")).fill("En bil är på väg");
      await kim.seesWords("back_promise");
    });
    await standsIn("a shift that does not count yet, with a talk that is open at its end", kim, async () => {
      await kim.opens("/desk/shift");
      await kim.press("shift_start");
      await kim.seesWords("shift_end_open");
      await kim.seesWords("shift_not_counted");
    });
    await standsIn("an invite with its word, and the question before it is closed", kim, async () => {
      await kim.opens("/desk/invite");
      await kim.press("invite_make");
      await kim.seesWords("invite_open");
      await isRight(kim, mode);
      await kim.press("invite_end");
      await kim.seesWords("invite_end_sure");
    });
    await standsIn("posters, and the question before one is ended", kim, async () => {
      await kim.opens("/desk/posters");
      await kim.fills("poster_place", mode, { open: true });
      await kim.press("poster_make");
      await kim.press("poster_end_named", { place: mode });
      await kim.seesWords("poster_end_sure");
    });
    await standsIn("a poster to be printed", kim, async () => {
      await kim.press("cancel");
      await kim.press("poster_show_named", { place: mode });
      await kim.page.locator(".qr path").waitFor();
    });
    await standsIn("the question before a shift ends", kim, async () => {
      await kim.opens("/desk/shift");
      await kim.seesWords("shift_end_open");
      for (const one of await kim.page.getByRole("radio", { name: kim.say("shift_end_leave") }).all()) await one.check();
      await kim.press("shift_end");
      await kim.seesWords("shift_end_sure");
    });
    await standsIn("an answer that stands below a colleague's", kim, async () => {
      await kim.press("shift_end_yes");
      await kim.seesWords("shift_start_text");
      await kim.pressCard("desk_nav_talks");
      await kim.pressCardSaying(text);
      await kim.press("desk_take");
      await kim.composer().waitFor();
      await both.goesOffline();
      await kim.writesInVain(`Jag kommer. ${mode}`);
      await colleague.takes({ conversation_id: talk });
      await colleague.answers({ conversation_id: talk }, `Jag är redan här. ${mode}`);
      await both.comesBack();
      await kim.seesWords("still_other", { number: "12" });
    });
    await standsIn("a talk that a colleague holds", kim, async () => {
      await kim.seesWords("look_in_hint");
      await kim.seesWords("take_over");
    });
    await standsIn("an answer that stands, and is changed or thrown away", kim, async () => {
      await kim.press("still_edit");
      await isRight(kim, mode);
      await kim.press("cancel");
      await kim.press("still_drop");
      await kim.seesWords("still_drop_sure");
    });
    await standsIn("an answer that stands, in the list of talks", kim, async () => {
      await kim.opens("/desk");
      await kim.seesWords("still_rows", { count: "1" });
    });
    await standsIn("an officer's words that are not sent", kim, async () => {
      await kim.opens("/desk/unsent");
      await kim.seesWords("unsent_held");
    });
    await standsIn("a tip that was refused", kim, async () => {
      await kim.writesTip(`Gå hem två och två i kväll, ${mode}.`);
      await kim.isRefused(() => kim.press("tip_publish"), '"municipalities":["2580"]', '"municipalities":["9999"]');
      await kim.seesWords("tip_refused");
    });
    await standsIn("a tip that lacks what it needs, and would wake few", kim, async () => {
      await kim.press("tip_refused_edit");
      await kim.seesWords("tip_reach_few", { least: "20" });
      await kim.fills("tip_text", "ord ".repeat(61), { open: true });
      await kim.press("tip_later");
      await kim.fills("tip_text", " ", { open: true });
      await kim.press("tip_publish");
      await kim.seesWords("tip_needed_from");
      await kim.seesWords("tip_needed_text");
    });
    await standsIn("a tip that is too long", kim, async () => {
      await kim.fills("tip_text", "ordentligt ".repeat(61), { open: true });
      await kim.seesWords("tip_too_long", { count: "61" });
      await kim.seesWords("level_words", { level: kim.say("level_hard") });
    });
    await standsIn("how many a tip reached", kim, async () => {
      await kim.opens("/desk/tips");
      await kim.presses_(kim.page.getByRole("listitem").filter({ hasText: "Konton kapas ofta så." }).locator("summary"));
      await kim.seesWords("sums_tip");
    });
    await standsIn("a tip before it is taken back", kim, async () => {
      const own = uuid7();
      await leader.publishes({ tip_id: own, topic: "well-being", text: `En annan träff, ${mode}.`, urgent: true });
      await kim.opens(`/desk/tips/${own}/recall`);
      await kim.seesWords("recall_means");
    });
    await standsIn("a tip that was taken back", kim, async () => {
      await kim.fills("recall_text", `Ingen annan träff, ${mode}.`, { open: true });
      await kim.press("recall_yes");
      await kim.seesWords("recall_done");
      await kim.seesWords("sums_tip");
    });
    await standsIn("a post that lacks what it needs, as a youth sees it", kim, async () => {
      await kim.opens("/desk/posts/new");
      await kim.press("tip_later");
      await kim.press("post_publish");
      await kim.seesWords("post_needs_title");
      await kim.page.getByText(kim.say("post_preview")).click();
      await kim.page.locator("article.post").waitFor();
    });
    await standsIn("a correction of a film that lacks its reason", kim, async () => {
      await kim.opens(`/desk/posts/${posts.film}/correct`);
      await kim.press("post_correct_do");
      await kim.seesWords("post_needs_why");
    });
    await standsIn("the question before a post is withdrawn", kim, async () => {
      await kim.opens("/desk/posts");
      await kim.page.locator("summary").first().click();
      await kim.page.getByLabel(kim.like("post_withdraw_why")).first().fill("Fel dag");
      await kim.presses_(kim.page.getByRole("button", { name: new RegExp(`^${kim.say("post_withdraw")}: `) }).first());
      await kim.seesWords("post_withdraw_ask");
    });
    await standsIn("a poll that lacks what it needs, as a youth sees it", kim, async () => {
      await kim.opens("/desk/poll");
      await kim.press("poll_option_add");
      await kim.press("tip_later");
      await kim.press("poll_publish");
      await kim.seesWords("poll_needs_options");
      await kim.page.getByText(kim.say("poll_preview")).click();
      await kim.page.getByRole("radio", { name: kim.say("poll_option", { number: "3" }) }).waitFor();
    });
    await standsIn("the question before a poll is closed", kim, async () => {
      await kim.opens("/desk/polls");
      await kim.presses_(kim.page.getByRole("button", { name: kim.like("poll_close") }).first());
      await kim.seesWords("poll_close_ask");
    });
    await standsIn("the counts of a poll that is over", kim, async () => {
      await desk.closesPoll(polls.many);
      await kim.presses_(kim.page.locator("summary").first());
      await kim.seesWords("poll_many_sum");
    });
    await standsIn("what is made of an idea, an answer that lacks its words", kim, async () => {
      await kim.opens("/desk/ideas");
      await kim.press("ideas_box_shown");
      for (const key of ["idea_answer", "idea_merge", "idea_hide"]) await kim.page.locator("summary").filter({ hasText: kim.say(key) }).first().click();
      await kim.press("idea_answer_do");
      await kim.seesWords("idea_answer_needed");
    });
    await standsIn("the seats of a dialogue, with a question that tells of harm", kim, async () => {
      const shown = await asks(dialogues.live, "Vad gör ni?");
      await desk.decides(shown, "showing");
      await asks(dialogues.live, "Jag har en kniv");
      await kim.opens(`/desk/dialogues/${dialogues.live}`);
      await kim.sees("Jag har en kniv");
      for (const key of ["seat_more", "idea_merge", "idea_hide"]) await kim.page.locator("summary").filter({ hasText: kim.like(key) }).first().click();
    });
    await standsIn("what is shown in a dialogue, an answer that lacks its words", kim, async () => {
      await kim.page.getByRole("radio", { name: kim.like("ideas_box_shown") }).first().check();
      await kim.page.locator("summary").filter({ hasText: kim.say("seat_write_answer") }).first().click();
      await kim.page.getByRole("button", { name: kim.say("idea_answer_do") }).first().click();
      await kim.seesWords("idea_answer_needed");
    });
    await standsIn("a poll of a dialogue that is written", kim, async () => {
      await kim.press("room_polls");
      await kim.page.locator("summary").filter({ hasText: kim.say("poll_write") }).first().click();
      await kim.press("room_poll_do");
      await kim.seesWords("room_poll_needed");
    });
    await standsIn("the film of a dialogue that is set, from its seats", kim, async () => {
      await kim.page.locator("summary").filter({ hasText: kim.say("seat_film") }).click();
      await kim.fills("seat_film_url", "", { open: true });
      await kim.press("seat_film_do");
      await kim.seesWords("dialogue_needs_film");
    });
    await standsIn("a dialogue that is changed", kim, async () => {
      await kim.opens(`/desk/dialogues/${dialogues.announced}/change`);
      await kim.seesWords("dialogue_change_do");
    });
    const strangers = await phone(server, look);
    await strangers.getsDamaged(text, `Rapport ${text}`);
    const alex = await strangers.officer();
    await alex.isOnDuty("12");
    await standsIn("a talk that can no longer be read", alex, async () => {
      await alex.opens(`/desk/talk/${talk}`);
      await alex.seesWords("message_damaged");
    });
    await standsIn("a report that can no longer be read", alex, async () => {
      await alex.opens(`/desk/report/${report}`);
      await alex.seesWords("report_damaged");
    });
    await strangers.close();
    await standsIn("the question before the police are asked to remove a talk", noa, async () => {
      await noa.opens(`/talk/${talk}/remove`);
      await noa.press("remove_ask");
      await noa.seesWords("remove_ask_sure");
    });
    await standsIn("a talk that is asked to be removed", noa, async () => {
      await noa.press("remove_ask_sure_yes");
      await noa.seesWords("asked_at");
    });
    await standsIn("a copy that is ready", noa, async () => {
      await noa.opens("/data");
      await noa.press("copy_ask");
      await noa.seesWords("copy_ready", {}, 30_000);
    });
    await standsIn("a copy that was fetched", noa, async () => {
      await noa.press("copy_fetch");
      await noa.seesWords("copy_fetched");
    });
    const leads = await phone(server, { ...look, before: opensTheClock });
    const lead = await leads.officer();
    await lead.isOnDuty("03");
    await walk(lead, leadScreens);
    await standsIn("hours that were changed for now and for a day", lead, async () => {
      await lead.opens("/desk/hours");
      await lead.press("hours_close");
      await lead.sees(lead.like("hours_now_closed"));
      await lead.page.getByRole("button", { name: lead.say("hours_add_named", { day: lead.say("day_friday") }) }).click();
    });
    await standsIn("a chat that is closed", noa, async () => {
      await noa.opens();
      await noa.seesWords("open_closed_text");
    });
    await standsIn("a chat that is closed, and a yes", noa, async () => {
      await noa.press("danger_yes");
      await noa.sees(noa.like("open_closed_danger"));
    });
    await standsIn("a talk that waits while it is closed", noa, async () => {
      await noa.press("danger_only_asking");
      await noa.writes(`Hur blir man polis? ${mode}`);
      await noa.seesWords("wait_closed");
      await noa.seesWords("survey_called");
      await lead.press("hours_as_planned");
    });
    await standsIn("the question before a talk is removed for good", lead, async () => {
      await lead.opens(`/desk/talk/${talk}/record`);
      for (const fold of ["hold_title", "erase_title", "looks_title"]) await lead.page.getByText(lead.say(fold), { exact: true }).click();
      await lead.page.getByRole("button", { name: lead.say("erase_title"), exact: true }).click();
      await lead.seesWords("erase_sure_talk");
      await lead.seesWords("look_read");
    });
    await standsIn("a talk that is kept until a date", lead, async () => {
      await lead.press("cancel");
      await lead.fills("refuse_reason", "Det behövs i en utredning");
      await lead.press("refuse_do");
      await lead.seesWords("record_kept");
      await lead.fills("hold_until", new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10));
      await lead.fills("hold_reason", "Utredningen pågår");
      await lead.press("hold_set");
      await lead.seesWords("hold_lift");
    });
    await standsIn("a record that did not come", lead, async () => {
      await lead.page.route(`**/api/v1/reports/${report}`, (route) => route.abort());
      await lead.opens(`/desk/report/${report}/record`);
      await lead.seesWords("fetch_offline");
    });
    await standsIn("records that are held", lead, () => lead.opens("/desk/records"));
    await standsIn("who is out, and the question before somebody is relieved", lead, async () => {
      await colleague.startsShift();
      await lead.opens("/desk/lead");
      await lead.page.locator("details.person summary").first().click();
      await isRight(lead, mode);
      await lead.press("staff_of", { what: lead.say("staff_relieve"), number: "12" });
      await lead.seesWords("staff_relieve_sure", { number: "12" });
    });
    await standsIn("somebody who is relieved", lead, async () => {
      await lead.press("staff_relieve_yes");
      await lead.sees(lead.like("staff_done_talks"));
      await colleague.startsShift();
    });
    await standsIn("a talk that a colleague looks at too", lead, async () => {
      await kim.opens(`/desk/talk/${talk}`);
      await lead.opens(`/desk/talk/${talk}`);
      await lead.seesWords("sign_looks", { numbers: "07" });
    });
    await standsIn("whose youths may not write", lead, async () => {
      await lead.page.locator("details.mute summary").click();
      await lead.page.getByRole("radio", { name: lead.say("mute_for_days", { count: "7" }), exact: true }).check();
      await lead.page.getByRole("radio", { name: lead.say("mute_insults"), exact: true }).check();
      await lead.press("mute_do");
      await lead.seesWords("mute_running");
      await lead.opens("/desk/lead");
      await lead.seesWords("mute_running");
    });
    await shows(`the youth of that talk may write again ${mode}`, async () => {
      await lead.opens(`/desk/talk/${talk}`);
      await lead.press("mute_end");
      await lead.doesNotSee(lead.like("mute_running"));
    });
    await standsIn("an invite to serve, and the question before it is taken back", lead, async () => {
      const number = `4${invites++}`;
      await lead.opens("/desk/staff");
      await lead.page.getByLabel(lead.like("staff_number")).fill(number);
      await lead.press("staff_invite_make");
      await lead.seesWords("staff_link_text");
      await lead.press("staff_of", { what: lead.say("staff_invite_end"), number });
      await lead.seesWords("staff_invite_end_sure", { number });
    });
    await standsIn("an app that is locked", lead, async () => {
      await comesBackLater(lead, 31 * 60_000);
      await lead.seesWords("lock_lead");
    });
    await leads.close();
    await standsIn("a talk that is kept although it was asked to be removed", noa, async () => {
      await noa.opens(`/talk/${talk}`);
      await noa.seesWords("asked_kept");
    });
    await standsIn("a new version", noa, () => noa.meetsNewVersion());
    await both.close();

    const tab = await phone(server, { ...look, before: keepsNothing });
    const ines = await tab.youth();
    await standsIn("nothing is kept", ines, async (one) => {
      await one.opens();
      await one.seesWords("memory_title");
      await one.page.getByText(one.say("memory_title")).click();
    });
    await standsIn("an officer's link where nothing is kept", ines, async (one) => {
      await one.opens(`/r#${(await colleague.makesInvite()).secret}`);
      await one.page.getByText(one.say("room_inside"), { exact: true }).click();
    });
    await tab.close();

    const borrowed = await phone(server, look);
    const alma = await borrowed.youth();
    await standsIn("a shared phone", alma, async () => {
      await alma.opens();
      await alma.press("home_shared");
      await alma.press("shared_on");
      await alma.page.waitForURL(`${server.youths}/`);
      await alma.page.getByText(alma.say("shared_title"), { exact: true }).click();
      await alma.seesWords("shared_text");
    });
    await standsIn("what a shared phone means", alma, async () => {
      await alma.press("shared_more");
      await alma.press("shared_off");
      await alma.seesWords("shared_off_sure");
    });
    await borrowed.close();

    const apple = await phone(server, { ...look, before: isSafari });
    const ida = await apple.youth();
    await standsIn("words that a browser keeps for seven days", ida, async () => {
      await ida.opens();
      await ida.writes(`Väntar ${mode}`);
      await ida.seesWords("state_arrived");
      await cut(apple.context, "**/api/v1/sync/push");
      await ida.writes("Väntar i Safari");
      await ida.seesWords("state_saved");
      await ida.page.getByText(ida.say("keeping_days", { days: 7 })).click();
      await ida.seesWords("keeping_why");
    });
    await standsIn("a session that is over", ida, async () => {
      await endsSession(apple.context);
      await ida.opens();
      await ida.seesWords("signed_out_waiting", { count: "1" });
    });
    await standsIn("words that do not open any more", ida, async () => {
      await changes(ida);
      await ida.opens();
      await ida.page.getByText(ida.say("unopened_one")).click();
      await ida.press("unopened_drop");
      await ida.seesWords("unopened_drop_yes");
    });
    await apple.close();

    const newcomer = await phone(station, look);
    await standsIn("an invite that opens", await newcomer.officer(), async (one) => {
      const printed = await station.also("admin", "invite", "--number", `2${invites++}`, "--role", "officer");
      await one.opens(new URL(printed.match(/https?:\/\/\S+/)[0]).pathname);
      await one.seesWords("invite_lead");
    });
    await newcomer.close();
  }
}, 45);
