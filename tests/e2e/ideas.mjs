// Ideas: written by youths, checked by officers, supported, merged, answered; and what tells of harm leads to help and to a talk.
import { eventually, expect, shows, suite } from "./lib/cases.mjs";
import { call, onDuty, registers, uuid7 } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { startServer } from "./lib/server.mjs";

await suite("ideas", async () => {
  const server = await startServer({ name: "ideas" });
  const desk = await onDuty(server, "07");
  /** Another youth's phone sends one. */
  const another = async (text, kind = "idea") => {
    const { token } = await registers(server);
    const idea_id = uuid7();
    await call(server.youths, "/api/v1/ideas", { method: "POST", token, key: uuid7(), body: { idea_id, kind, text } });
    return { idea_id, token, supports: (id) => call(server.youths, `/api/v1/ideas/${id}/support`, { method: "PUT", token }) };
  };
  const boxed = async (text, state) => (await desk.boxedIdeas(state)).find((idea) => idea.text === text);
  const arrives = (text, state) => eventually(() => boxed(text, state), `"${text}" is not ${state ?? "waiting"} with the officers`);
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
  const row = (someone, text) => someone.page.getByRole("listitem").filter({ hasText: text });
  const within = (someone, text, key) => row(someone, text).getByRole("button", { name: someone.say(key), exact: true });

  await shows("somebody who is nobody yet writes an idea without a network; it waits on the phone, goes by itself, and she sees where it stands", async () => {
    const text = "Var med i vår spelserver på fredagar";
    const { its, noa } = await youth();
    await noa.opens("/tips");
    await noa.pressCard("ideas_title");
    await noa.seesWords("not_here");
    await noa.seesWords("idea_privacy");
    await noa.press("idea_send");
    await noa.seesWords("idea_needed");
    await noa.hasWorker();
    await its.goesOffline();
    await noa.press("idea_kind_quarter");
    await noa.fills("idea_text_quarter", text);
    await noa.keepsHalfWritten();
    await noa.page.reload();
    const field = noa.page.getByRole("textbox");
    await eventually(async () => (await field.inputValue()) === text, "what was half written is gone after a reload");
    await noa.press("idea_send");
    await noa.seesWords("idea_sent_here");
    expect((await field.inputValue()) === "", "what was sent stands in the field still");
    await noa.press("ideas_mine");
    await noa.sees(text);
    await noa.seesWords("unsent_waiting");
    await its.comesBack();
    const idea = await arrives(text);
    expect(idea.kind === "quarter", `it came as ${idea.kind}`);
    await noa.seesWords("idea_state_waiting");
    await desk.showsIdea(idea);
    await noa.opens("/ideas/mine");
    await noa.seesWords("idea_state_shown");
    await noa.opens("/ideas");
    await row(noa, text).getByText(noa.say("idea_own")).waitFor();
    await noa.opens("/ideas/mine");
    await noa.press("idea_take_back");
    await noa.seesWords("idea_take_back_ask");
    await noa.press("idea_take_back");
    await noa.doesNotSee(text);
    await eventually(async () => !(await boxed(text, "shown")), "it was not taken back");
    await its.close();
  });

  await shows("words that tell of harm show 112 at once and lead to the chat with the text; officers see them first, and write to their writer by one press", async () => {
    const calm = await another("Ha en frågestund varje vecka");
    const text = "Kom till oss, han har en kniv";
    const { its, noa } = await youth();
    await noa.opens("/ideas");
    await noa.fills("idea_text", "Kom till oss");
    await noa.doesNotSee(noa.say("idea_danger"));
    await noa.fills("idea_text", text);
    await noa.seesWords("idea_danger");
    await noa.page.locator(".card").getByRole("link", { name: noa.say("sos_call") }).waitFor();
    await noa.fills("idea_text", "Jag vill dö ibland, prata om det");
    await noa.seesWords("harm_title");
    await noa.fills("idea_text", text);
    await noa.press("idea_send");
    await noa.seesWords("idea_sent");
    await noa.seesWords("idea_danger");
    await arrives(text);
    await noa.press("idea_danger_go");
    await eventually(async () => (await noa.composer().inputValue()) === text, "the text did not come along to the chat");

    const waiting = await desk.boxedIdeas();
    expect(waiting.findIndex((idea) => idea.text === text) < waiting.findIndex(({ idea_id }) => idea_id === calm.idea_id), "what tells of harm does not stand first");
    const { its: kims, kim } = await officer();
    await kim.opens("/desk/tip");
    await kim.press("ideas_box");
    await kim.sees(text);
    await row(kim, text).getByText(kim.say("reason_weapon_words")).waitFor();
    await kim.presses_(within(kim, text, "idea_talk"));
    await kim.writes("Hej, jag läste det du skrev. Är du trygg nu?");
    await noa.opens("/ideas/mine");
    await noa.seesWords("idea_hiding_talk");
    await noa.press("idea_talk_open");
    await noa.sees("Är du trygg nu?");
    await kims.close();
    await its.close();
  });

  await shows("an idea is supported once a phone, not without a network, and the list goes by support or by what is newest", async () => {
    const [first, second] = [await another("Fler filmer om bedrägerier"), await another("Svara på nätterna också")];
    await desk.showsIdea(first);
    await desk.showsIdea(second);
    await (await another("Något annat")).supports(first.idea_id);
    const { its, noa } = await youth();
    await noa.opens("/ideas");
    const texts = async () => (await noa.page.locator("li.idea p").allInnerTexts()).filter((text) => /Fler filmer|Svara på nätterna/.test(text));
    await eventually(async () => (await texts())[0] === "Fler filmer om bedrägerier", "what has most support is not first");
    await noa.press("ideas_by_newest");
    await eventually(async () => (await texts())[0] === "Svara på nätterna också", "the newest is not first");
    await its.goesOffline();
    const press = (key) => row(noa, "Svara på nätterna").getByRole("button", { name: noa.like(key) });
    await press("idea_support_do").click();
    await noa.seesWords("idea_support_offline");
    await its.comesBack();
    await press("idea_support_do").click();
    await row(noa, "Svara på nätterna").getByText(noa.say("idea_support", { count: "2" })).waitFor();
    await noa.opens("/ideas");
    await row(noa, "Svara på nätterna").getByRole("button", { pressed: true }).click();
    await row(noa, "Svara på nätterna").getByText(noa.say("idea_support", { count: "1" })).waitFor();
    await its.close();
  });

  await shows("another order that is asked for while the first is still read is read as well", async () => {
    await desk.showsIdea(await another("Ha en filmtävling"));
    const { its, noa } = await youth();
    let answers;
    const held = new Promise((go) => (answers = go));
    await noa.page.route("**/api/v1/ideas?**order=support**", (route) => held.then(() => route.continue()));
    const asked = noa.page.waitForRequest(/order=support/);
    await noa.opens("/ideas");
    await asked;
    await noa.press("ideas_by_newest");
    answers();
    await noa.sees("Ha en filmtävling");
    await its.close();
  });

  await shows("an officer shows, merges and answers, and hides with a reason that its writer reads", async () => {
    const [kept, same, named] = [await another("Streama tillsammans med oss"), await another("Ni kan väl streama"), await another("Prata med Lisa i 8B")];
    const { its, kim } = await officer();
    await kim.opens("/desk/ideas");
    await kim.presses_(within(kim, "Streama tillsammans med oss", "idea_show"));
    await arrives("Streama tillsammans med oss", "shown");
    await row(kim, "Ni kan väl streama").getByText(kim.say("idea_merge")).click();
    await row(kim, "Ni kan väl streama").getByRole("radio", { name: "Streama tillsammans med oss" }).check();
    await kim.presses_(within(kim, "Ni kan väl streama", "idea_merge_do"));
    await eventually(async () => (await boxed("Streama tillsammans med oss", "shown")).support === 2, "the two do not count together");
    await row(kim, "Prata med Lisa").getByText(kim.say("idea_hide"), { exact: true }).click();
    await row(kim, "Prata med Lisa").getByRole("radio", { name: kim.say("idea_hiding_names") }).check();
    await kim.presses_(within(kim, "Prata med Lisa", "idea_hide_do"));
    const hidden = await arrives("Prata med Lisa i 8B", "not-shown");
    expect(hidden.hiding === "names-somebody", `it is hidden because of ${hidden.hiding}`);
    await kim.press("ideas_box_shown");
    const answering = row(kim, "Streama tillsammans med oss");
    await answering.getByText(kim.say("idea_answer")).click();
    await kim.presses_(within(kim, "Streama tillsammans med oss", "idea_answer_do"));
    await kim.seesWords("idea_answer_needed");
    await kim.fills("idea_answer_text", "Vi streamar varje fredag klockan 20.", { open: true });
    await kim.fills("idea_answer_en", "We stream each Friday at 8 pm.", { open: true });
    await kim.presses_(within(kim, "Streama tillsammans med oss", "idea_answer_do"));
    await arrives("Streama tillsammans med oss", "answered");
    const { its: noas, noa } = await youth({ language: "en" });
    await noa.opens("/ideas");
    await noa.press("ideas_answered");
    await noa.sees("We stream each Friday at 8 pm.");
    await noa.seesWords("idea_outcome_done");
    const own = async ({ token }) => (await call(server.youths, "/api/v1/ideas/mine", { token })).items[0];
    expect((await own(named)).hiding === "names-somebody" && (await own(same)).state === "merged" && (await own(kept)).state === "answered", "their writers read something else");
    await noas.close();
    await its.close();
  });

  await shows("a place that was wished for is answered with the quarter where the patrol is now", async () => {
    const text = "Kom till vår byggserver";
    await another(text, "quarter");
    const [{ quarter_id, name }] = await desk.quarters();
    const { its, kim } = await officer();
    await kim.opens("/desk/ideas");
    await row(kim, text).getByText(kim.say("idea_answer")).click();
    const quarters = row(kim, text).getByRole("combobox");
    await quarters.selectOption(quarter_id);
    expect((await quarters.locator("option:checked").innerText()).startsWith(name), "another quarter is chosen");
    await kim.fills("idea_answer_text", "Nu finns vi där på onsdagar.", { open: true });
    await kim.presses_(within(kim, text, "idea_answer_do"));
    const answered = await arrives(text, "answered");
    expect(answered.quarter_id === quarter_id, `it names ${answered.quarter_id}`);
    await its.close();
  });

  await shows("of two who decide at once the later hears why, and her answer goes back into the form", async () => {
    const idea = await another("Ha en egen server");
    const { its, kim } = await officer();
    await kim.opens("/desk/ideas");
    await row(kim, "Ha en egen server").getByText(kim.say("idea_answer")).click();
    await its.goesOffline();
    await desk.showsIdea(idea);
    await kim.fills("idea_answer_text", "Det har vi redan, sök på vårt namn.", { open: true });
    await kim.presses_(within(kim, "Ha en egen server", "idea_answer_do"));
    await kim.seesWords("planned_going");
    await its.comesBack();
    await kim.seesWords("idea_decision_refused");
    await kim.sees("Det har vi redan, sök på vårt namn.");
    await kim.press("idea_answer_edit");
    await kim.doesNotSee(kim.say("idea_decision_refused"));
    await kim.press("ideas_box_shown");
    await eventually(async () => (await row(kim, "Ha en egen server").getByLabel(kim.like("idea_answer_text")).inputValue()) === "Det har vi redan, sök på vårt namn.", "the answer is not in the form again");
    await kim.presses_(within(kim, "Ha en egen server", "idea_answer_do"));
    await arrives("Ha en egen server", "answered");
    await its.close();
  });

  await shows("an answer that a colleague changes while it is changed is not undone in silence", async () => {
    const text = "Ha en kväll för föräldrar";
    const idea = await another(text);
    await desk.answersIdea(idea, "Kanske i vår.");
    const { its, kim } = await officer();
    await kim.opens("/desk/ideas");
    await kim.press("ideas_box_answered");
    await row(kim, text).getByText(kim.say("idea_answer"), { exact: true }).click();
    await kim.fills("idea_answer_text", "Ja, i maj.", { open: true });
    await desk.answersIdea({ ...idea, revision: 2 }, "Ja, i april.");
    await row(kim, text).getByText("Ja, i april.").first().waitFor();
    await kim.presses_(within(kim, text, "idea_answer_do"));
    await kim.seesWords("idea_decision_refused");
    expect((await boxed(text, "answered")).answer === "Ja, i april.", "what a colleague answered is undone");
    await its.close();
  });

  await shows("an idea that was refused goes back into the form with all its words", async () => {
    const { its, noa } = await youth();
    await noa.opens("/ideas");
    await noa.fills("idea_text", "Den här kommer inte fram");
    await noa.isRefused(() => noa.press("idea_send"), "Den här kommer inte fram", " ");
    await noa.press("ideas_mine");
    await noa.seesWords("idea_refused");
    await noa.press("idea_refused_edit");
    await eventually(async () => (await noa.page.getByRole("textbox").inputValue()) === "Den här kommer inte fram", "its words are not in the form again");
    await noa.press("idea_send");
    await arrives("Den här kommer inte fram");
    await its.close();
  });
});
