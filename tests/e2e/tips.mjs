// Safety tips: planned and counted, told, taken back and corrected; and what a youth chooses of them.
import { eventually, expect, shows, suite } from "./lib/cases.mjs";
import { onDuty, uuid7 } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { startServer } from "./lib/server.mjs";
import { crowd, delivers, pressesNotice, takesPushes, wakes } from "./lib/woken.mjs";

const HOUR = 3_600_000;
/** A moment to come, as a datetime-local field takes it, for phones in Stockholm. */
const field = (hours) => new Date(Date.now() + hours * HOUR).toLocaleString("sv-SE", { timeZone: "Europe/Stockholm" }).slice(0, 16).replace(" ", "T");
const inHours = (hours) => new Date(Date.now() + hours * HOUR).toISOString();

await suite("tips", async () => {
  const server = await startServer({ name: "tips" });
  const service = await takesPushes();
  const desk = await onDuty(server, "07");
  const planned = async (text) => (await desk.plannedTips()).find(({ tip }) => tip.text === text);
  const comesIn = async (how) => {
    const its = await phone(server, how);
    const noa = await its.youth();
    return { its, noa };
  };
  const officer = async (number = "12") => {
    const its = await phone(server);
    const kim = await its.officer();
    await kim.isOnDuty(number);
    return { its, kim };
  };

  await shows("an officer sees how many phones a tip reaches, that few are woken by none, and that it is not known without a network", async () => {
    await crowd(server, service, 21, { topics: ["hate"], municipalities: ["2480"], age_band: "13-15" });
    const { its, kim } = await officer();
    await kim.opens("/desk/tip");
    await kim.seesWords("tip_reach_topic");
    await kim.choosesFor("hate", "24", "Umeå");
    await kim.seesWords("tip_reach", { count: "20" });
    await kim.page.getByRole("checkbox", { name: kim.say("age_16_17") }).check();
    await kim.seesWords("tip_reach_few", { least: "20" });
    await its.goesOffline();
    await kim.seesWords("tip_reach_offline");
    await its.comesBack();
    await kim.seesWords("tip_reach_few", { least: "20" });
    await its.close();
  });

  await shows("a tip is planned for several municipalities, stands in the form after a reload, and is taken back before its time", async () => {
    const { its, kim } = await officer();
    const text = "På fredag samlas många vid stationen. Gå hem tillsammans.";
    await kim.opens("/desk/tip");
    await kim.choosesFor("threats", "25", "Luleå");
    await kim.page.getByRole("checkbox", { name: "Boden", exact: true }).check();
    await kim.fills("tip_text", text, { open: true });
    await kim.fills("tip_text_easy", "Gå hem med en vän på fredag.", { open: true });
    await kim.press("tip_later");
    await kim.press("tip_publish");
    await kim.seesWords("tip_needed_from");
    await kim.fills("tip_publish_at", field(48));
    await kim.keepsHalfWritten();
    await kim.page.reload();
    await eventually(async () => (await kim.page.getByRole("textbox", { name: kim.like("tip_text") }).first().inputValue()) === text, "the form does not stand after a reload");
    await kim.press("tip_publish");
    await eventually(() => planned(text), "the tip is not planned");
    const { tip, state } = await planned(text);
    expect(state === "planned" && tip.municipalities.join() === "2580,2582" && tip.text_easy === "Gå hem med en vän på fredag.", `it is planned as ${JSON.stringify(tip)}`);
    expect(Math.abs(Date.parse(tip.published_at) - Date.now() - 48 * HOUR) < 5 * 60_000, `it goes out ${tip.published_at}`);
    await kim.press("tips_all");
    await kim.sees(text);
    await kim.seesWords("planned_planned");
    await kim.presses_(kim.page.getByRole("link", { name: `${kim.say("recall")}: ${text}` }));
    await kim.seesWords("recall_means_planned");
    await kim.fills("recall_text", "Det blir ingen samling.", { open: true });
    await kim.press("recall_yes");
    await kim.seesWords("recall_done");
    const { noa } = await comesIn();
    await noa.opens("/tips");
    await noa.seesWords("tips_title");
    await noa.doesNotSee("Det blir ingen samling.");
    await its.close();
  });

  await shows("a tip is taken back while there is no network, and its youth sees the correction where the notice leads", async () => {
    const ring = wakes(service.address);
    const { its: noas, noa } = await comesIn({ before: ring.script });
    await noa.opens("/notices");
    await noa.page.getByRole("checkbox", { name: noa.say("topic_well_being") }).check();
    await noa.press("notices_at_night");
    await noa.press("notices_on");
    await noa.seesWords("notices_state_on");
    const text = "Träff i parken på lördag klockan tre.";
    const tip_id = uuid7();
    await desk.publishes({ tip_id, topic: "well-being", text, action: "chat" });
    const pushes = () => service.pushes.filter((push) => ring.endpoint.endsWith(push.path)).map((push) => ring.opens(push.body));
    const [told] = await eventually(async () => pushes().length === 1 && pushes(), "the tip woke nobody");
    expect(told.kind === "tip" && told.path === `/tips/${tip_id}`, `the push says ${JSON.stringify(told)}`);
    await noa.opens(told.path);
    await noa.sees(text);
    await noa.hasWorker();
    await noas.goesOffline();
    await noa.opens(told.path);
    await noa.sees(text);
    await noa.seesWords("tips_copy");
    await noas.comesBack();

    const { its, kim } = await officer();
    await kim.opens("/desk/tips");
    await kim.presses_(kim.page.getByRole("link", { name: `${kim.say("recall")}: ${text}` }));
    await kim.seesWords("recall_told_few", { least: "20" });
    await kim.seesWords("recall_means");
    await kim.hasWorker();
    await its.goesOffline();
    await kim.press("recall_yes");
    await kim.seesWords("recall_needed");
    await kim.fills("recall_text", "Fel dag: träffen är på söndag.", { open: true });
    await kim.press("recall_yes");
    await kim.seesWords("recall_going_here");
    await kim.page.goBack();
    await kim.seesWords("planned_recalling");
    await its.comesBack();
    await kim.seesWords("planned_recalled");
    await kim.sees("Fel dag: träffen är på söndag.");

    const [, covers] = await eventually(async () => pushes().length === 2 && pushes(), "the correction woke nobody");
    expect(covers.kind === "tip-recalled" && covers.tag === told.tag && covers.path === told.path, `the correction says ${JSON.stringify(covers)}`);
    await eventually(async () => (await delivers(noa, covers), await noa.sees("Fel dag: träffen är på söndag.", 3000), true), "the tip on the screen does not give way", 90_000);
    await noa.opens("/");
    await eventually(async () => (await delivers(noa, covers), await pressesNotice(noa, covers.tag), await noa.sees("Fel dag: träffen är på söndag.", 3000), true), "the notice led nowhere", 90_000);
    await noa.seesWords("tips_recalled");
    await noa.doesNotSee(text);
    await its.close();
    await noas.close();
  });

  await shows("of two who take a tip back at once the later hears why, and sees her words before they go", async () => {
    const tip_id = uuid7();
    await desk.publishes({ tip_id, topic: "threats", text: "Bråk vid bron i kväll." });
    const { its, kim } = await officer();
    await kim.opens(`/desk/tips/${tip_id}/recall`);
    await kim.seesWords("recall_means");
    await its.goesOffline();
    await desk.recalls(tip_id, "Det var ingen bro.");
    await kim.fills("recall_text", "Bråket är vid torget.", { open: true });
    await kim.press("recall_yes");
    await kim.seesWords("recall_going_here");
    await its.comesBack();
    await kim.seesWords("recall_refused");
    await kim.sees("Bråket är vid torget.");
    await kim.sees("Det var ingen bro.");
    await kim.press("act_refused_seen");
    await kim.doesNotSee(kim.say("recall_refused"));
    await its.close();
  });

  await shows("somebody who is nobody yet reads a tip by its address, in easy Swedish too, and is told when there is none", async () => {
    const tip_id = uuid7();
    await desk.publishes({ tip_id, topic: "images", text: "Spara vad de skrev.", text_en: "Save what they wrote.", text_easy: "Spara allt.", expires_at: inHours(1) });
    const { its, noa } = await comesIn({ language: "en" });
    await noa.opens(`/tips/${tip_id}`);
    await noa.sees("Save what they wrote.");
    await noa.press("tips_easy");
    await noa.sees("Spara allt.");
    await noa.opens(`/tips/${uuid7()}`);
    await noa.seesWords("tips_gone");
    await its.close();
  });

  await shows("a youth finds the tips of her municipality, those for all among them", async () => {
    await desk.publishes({ topic: "recruitment", text: "Erbjuder någon snabba pengar? Berätta för oss." });
    const { its, noa } = await comesIn();
    await noa.opens("/tips");
    await noa.sees("Erbjuder någon snabba pengar?");
    await noa.page.getByRole("combobox", { name: noa.like("tips_filter_place") }).selectOption("2580");
    await noa.sees("Erbjuder någon snabba pengar?");
    await noa.sees("Ska du träffa någon du bara känner från nätet?");
    await noa.doesNotSee("Hotar någon att sprida en bild på dig?");
    await its.close();
  });

  await shows("a third tip of a week is refused with all its words in the form again", async () => {
    for (const text of ["Ett av två i veckan.", "Två av två i veckan."]) await desk.publishes({ topic: "scams", municipalities: ["2580"], text });
    const { its, kim } = await officer();
    await kim.opens("/desk/tip");
    await kim.choosesFor("scams", "25", "Luleå");
    await kim.fills("tip_text", "Tre av två i veckan.", { open: true });
    await kim.fills("tip_text_en", "Three of two a week.", { open: true });
    await kim.press("tip_publish");
    await kim.seesWords("problem_tips_too_many");
    await kim.press("tip_refused_edit");
    const english = () => kim.page.getByRole("textbox", { name: kim.like("tip_text_en") }).inputValue();
    await eventually(async () => (await english()) === "Three of two a week.", "the English words are not in the form again");
    expect(await kim.page.getByRole("checkbox", { name: "Luleå", exact: true }).isChecked(), "the municipality is not chosen again");
    await kim.doesNotSee(kim.say("tip_urgent"));
    await its.close();
  });

  await shows("what a youth chose of tips is kept, and is sent again when the phone makes itself known anew", async () => {
    const ring = wakes(service.address);
    const { its, noa } = await comesIn({ before: ring.script });
    const told = [];
    noa.page.on("request", (request) => request.method() === "PUT" && request.url().endsWith("/push/subscription") && told.push(JSON.parse(request.postData())));
    await noa.opens("/notices");
    await noa.page.getByRole("checkbox", { name: noa.say("topic_scams") }).check();
    await noa.page.getByRole("combobox", { name: noa.like("notices_age") }).selectOption("13-15");
    await noa.fills("notices_hours_from", "21:30");
    await noa.press("notices_on");
    await noa.seesWords("notices_state_on");
    const chosen = ({ quiet_hours, tips_at_night, age_band, topics, hours }) => JSON.stringify([quiet_hours, tips_at_night, age_band, topics, hours]);
    const wanted = JSON.stringify([{ from: "21:30", until: "07:00" }, false, "13-15", ["scams"], undefined]);
    expect(chosen(told[0]) === wanted, `the server was told ${JSON.stringify(told[0])}`);
    // The page's own push service forgets with the page, so the next start subscribes anew.
    await noa.opens("/notices");
    await eventually(() => told.length > 1, "the phone did not make itself known anew");
    expect(chosen(told[1]) === wanted, `the server was told ${JSON.stringify(told[1])} the second time`);
    await noa.press("notices_at_night");
    await noa.press("notices_save");
    await noa.seesWords("notices_saved");
    const { tips_at_night, quiet_hours } = told.at(-1);
    expect(tips_at_night === true && quiet_hours === undefined, `the server was told ${JSON.stringify(told.at(-1))} of the nights`);
    await noa.opens("/notices");
    await eventually(() => noa.page.getByRole("checkbox", { name: noa.say("notices_at_night") }).isChecked(), "the nights are not as they were chosen");
    await its.close();
  });
});
