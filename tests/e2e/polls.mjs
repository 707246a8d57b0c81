// Polls: asked, planned and closed by officers; answered once a phone, with counts for those who may know them.
import { eventually, expect, shows, suite } from "./lib/cases.mjs";
import { call, onDuty, registers, uuid7 } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { startServer } from "./lib/server.mjs";
import { cut, keeps } from "./lib/trouble.mjs";

const HOUR = 3_600_000;
/** A moment to come, as a datetime-local field takes it, for phones in Stockholm. */
const field = (hours) => new Date(Date.now() + hours * HOUR).toLocaleString("sv-SE", { timeZone: "Europe/Stockholm" }).slice(0, 16).replace(" ", "T");
const answers = (...texts) => texts.map((text) => ({ text }));

await suite("polls", async () => {
  const server = await startServer({ name: "polls" });
  const desk = await onDuty(server, "07");
  const asks = async (question, more = {}) => {
    const poll_id = uuid7();
    await desk.asks({ poll_id, kind: "one", question, options: answers("Mer av det", "Mindre av det"), ...more });
    return poll_id;
  };
  const planned = async (question) => (await desk.plannedPolls()).find((poll) => poll.question === question);
  /** Somebody else's phone votes. */
  const another = async (poll_id, ...places) => {
    const { token } = await registers(server);
    return call(server.youths, `/api/v1/polls/${poll_id}/votes`, { method: "POST", token, body: { places } });
  };
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
  const choice = (someone, text) => someone.page.getByRole("radio", { name: text }).or(someone.page.getByRole("checkbox", { name: text }));

  await shows("somebody who is nobody yet finds a question beside the tips, votes, and sees the counts with her own marked, also the next day", async () => {
    const poll_id = await asks("Ska vi vara mer i spel?", { question_easy: "Mer i spel?" });
    await another(poll_id, 1);
    const { its, noa } = await youth();
    await noa.opens("/tips");
    await noa.pressCard("polls_title");
    await noa.pressCardSaying("Ska vi vara mer i spel?");
    await noa.seesWords("poll_privacy");
    await noa.seesWords("not_here");
    await noa.press("tips_easy");
    await noa.sees("Mer i spel?");
    await noa.doesNotSee(noa.say("poll_own"));
    await noa.doesNotSee(noa.say("poll_count", { count: "1", percent: "100" }));
    await noa.press("poll_vote");
    await noa.seesWords("poll_needed");
    await choice(noa, "Mer av det").check();
    await noa.press("poll_vote");
    await noa.seesWords("poll_thanks");
    await noa.seesWords("poll_voters", { count: "2" });
    const own = noa.page.getByRole("listitem").filter({ hasText: noa.say("poll_own") });
    expect((await own.innerText()).startsWith("Mer av det"), `her own is said to be ${await own.innerText()}`);
    expect((await own.innerText()).includes(noa.say("poll_count", { count: "1", percent: "50" })), `it counts ${await own.innerText()}`);
    await noa.opens("/polls");
    await noa.seesWords("polls_voted");
    await noa.opens(`/polls/${poll_id}`);
    await noa.seesWords("poll_own");
    // The public sees no counts of what is open.
    const open = await call(server.youths, `/api/v1/polls/${poll_id}`);
    expect(open.voters === undefined && open.options.every(({ votes }) => votes === undefined), `all can read ${JSON.stringify(open)}`);
    await its.close();
  });

  await shows("a phone that has voted and does not know it is told so, and sees the counts", async () => {
    const poll_id = await asks("Har du röstat?");
    const { its, noa } = await youth();
    await noa.opens(`/polls/${poll_id}`);
    await choice(noa, "Mer av det").check();
    await noa.press("poll_vote");
    await noa.seesWords("poll_thanks");
    // What the phone noted for itself is lost.
    await noa.page.evaluate(
      () =>
        new Promise((done, failed) => {
          const opening = indexedDB.open("natpatrull");
          opening.onerror = failed;
          opening.onsuccess = () => {
            const tx = opening.result.transaction("kept", "readwrite");
            tx.objectStore("kept").delete("votes");
            tx.oncomplete = () => (opening.result.close(), done());
          };
        }),
    );
    await noa.opens(`/polls/${poll_id}`);
    await choice(noa, "Mindre av det").check();
    await noa.press("poll_vote");
    await noa.seesWords("poll_already");
    await noa.seesWords("poll_voters", { count: "1" });
    await noa.doesNotSee(noa.say("poll_own"));
    // It knows from now on.
    await noa.opens(`/polls/${poll_id}`);
    await noa.seesWords("poll_already");
    await noa.seesWords("poll_voters", { count: "1" });
    expect((await noa.control("poll_vote").count()) === 0, "the form stands again");
    await its.close();
  });

  await shows("a vote goes, and a list is read anew, as soon as it is asked for again, though nothing tells the phone that there is a network", async () => {
    const poll_id = await asks("Når den fram?");
    const { its, noa } = await youth();
    await noa.opens(`/polls/${poll_id}`);
    await noa.sees("Når den fram?");
    let off = await cut(its.context, "**/api/v1/**");
    await choice(noa, "Mer av det").check();
    await noa.press("poll_vote");
    await noa.seesWords("poll_offline");
    await off();
    await noa.press("poll_vote");
    await noa.seesWords("poll_thanks");
    await its.close();
    // A phone of its own, that was never without a network: nothing but the press makes it read again.
    const other = await youth();
    await other.noa.opens("/polls");
    await other.noa.sees("Når den fram?");
    off = await cut(other.its.context, "**/api/v1/polls?**");
    await other.noa.goes("/tips");
    await other.noa.goes("/polls");
    await other.noa.seesWords("tips_copy");
    await off();
    await other.noa.press("retry");
    await other.noa.doesNotSee(noa.say("tips_copy"));
    await other.its.close();
  });

  await shows("who empties the app is asked anew, and nothing of her vote stands for whoever comes after", async () => {
    const poll_id = await asks("Vem har röstat?");
    const { its, noa } = await youth();
    await noa.opens(`/polls/${poll_id}`);
    await choice(noa, "Mer av det").check();
    await noa.press("poll_vote");
    await noa.seesWords("poll_own");
    await noa.goes("/device");
    await noa.press("device_forget");
    await noa.press("device_forget_yes");
    await noa.seesWords("device_forget_done");
    await noa.goes("/polls");
    await noa.sees("Vem har röstat?");
    await noa.doesNotSee(noa.say("polls_voted"));
    // A vote that is on its way when she leaves writes nothing either.
    const late = await asks("Hinner rösten fram?");
    let answers;
    const held = new Promise((go) => (answers = go));
    await noa.page.route("**/votes", (route) => held.then(() => route.continue()));
    await noa.goes(`/polls/${late}`);
    await choice(noa, "Mer av det").check();
    const asked = noa.page.waitForRequest(/votes$/);
    await noa.press("poll_vote");
    await asked;
    await noa.goes("/device");
    await noa.press("device_forget");
    await noa.press("device_forget_yes");
    await noa.seesWords("device_forget_done");
    const answered = noa.page.waitForResponse(/votes$/);
    answers();
    await (await answered).finished();
    await noa.goes(`/polls/${late}`);
    await choice(noa, "Mer av det").waitFor();
    expect(!(await keeps(noa)).kept.some((one) => one?.places !== undefined), "the phone holds a vote");
    await its.close();
  });

  await shows("without a network the choice stays, is not sent by itself, and goes when it is pressed again", async () => {
    const poll_id = await asks("Var behövs vi?", { kind: "many", options: answers("I spel", "I chattar", "I skolan") });
    const { its, noa } = await youth();
    await noa.opens(`/polls/${poll_id}`);
    await noa.seesWords("poll_choose_many");
    await noa.hasWorker();
    await its.goesOffline();
    await choice(noa, "I spel").check();
    await choice(noa, "I skolan").check();
    await noa.press("poll_vote");
    await noa.seesWords("poll_offline");
    await noa.keepsHalfWritten();
    await noa.page.reload();
    await noa.sees("Var behövs vi?");
    await eventually(() => choice(noa, "I skolan").isChecked(), "the choice is gone after a reload");
    await its.comesBack();
    await noa.doesNotSee(noa.say("poll_offline"));
    expect(!(await choice(noa, "I chattar").isChecked()) && (await choice(noa, "I spel").isChecked()), "the choice is another");
    await noa.press("poll_vote");
    await noa.seesWords("poll_thanks");
    await noa.seesWords("poll_many_sum");
    await desk.closesPoll(poll_id);
    const { voters, options } = await planned("Var behövs vi?");
    expect(voters === 1 && options.map(({ votes }) => votes).join() === "1,0,1", `it was counted as ${JSON.stringify(options)}`);
    await its.close();
  });

  await shows("a scale is answered by keys alone, and each end has its name", async () => {
    const poll_id = await asks("Hur trygg är du på nätet?", { kind: "scale", options: answers("Inte alls", "Helt") });
    const { its, noa } = await youth({ language: "en" });
    await noa.opens(`/polls/${poll_id}`);
    await noa.page.getByRole("radio", { name: "1, Inte alls" }).focus();
    for (const key of ["Space", "ArrowRight", "ArrowRight"]) await noa.page.keyboard.press(key);
    expect(await noa.page.getByRole("radio", { name: noa.say("poll_step", { number: "3", count: "5" }) }).isChecked(), "two steps on is not the third");
    await noa.page.getByRole("radio", { name: "5, Helt" }).waitFor();
    await noa.page.keyboard.press("Tab");
    await noa.page.keyboard.press("Enter");
    await noa.seesWords("poll_thanks");
    await noa.seesWords("poll_own");
    await its.close();
  });

  await shows("a poll that is closed while it is looked at is not voted in, and its counts are shown", async () => {
    const poll_id = await asks("Hinner du?");
    await another(poll_id, 0);
    const { its, noa } = await youth();
    await noa.opens(`/polls/${poll_id}`);
    await choice(noa, "Mindre av det").check();
    await desk.closesPoll(poll_id);
    await noa.press("poll_vote");
    await noa.seesWords("poll_voters", { count: "1" });
    await noa.doesNotSee(noa.say("poll_own"));
    await noa.opens("/polls");
    await noa.seesWords("polls_over");
    await noa.opens(`/polls/${uuid7()}`);
    await noa.seesWords("poll_gone");
    await its.close();
  });

  await shows("an officer writes a poll, sees it as a youth does, moves and removes answers, and plans it; what is half written stands after a reload", async () => {
    const question = "Vad ska vi prata om i livesändningen?";
    const { its, kim } = await officer();
    await kim.opens("/desk/tip");
    await kim.press("polls_desk");
    await kim.press("poll_write");
    await kim.fills("poll_question", question, { open: true });
    await kim.press("poll_publish");
    await kim.seesWords("poll_needs_options");
    const answer = (number) => kim.page.getByLabel(kim.say("poll_option", { number }), { exact: true });
    await answer("1").fill("Bedrägerier");
    await answer("2").fill("Hot");
    await kim.press("poll_option_add");
    await answer("3").fill("Bilder");
    await kim.press("poll_option_up_name", { number: "3" });
    await kim.press("poll_option_drop_name", { number: "3" });
    await kim.page.getByText(kim.say("poll_preview")).click();
    await kim.page.getByRole("radio", { name: "Bilder" }).waitFor();
    await kim.press("tip_later");
    await kim.fills("poll_opens_at", field(30));
    await kim.keepsHalfWritten();
    await kim.page.reload();
    await eventually(async () => (await answer("2").inputValue()) === "Bilder", "the form does not stand after a reload");
    await kim.press("poll_publish");
    await eventually(() => planned(question), "the poll is not planned");
    const poll = await planned(question);
    expect(poll.options.map(({ text }) => text).join() === "Bedrägerier,Bilder", `it asks ${JSON.stringify(poll.options)}`);
    expect(Math.abs(Date.parse(poll.opens_at) - Date.now() - 30 * HOUR) < 5 * 60_000, `it opens ${poll.opens_at}`);
    const { noa, its: noas } = await youth();
    await noa.opens("/polls");
    await noa.seesWords("polls_title");
    await noa.doesNotSee(question);
    await kim.opens("/desk/polls");
    await kim.presses_(kim.page.getByRole("button", { name: `${kim.say("poll_stop")}: ${question}` }));
    await kim.seesWords("poll_stop_ask");
    await kim.press("poll_stop");
    await kim.seesWords("poll_state_stopped");
    await noas.close();
    await its.close();
  });

  await shows("without a network a poll is published and closed on the phone, and both go when there is one", async () => {
    const poll_id = await asks("Ska den här stängas?");
    const { its, kim } = await officer();
    await kim.opens("/desk/poll");
    await kim.hasWorker();
    await its.goesOffline();
    await kim.fills("poll_question", "Kommer den här ut?", { open: true });
    await kim.page.getByLabel(kim.say("poll_option", { number: "1" }), { exact: true }).fill("Ja");
    await kim.page.getByLabel(kim.say("poll_option", { number: "2" }), { exact: true }).fill("Nej");
    await kim.press("poll_publish");
    await kim.seesWords("poll_published_here");
    await its.comesBack();
    await eventually(() => planned("Kommer den här ut?"), "it did not come out");
    await kim.opens("/desk/polls");
    await kim.sees("Ska den här stängas?");
    await its.goesOffline();
    await kim.presses_(kim.page.getByRole("button", { name: `${kim.say("poll_close")}: Ska den här stängas?` }));
    await kim.seesWords("poll_close_ask");
    await kim.press("poll_close");
    await kim.seesWords("poll_state_closing");
    await its.comesBack();
    await eventually(async () => Date.parse((await planned("Ska den här stängas?")).closes_at) <= Date.now(), "it was not closed");
    await kim.doesNotSee(kim.say("poll_state_closing"));
    expect(poll_id === (await planned("Ska den här stängas?")).poll_id, "another was closed");
    await its.close();
  });

  await shows("a poll that was refused goes back into the form, and a closing that comes too late is told", async () => {
    const { its, kim } = await officer();
    await kim.opens("/desk/poll");
    await kim.page.getByRole("radio", { name: kim.say("poll_kind_many") }).check();
    await kim.fills("poll_question", "Blir den här avvisad?", { open: true });
    await kim.page.getByLabel(kim.say("poll_option", { number: "1" }), { exact: true }).fill("Ja");
    await kim.page.getByLabel(kim.say("poll_option", { number: "2" }), { exact: true }).fill("Nej");
    await kim.isRefused(() => kim.press("poll_publish"), '"text":"Nej"', '"text":" "');
    await kim.seesWords("poll_refused");
    await kim.press("poll_refused_edit");
    await eventually(async () => (await kim.page.getByLabel(kim.say("poll_option", { number: "2" }), { exact: true }).inputValue()) === "Nej", "the answers are not in the form again");
    expect(await kim.page.getByRole("radio", { name: kim.say("poll_kind_many") }).isChecked(), "it is of another kind now");
    const poll_id = await asks("Vem stänger först?");
    await kim.opens("/desk/polls");
    await kim.sees("Vem stänger först?");
    await its.goesOffline();
    await desk.closesPoll(poll_id);
    await kim.presses_(kim.page.getByRole("button", { name: `${kim.say("poll_close")}: Vem stänger först?` }));
    await kim.press("poll_close");
    await kim.seesWords("poll_state_closing");
    await its.comesBack();
    await kim.seesWords("poll_close_refused");
    await kim.press("act_refused_seen");
    await kim.doesNotSee(kim.say("poll_close_refused"));
    await its.close();
  });
});
