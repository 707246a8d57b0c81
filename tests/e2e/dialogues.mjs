// Live dialogues: followed by anybody, asked in by youths, run by officers from two seats, and read in the archive afterwards.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterwards, eventually, expect, shows, suite } from "./lib/cases.mjs";
import { aFilm, showsFilm } from "./lib/film.mjs";
import { call, onDuty, registers, uuid7 } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { startServer } from "./lib/server.mjs";
import { cut } from "./lib/trouble.mjs";
import { subscribes } from "./lib/woken.mjs";

/** A moment to come, as a datetime-local field takes it, for phones in Stockholm. */
const field = (hours) => new Date(Date.now() + hours * 3_600_000).toLocaleString("sv-SE", { timeZone: "Europe/Stockholm" }).slice(0, 16).replace(" ", "T");

await suite("dialogues", async () => {
  const server = await startServer({ name: "dialogues", settings: { NATPATRULL_FILM_ALLOW_LOOPBACK: "true" } });
  const desk = await onDuty(server, "07");
  /** Somebody else's phone: what it asks, and what it votes for. */
  const another = async () => {
    const { token } = await registers(server);
    return {
      async asks(dialogue_id, text) {
        const question_id = uuid7();
        await call(server.youths, "/api/v1/dialogues/questions", { method: "POST", token, key: uuid7(), body: { question_id, dialogue_id, text, accepts_rules: true } });
        return { question_id, revision: 1 };
      },
      votes: (question_id) => call(server.youths, `/api/v1/dialogues/questions/${question_id}/vote`, { method: "POST", token }),
      chooses: (poll_id, ...places) => call(server.youths, `/api/v1/polls/${poll_id}/votes`, { method: "POST", token, body: { places } }),
    };
  };
  const shown = async (dialogue_id, text) => {
    const asked = await (await another()).asks(dialogue_id, text);
    await desk.decides(asked, "showing");
    return { ...asked, revision: 2 };
  };
  const listed = async (dialogue_id) => (await call(server.youths, `/api/v1/dialogues/${dialogue_id}/questions`)).items;
  const boxed = async (dialogue_id, text, state) => (await desk.boxedQuestions(dialogue_id, state)).find((one) => one.text === text);
  const arrives = (dialogue_id, text, state) => eventually(() => boxed(dialogue_id, text, state), `"${text}" is not ${state ?? "waiting"} with the officers`);
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
  /** What was asked in these words, wherever it stands; what it may be merged into has the same words in it. */
  const row = (someone, text) => someone.page.getByRole("listitem").filter({ has: someone.page.locator(".dialogue-words", { hasText: text }) });
  const within = (someone, text, key, values) => row(someone, text).getByRole("button", { name: someone.like(key, values) }).first();
  /** The row of one's own questions that says how this one stands. */
  const stands = (someone, text, key, values) => row(someone, text).getByText(someone.like(key, values)).first().waitFor();
  const asks = async (someone, text) => {
    await someone.fills("question_ask_label", text);
    const first = someone.control("question_ask_accept");
    await first.or(someone.control("question_ask_send")).first().waitFor();
    await someone.press((await first.count()) ? "question_ask_accept" : "question_ask_send");
  };

  await shows("somebody who is nobody yet follows a dialogue, asks, sees the question wait, shown and answered at 12:40, and reads it in the archive the day after", async () => {
    const dialogue_id = await desk.announces({ title: "Fråga oss om spel", about: "Två poliser svarar.", title_en: "Ask us about games" });
    const { its, noa } = await youth();
    await noa.opens("/tips");
    await noa.pressCard("dialogues_title");
    await noa.seesWords("dialogues_coming");
    await noa.pressCardSaying("Fråga oss om spel");
    await noa.seesWords("question_ask_before");
    await noa.seesWords("not_here");
    await desk.runs(dialogue_id, "opening");
    await desk.runs(dialogue_id, "seat", { seat: "speaker", takes: true });
    await noa.seesWords("dialogue_live_since", {}, 30_000);
    await noa.seesWords("dialogue_speaks", { number: "07" });
    const text = "Vad gör ni om någon låtsas vara mig?";
    await noa.seesWords("house_rules");
    await asks(noa, text);
    await noa.seesWords("question_ask_sent");
    const question = await arrives(dialogue_id, text);
    await stands(noa, text, "question_waiting");
    expect((await listed(dialogue_id)).length === 0, "it is public before an officer has shown it");
    await desk.decides(question, "showing");
    await stands(noa, text, "idea_state_shown");
    await noa.page.getByText(noa.like("question_own")).waitFor();
    const second = await shown(dialogue_id, "När är ni ute?");
    await noa.sees("När är ni ute?");
    await desk.decides({ ...question, revision: 2 }, "answer", { mark_seconds: 760 });
    await stands(noa, text, "question_answered_at", { mark: "12:40" });
    // The rules are accepted once.
    await noa.doesNotSee(noa.say("house_rules"));
    // One that nobody gets to is not left without a word.
    const late = "Vad heter er hund?";
    await asks(noa, late);
    await arrives(dialogue_id, late);
    await stands(noa, late, "question_waiting");
    await desk.runs(dialogue_id, "ending");
    await noa.seesWords("dialogue_over_text");
    await desk.decides(second, "answer", { answer: "Varje kväll.", answer_en: "Each evening." });
    await desk.runs(dialogue_id, "archiving");
    await noa.opens("/dialogues");
    await noa.seesWords("dialogues_over");
    await noa.pressCardSaying("Fråga oss om spel");
    await noa.sees("Varje kväll.");
    await stands(noa, late, "question_no_time");
    const questions = await listed(dialogue_id);
    expect(questions.every((one) => one.mark_seconds !== undefined || one.answer !== undefined), `without an answer: ${JSON.stringify(questions)}`);
    await its.close();
    // As a screen reader goes through it: one heading of the first level, then the questions in the order in which they were answered.
    const reader = await youth({ language: "en" });
    await reader.noa.opens(`/dialogues/${dialogue_id}`);
    await reader.noa.sees("Each evening.");
    const tree = await reader.noa.page.locator("main").ariaSnapshot();
    const places = ["heading \"Ask us about games\" [level=1]", `heading "${reader.noa.say("archive_questions")}" [level=2]`, `heading "${text}" [level=3]`, "12:40", "heading \"När är ni ute?\" [level=3]", "Each evening."].map((part) => [part, tree.indexOf(part)]);
    expect(places.every(([, at], i) => at >= 0 && (i === 0 || at > places[i - 1][1])), `the archive is read in another order: ${JSON.stringify(places)}\n${tree}`);
    await reader.its.close();
  });

  await shows("a phone votes once: it may take it back, and one that has forgotten it is told", async () => {
    const dialogue_id = await desk.opensRoom({ title: "En röst per telefon" });
    const { question_id } = await shown(dialogue_id, "Får polisen spela?");
    const { its, noa } = await youth();
    await noa.opens(`/dialogues/${dialogue_id}`);
    await noa.sees("Får polisen spela?");
    await noa.presses_(within(noa, "Får polisen spela?", "question_vote"));
    await within(noa, "Får polisen spela?", "question_voted").waitFor();
    await eventually(async () => (await listed(dialogue_id))[0].votes === 2, "the vote is not counted");
    await noa.presses_(within(noa, "Får polisen spela?", "question_voted"));
    await eventually(async () => (await listed(dialogue_id))[0].votes === 1, "the vote is not taken back");
    await noa.presses_(within(noa, "Får polisen spela?", "question_vote"));
    await within(noa, "Får polisen spela?", "question_voted").waitFor();
    // What the phone noted for itself is lost.
    await noa.page.evaluate(
      () =>
        new Promise((done, failed) => {
          const opening = indexedDB.open("natpatrull");
          opening.onerror = failed;
          opening.onsuccess = () => {
            const tx = opening.result.transaction("kept", "readwrite");
            tx.objectStore("kept").delete("question_votes");
            tx.oncomplete = () => (opening.result.close(), done());
          };
        }),
    );
    await noa.opens(`/dialogues/${dialogue_id}`);
    const refused = noa.page.waitForResponse((answer) => answer.url().endsWith(`${question_id}/vote`));
    await noa.presses_(within(noa, "Får polisen spela?", "question_vote"));
    expect((await refused).status() === 409, "the second vote was not refused");
    await noa.seesWords("question_voted_already");
    await within(noa, "Får polisen spela?", "question_voted").waitFor();
    expect((await listed(dialogue_id))[0].votes === 2, "the second vote counts");
    // Without a network it is said, and nothing waits to be sent.
    await its.goesOffline();
    await noa.presses_(within(noa, "Får polisen spela?", "question_voted"));
    await noa.seesWords("question_vote_offline");
    await its.close();
  });

  await shows("a question written without a network goes by itself while the room is open; in one that has closed it stands in the field with a clear word", async () => {
    const dialogue_id = await desk.opensRoom({ title: "Utan nät" });
    const { its, noa } = await youth();
    await noa.opens(`/dialogues/${dialogue_id}`);
    await noa.seesWords("dialogue_live_since");
    await noa.hasWorker();
    await its.goesOffline();
    await asks(noa, "Skickas den sedan?");
    await noa.seesWords("question_ask_sent_here");
    await stands(noa, "Skickas den sedan?", "unsent_waiting");
    await noa.page.reload();
    await noa.seesWords("dialogue_as_of");
    await stands(noa, "Skickas den sedan?", "unsent_waiting");
    await its.comesBack();
    await arrives(dialogue_id, "Skickas den sedan?");
    await stands(noa, "Skickas den sedan?", "question_waiting");
    await its.goesOffline();
    await asks(noa, "Kommer den för sent?");
    await stands(noa, "Kommer den för sent?", "unsent_waiting");
    await desk.runs(dialogue_id, "ending");
    await its.comesBack();
    await noa.seesWords("question_ask_closed");
    const box = noa.page.getByRole("textbox");
    await eventually(async () => (await box.inputValue()) === "Kommer den för sent?", "the text is not in the field");
    expect(!(await boxed(dialogue_id, "Kommer den för sent?")), "it was asked all the same");
    await noa.press("idea_danger_go");
    await eventually(async () => (await noa.composer().inputValue()) === "Kommer den för sent?", "the text did not come along to the chat");
    await its.close();
  });

  await shows("slow mode says how long it is, a paused phone until when, and the text stands in the field", async () => {
    const dialogue_id = await desk.opensRoom({ title: "Lugnt tempo" });
    const { its, noa } = await youth();
    await noa.opens(`/dialogues/${dialogue_id}`);
    await asks(noa, "Första frågan?");
    const first = await arrives(dialogue_id, "Första frågan?");
    await desk.runs(dialogue_id, "pace", { slow_seconds: 300 });
    await noa.seesWords("question_ask_slow");
    await noa.fills("question_ask_label", "Andra frågan?");
    expect((await noa.control("question_ask_send").getAttribute("aria-disabled")) === "true", "it can be sent before its time");
    await desk.runs(dialogue_id, "pace", { slow_seconds: 0 });
    await noa.doesNotSee(noa.like("question_ask_slow"));
    await desk.decides(first, "mute");
    await noa.press("question_ask_send");
    await noa.seesWords("question_ask_muted_until");
    await eventually(async () => (await noa.page.getByRole("textbox").inputValue()) === "Andra frågan?", "the text is gone");
    expect(!(await boxed(dialogue_id, "Andra frågan?")), "a paused phone asked");
    await its.close();
  });

  await shows("a question that tells of harm shows 112, stands first with the officers, and begins a talk that leaves no trace in the room", async () => {
    const dialogue_id = await desk.opensRoom({ title: "Något har hänt" });
    await (await another()).asks(dialogue_id, "Vad spelar ni?");
    const { its, noa } = await youth();
    await noa.opens(`/dialogues/${dialogue_id}`);
    const text = "Kom hit, han har en kniv";
    await noa.fills("question_ask_label", text);
    await noa.seesWords("idea_danger");
    await asks(noa, text);
    await arrives(dialogue_id, text);
    await stands(noa, text, "question_harm");
    const { its: kims, kim } = await officer();
    await kim.opens(`/desk/dialogues/${dialogue_id}`);
    await kim.sees(text);
    const all = await kim.page.locator(".question").allInnerTexts();
    expect(all[0]?.includes(text), `first stands ${all[0]}`);
    // The talk has begun by itself, and waits at the desk as one that she wrote there.
    await row(kim, text).getByRole("link", { name: kim.say("idea_talk_go") }).click();
    await kim.seesWords("origin_dialogue");
    await kim.press("desk_take");
    await kim.composer().waitFor();
    await kim.writes("Vi är på väg. Är du i säkerhet?");
    await row(noa, text).getByRole("link", { name: noa.say("idea_talk_open") }).click();
    await noa.composer().waitFor();
    await noa.sees(text);
    await noa.sees("Vi är på väg. Är du i säkerhet?");
    expect((await listed(dialogue_id)).length === 0, "the room shows it");
    await kims.close();
    await its.close();
  });

  await shows("an officer announces a dialogue, opens it, sits down, and runs it with one thumb: shows, hides, merges, puts on top, answers now and in writing, ends and archives", async () => {
    const { its, kim } = await officer("12");
    await kim.opens("/desk/tip");
    await kim.press("dialogues_desk");
    await kim.press("dialogue_new");
    await kim.press("dialogue_announce");
    await kim.seesWords("dialogue_needs_title");
    await kim.fills("dialogue_title_sv", "En kväll med oss", { open: true });
    await kim.fills("dialogue_starts_at", field(1));
    await kim.fills("dialogue_film_url", "https://film.example.org/kvall.m3u8", { open: true });
    await kim.press("dialogue_announce");
    // The server takes films from its own hosts alone, and says where it was not right.
    await kim.seesWords("dialogue_wrong_film");
    await kim.press("dialogue_refused_edit");
    await eventually(async () => (await kim.page.getByLabel(kim.like("dialogue_title_sv")).inputValue()) === "En kväll med oss", "the title is not in the form again");
    await kim.fills("dialogue_film_url", "");
    await kim.press("dialogue_announce");
    await kim.seesWords("dialogue_announced");
    await kim.opens("/desk/dialogues");
    await kim.pressCardSaying("En kväll med oss");
    const dialogue_id = kim.page.url().split("/").at(-1);
    await kim.press("seat_open");
    await kim.seesWords("seat_open_ask");
    await kim.press("seat_open");
    await kim.seesWords("dialogue_live_since");
    await kim.presses_(kim.page.getByRole("button", { name: `${kim.say("seat_take")}: ${kim.say("seat_speaker")}` }));
    await kim.seesWords("seat_yours");
    const noa = await another();
    for (const text of ["Vad gör ni hela dagen?", "Vad gör ni om dagarna?", "Lisa i 9B är dum", "När är ni ute?"]) await noa.asks(dialogue_id, text);
    await kim.sees("Lisa i 9B är dum");
    await row(kim, "Lisa i 9B är dum").getByText(kim.say("idea_hide")).click();
    await kim.presses_(within(kim, "Lisa i 9B är dum", "idea_hiding_names"));
    await arrives(dialogue_id, "Lisa i 9B är dum", "not-shown");
    for (const text of ["Vad gör ni hela dagen?", "När är ni ute?"]) {
      await kim.presses_(within(kim, text, "idea_show"));
      await arrives(dialogue_id, text, "shown");
    }
    const twin = row(kim, "Vad gör ni om dagarna?");
    await twin.locator("summary").filter({ hasText: kim.like("seat_more") }).click();
    await twin.locator("summary").filter({ hasText: kim.say("idea_merge") }).click();
    await twin.getByRole("radio", { name: "Vad gör ni hela dagen?" }).check();
    await twin.getByRole("button", { name: kim.say("idea_merge_do"), exact: true }).click();
    await arrives(dialogue_id, "Vad gör ni om dagarna?", "merged");
    await kim.page.getByRole("radio", { name: kim.like("ideas_box_shown") }).first().check();
    const one = row(kim, "Vad gör ni hela dagen?");
    await one.locator("summary").filter({ hasText: kim.like("seat_more") }).click();
    await one.getByRole("button", { name: kim.say("seat_pin") }).click();
    await eventually(async () => (await desk.dialogue(dialogue_id)).pinned_question_id !== undefined, "nothing is on top");
    // A colleague reads, and gives the question to the one who speaks.
    await desk.runs(dialogue_id, "seat", { seat: "reader", takes: true });
    await desk.decides(await boxed(dialogue_id, "Vad gör ni hela dagen?", "shown"), "assignment", { seat: "speaker" });
    await kim.page.locator(".seat-now").filter({ hasText: "Vad gör ni hela dagen?" }).waitFor();
    await kim.page.locator(".seat-speaker").getByRole("button", { name: kim.like("seat_answer_now") }).click();
    await kim.seesWords("seat_answering");
    const answered = await arrives(dialogue_id, "Vad gör ni hela dagen?", "answered");
    expect(answered.mark_seconds >= 0 && answered.answer === undefined, `it was answered as ${JSON.stringify(answered)}`);
    await kim.press("seat_done");
    await kim.seesWords("seat_nothing");
    await kim.press("seat_end");
    await kim.seesWords("seat_end_ask");
    await kim.press("seat_end");
    await kim.seesWords("seat_unanswered", { count: "1" });
    const left = row(kim, "När är ni ute?");
    await left.getByText(kim.say("seat_write_answer")).click();
    await left.getByLabel(kim.say("idea_answer_text")).fill("Varje kväll.");
    await left.getByRole("button", { name: kim.say("idea_answer_do") }).click();
    await arrives(dialogue_id, "När är ni ute?", "answered");
    await kim.press("seat_archive");
    await kim.seesWords("seat_archive_ask");
    await kim.press("seat_archive");
    await eventually(async () => (await desk.dialogue(dialogue_id)).state === "archived", "it is not in the archive");
    await its.close();
  });

  await shows("what is decided twice at once is seen as it is now, and an officer without a seat shows nothing", async () => {
    const dialogue_id = await desk.opensRoom({ title: "Två beslutar" });
    const asked = await (await another()).asks(dialogue_id, "Vem hinner först?");
    const { its, kim } = await officer("12");
    await kim.opens(`/desk/dialogues/${dialogue_id}`);
    await kim.sees("Vem hinner först?");
    await kim.seesWords("seat_needed");
    expect((await within(kim, "Vem hinner först?", "idea_show").count()) === 0, "she may show it without a seat");
    await kim.presses_(kim.page.getByRole("button", { name: `${kim.say("seat_take")}: ${kim.say("seat_reader")}` }));
    await within(kim, "Vem hinner först?", "idea_show").waitFor();
    await its.goesOffline();
    await desk.decides(asked, "hiding", { hiding: "not-understood" });
    await kim.presses_(within(kim, "Vem hinner först?", "idea_show"));
    await kim.seesWords("planned_going");
    await its.comesBack();
    await kim.seesWords("idea_decision_refused");
    await kim.press("act_refused_seen");
    await kim.doesNotSee(kim.say("idea_decision_refused"));
    await kim.page.getByRole("radio", { name: kim.like("ideas_box_not_shown") }).last().check();
    await kim.sees("Vem hinner först?");
    await its.close();
  });

  await shows("a lead takes a seat from whoever has it, when she means to", async () => {
    const dialogue_id = await desk.opensRoom({ title: "Chefen tar över" });
    const { its, kim } = await officer("03");
    await kim.opens(`/desk/dialogues/${dialogue_id}`);
    await kim.presses_(kim.page.getByRole("button", { name: `${kim.say("seat_take_over")}: ${kim.say("seat_speaker")}` }));
    await kim.seesWords("seat_take_over_ask", { number: "07" });
    await kim.press("seat_take_over");
    await kim.seesWords("seat_yours");
    expect((await desk.dialogue(dialogue_id)).speaker === "03", "another speaks");
    await its.close();
  });

  await shows("a poll of the room is asked by an officer, hides its counts until somebody has voted, is voted in once, and shows them to all when it is closed", async () => {
    const dialogue_id = await desk.opensRoom({ title: "Vad tycker ni" });
    await desk.runs(dialogue_id, "seat", { seat: "speaker", takes: false });
    const { its: kims, kim } = await officer("12");
    await kim.opens(`/desk/dialogues/${dialogue_id}`);
    await kim.presses_(kim.page.getByRole("button", { name: `${kim.say("seat_take")}: ${kim.say("seat_speaker")}` }));
    await kim.seesWords("seat_yours");
    await kim.press("room_polls");
    await kim.page.locator("summary").filter({ hasText: kim.say("poll_write") }).click();
    await kim.fills("poll_question", "Ska vi fortsätta en halvtimme?", { open: true });
    for (const [number, text] of [["1", "Ja"], ["2", "Nej"]]) await kim.page.getByLabel(kim.say("poll_option", { number }), { exact: true }).fill(text);
    await kim.press("room_poll_do");
    const [{ poll_id }] = await eventually(async () => {
      const { items } = await call(server.youths, `/api/v1/dialogues/${dialogue_id}/polls`);
      return items.length > 0 && items;
    }, "the poll is not in the room");
    const [noa, sam] = [await youth(), await youth()];
    for (const { noa: one } of [noa, sam]) {
      await one.opens(`/dialogues/${dialogue_id}`);
      await one.sees("Ska vi fortsätta en halvtimme?");
    }
    await (await another()).chooses(poll_id, 1);
    expect((await noa.noa.page.locator(".count-row").count()) === 0, "the counts are seen before the vote");
    await noa.noa.page.getByRole("radio", { name: "Ja", exact: true }).check();
    await noa.noa.press("poll_vote");
    await noa.noa.seesWords("poll_thanks");
    await noa.noa.seesWords("poll_voters", { count: "2" });
    expect((await sam.noa.page.locator(".count-row").count()) === 0, "the counts are seen by who has not voted");
    // It stands in no other list.
    await noa.noa.goes("/polls");
    await noa.noa.seesWords("polls_title");
    await noa.noa.doesNotSee("Ska vi fortsätta en halvtimme?");
    await kim.presses_(kim.page.getByRole("button", { name: `${kim.say("poll_close")}: Ska vi fortsätta en halvtimme?` }));
    await kim.seesWords("poll_close_ask");
    await kim.press("poll_close");
    await sam.noa.seesWords("poll_voters", { count: "2" });
    // One that comes too late stands there with its words, and nowhere else: it is never asked of all.
    await kims.goesOffline();
    await kim.page.locator("summary").filter({ hasText: kim.say("poll_write") }).click();
    await kim.fills("poll_question", "Ska vi ses igen?", { open: true });
    for (const [number, text] of [["1", "Ja"], ["2", "Nej"]]) await kim.page.getByLabel(kim.say("poll_option", { number }), { exact: true }).fill(text);
    await kim.press("room_poll_do");
    await kim.seesWords("planned_going");
    await desk.runs(dialogue_id, "ending");
    await kims.comesBack();
    await kim.seesWords("poll_refused");
    await kim.sees("Ska vi ses igen?");
    await kim.goes("/desk/poll");
    await kim.seesWords("poll_write_lead");
    await kim.doesNotSee("Ska vi ses igen?");
    await kim.goes(`/desk/dialogues/${dialogue_id}`);
    await kim.press("room_polls");
    await kim.sees("Ska vi ses igen?");
    await kim.press("act_refused_seen");
    await kim.doesNotSee(kim.say("poll_refused"));
    for (const one of [noa.its, sam.its, kims]) await one.close();
  });

  await shows("who has notices on is reminded when she asks for it, and who has not is told how", async () => {
    const dialogue_id = await desk.announces({ title: "Påminn mig" });
    const { its, noa } = await youth({ before: subscribes("http://localhost:9/") });
    await noa.opens(`/dialogues/${dialogue_id}`);
    await noa.seesWords("remind_how");
    await noa.opens("/notices");
    await noa.press("notices_on");
    await noa.seesWords("notices_state_on");
    await noa.opens(`/dialogues/${dialogue_id}`);
    await noa.press("remind_on");
    await noa.seesWords("remind_is_on");
    // The server knows it, not the screen alone.
    await noa.page.reload();
    await noa.seesWords("remind_is_on");
    await noa.press("remind_off");
    await noa.control("remind_on").waitFor();
    await its.close();
  });

  await shows("officers and evaluators read what a dialogue came to in figures", async () => {
    const dialogue_id = await desk.opensRoom({ title: "I siffror" });
    await shown(dialogue_id, "En enda?");
    const { its, kim } = await officer();
    await kim.opens(`/desk/dialogues/${dialogue_id}`);
    await kim.page.locator("summary").filter({ hasText: kim.say("figures_title") }).click();
    const asked = kim.page.getByRole("row").filter({ has: kim.page.getByRole("rowheader", { name: kim.say("figure_asked"), exact: true }) });
    await eventually(async () => (await asked.getByRole("cell").innerText()) === "1", "the figures do not count the question");
    await its.close();
  });

  await shows("a list that somebody reads in stands still, and what is new joins it at a press", async () => {
    const dialogue_id = await desk.opensRoom({ title: "Många frågor" });
    await shown(dialogue_id, "Den första?");
    const { its, noa } = await youth();
    await noa.opens(`/dialogues/${dialogue_id}`);
    await within(noa, "Den första?", "question_vote").focus();
    await shown(dialogue_id, "Den andra?");
    await noa.seesWords("questions_show_new", { count: "1" });
    expect((await row(noa, "Den andra?").count()) === 0, "it came under the reader's finger");
    await noa.press("questions_show_new", { count: "1" });
    await row(noa, "Den andra?").waitFor();
    await its.close();
  });

  await shows("text alone is chosen once and stays, and is chosen by itself where the phone saves data", async () => {
    const film = await showsFilm(4);
    const dialogue_id = await desk.opensRoom({ title: "Bara text", film_url: film.url });
    const { its, noa } = await youth();
    await noa.opens(`/dialogues/${dialogue_id}`);
    await noa.press("dialogue_text_only");
    await noa.seesWords("dialogue_text_only_is");
    await noa.opens(`/dialogues/${dialogue_id}`);
    await noa.seesWords("dialogue_text_only_is");
    await its.close();
    const thin = await youth({ before: () => Object.defineProperty(navigator, "connection", { configurable: true, value: { saveData: true, effectiveType: "4g" } }) });
    await thin.noa.opens(`/dialogues/${dialogue_id}`);
    await thin.noa.seesWords("dialogue_text_only_is");
    expect(film.asked.length === 0, `of the film was fetched: ${film.asked}`);
    await thin.its.close();
  });

  await shows("a film plays when it is asked for, with its captions, goes on by itself after it did not come, and a mark leads into it", async () => {
    const film = await showsFilm(30);
    const dialogue_id = await desk.opensRoom({ title: "Med film", film_url: film.url });
    const question = await shown(dialogue_id, "Var i filmen?");
    const { its, noa } = await youth({ films: [film.host] });
    await noa.opens(`/dialogues/${dialogue_id}`);
    await noa.sees("Var i filmen?");
    expect(film.asked.length === 0, `before it was asked for came: ${film.asked}`);
    film.falls();
    await noa.press("dialogue_film_live");
    await noa.seesWords("dialogue_film_absent");
    film.rises();
    const video = (what) => noa.page.locator("video").evaluate(what);
    await eventually(() => video((film) => film.currentTime > 0.5 && !film.paused), "the film does not play");
    await noa.doesNotSee(noa.say("dialogue_film_absent"));
    await eventually(() => video((film) => [...film.textTracks].some((track) => track.mode === "showing" && track.cues?.length > 0)), "there are no captions");
    await desk.decides(question, "answer", { mark_seconds: 20 });
    await noa.presses_(within(noa, "Var i filmen?", "question_answered_at", { mark: "0:20" }));
    await eventually(() => video((film) => film.currentTime >= 20), "the mark does not lead into the film");
    await its.close();
  });

  await shows("a film whose address breaks is changed from a seat while all look at it, and the room takes the other one by itself", async () => {
    const [broken, whole] = [await showsFilm(20), await showsFilm(20)];
    const dialogue_id = await desk.opensRoom({ title: "Sändningen bröts", film_url: broken.url });
    const { its, noa } = await youth({ films: [broken.host, whole.host] });
    await noa.opens(`/dialogues/${dialogue_id}`);
    broken.falls();
    await noa.press("dialogue_film_live");
    await noa.seesWords("dialogue_film_absent");
    const { its: kims, kim } = await officer("12");
    await kim.opens(`/desk/dialogues/${dialogue_id}`);
    await kim.presses_(kim.page.getByRole("button", { name: `${kim.say("seat_take")}: ${kim.say("seat_reader")}` }));
    await kim.page.locator("summary").filter({ hasText: kim.say("seat_film") }).click();
    await kim.fills("seat_film_url", "https://film.example.org/kvall.m3u8", { open: true });
    await kim.press("seat_film_do");
    await kim.seesWords("dialogue_wrong_film");
    await kim.press("dialogue_refused_edit");
    await kim.doesNotSee(kim.say("seat_film_refused"));
    await kim.fills("seat_film_url", whole.url, { open: true });
    await kim.press("seat_film_do");
    await eventually(async () => (await desk.dialogue(dialogue_id)).film_url === whole.url, "the film is where it was");
    await eventually(() => noa.page.locator("video").evaluate((film) => film.currentTime > 0.5 && !film.paused), "the other film does not play");
    await noa.doesNotSee(noa.say("dialogue_film_absent"));
    // Afterwards it lies elsewhere once more, or nowhere.
    await desk.runs(dialogue_id, "ending");
    await desk.runs(dialogue_id, "archiving");
    await kim.press("seat_film_none");
    await kim.seesWords("seat_film_none_ask");
    await kim.press("seat_film_none");
    await eventually(async () => (await desk.dialogue(dialogue_id)).film_url === undefined, "the film is still there");
    for (const one of [its, kims]) await one.close();
  });

  await shows("a recording is put in from a phone after the evening, is shown once it is ready, plays in the archive with its captions, and marks lead into it", async () => {
    const dialogue_id = await desk.opensRoom({ title: "Inspelningen" });
    await desk.decides(await shown(dialogue_id, "Var i inspelningen?"), "answer", { mark_seconds: 20 });
    await desk.runs(dialogue_id, "ending");
    const { its, noa } = await youth();
    await noa.opens(`/dialogues/${dialogue_id}`);
    await noa.seesWords("dialogue_over_text");
    const { its: kims, kim } = await officer("03");
    await kim.opens(`/desk/dialogues/${dialogue_id}`);
    await kim.page.locator("summary").filter({ hasText: kim.say("seat_film") }).click();
    const [film, folder] = [aFilm(30), mkdtempSync(join(tmpdir(), "natpatrull-recording-"))];
    afterwards(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, "kvall.mp4");
    writeFileSync(path, film);
    const [chooser] = await Promise.all([kim.page.waitForEvent("filechooser"), kim.press("seat_film_choose")]);
    await chooser.setFiles(path);
    await kim.page.locator(".post-chosen video").waitFor();
    await kim.fills("post_captions_field", "Vi svarar", { open: true });
    await kim.seesWords("post_captions_line", { line: "1" });
    await kim.fills("post_captions_field", "WEBVTT\n\n00:00.000 --> 00:29.500\nVi svarar på era frågor", { open: true });
    await kim.press("seat_film_do");
    const { film: kept } = await eventually(async () => {
      const now = await desk.dialogue(dialogue_id);
      return now.film?.state === "ready" && now;
    }, "the film is not ready", 120_000);
    // Whoever has the room open has it by itself.
    await noa.control("dialogue_film_play").waitFor();
    await desk.runs(dialogue_id, "archiving");

    const asked = [];
    its.context.on("request", (request) => /\/film\/[^/]+\/(full|small)$/.test(request.url()) && asked.push(request.url().split("/").at(-1)));
    await noa.opens(`/dialogues/${dialogue_id}`);
    await noa.control("dialogue_film_play").waitFor();
    expect(asked.length === 0, "the film was fetched before it was pressed");
    await noa.press("dialogue_film_play");
    const video = (what) => noa.page.locator("video").evaluate(what);
    await eventually(() => video((film) => film.currentTime > 0.3 && !film.paused), "the film does not play");
    expect(asked[0] === "small", `first came ${asked[0]}`);
    await eventually(() => video((film) => film.textTracks[0].mode === "showing" && film.textTracks[0].activeCues?.[0]?.text === "Vi svarar på era frågor"), "its captions are not shown");
    await noa.presses_(noa.page.locator(".dialogue-marks").getByRole("button", { name: "0:20" }));
    await eventually(() => video((film) => film.currentTime >= 20), "the mark does not lead into the film");

    // Its captions are put right, and at last it goes.
    await kim.opens(`/desk/dialogues/${dialogue_id}`);
    await kim.page.locator("summary").filter({ hasText: kim.say("seat_film") }).click();
    await kim.seesWords("post_file_ready");
    await kim.fills("post_captions_field", "WEBVTT\n\n00:00.000 --> 00:29.500\nVi rättar oss", { open: true });
    await kim.press("seat_film_captions_do");
    await eventually(async () => (await desk.dialogue(dialogue_id)).film.captions_revision > kept.captions_revision, "the captions are as they were");
    await noa.opens(`/dialogues/${dialogue_id}`);
    await noa.press("dialogue_film_play");
    await eventually(() => video((film) => film.textTracks[0].activeCues?.[0]?.text === "Vi rättar oss"), "its captions are the old ones");
    await kim.press("seat_film_none");
    await kim.seesWords("seat_film_kept_none_ask");
    await kim.press("seat_film_none");
    await eventually(async () => (await desk.dialogue(dialogue_id)).film === undefined, "the film is still there");
    for (const one of [its, kims]) await one.close();
  });

  await shows("what cannot be reached is said: a list, a room that is not there, a stream that is cut", async () => {
    const dialogue_id = await desk.opensRoom({ title: "Utan ström" });
    const { its, noa } = await youth();
    const off = await cut(its.context, "**/api/v1/dialogues?**");
    await noa.opens("/dialogues");
    await noa.seesWords("fetch_offline");
    await off();
    await noa.press("retry");
    await noa.sees("Utan ström");
    await noa.opens(`/dialogues/${uuid7()}`);
    await noa.seesWords("dialogue_gone");
    // Where no stream can be had, what is new comes all the same.
    await cut(its.context, "**/stream");
    await noa.opens(`/dialogues/${dialogue_id}`);
    await noa.seesWords("dialogue_live_since");
    await shown(dialogue_id, "Kommer den ändå?");
    await noa.sees("Kommer den ändå?");
    await its.close();
  });
});
