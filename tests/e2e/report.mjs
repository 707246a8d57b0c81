// What becomes of a report: officers read, ask, pass on, register and close, a youth follows it and says who she is, and reports of one thing
// are found and joined; and what becomes of a draft when other questions are asked.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterwards, eventually, expect, shows, suite } from "./lib/cases.mjs";
import { call, onDuty } from "./lib/patrol.mjs";
import { hasKey, phone } from "./lib/people.mjs";
import { root } from "./lib/root.mjs";
import { startServer } from "./lib/server.mjs";
import { hires } from "./lib/staff.mjs";
import { remember } from "./lib/traces.mjs";

await suite("report", async () => {
  const server = await startServer({ name: "report" });
  const desk = await onDuty(server, "07");
  const kims = await phone(server);
  const kim = await kims.officer();
  await kim.isOnDuty("07");

  const arrived = async (what) => (await eventually(async () => {
    const found = await desk.reportsSaying(what);
    return found.length && found;
  }, `no report says "${what}"`))[0];
  /** A youth with a report that has arrived, before her on the screen. */
  const tells = async (what, more = async () => {}) => {
    const noas = await phone(server);
    const noa = await noas.youth();
    await noa.opens("/tell");
    await noa.beginsToTell("threat");
    await noa.fills("tell_what_label", what);
    await more(noa);
    await noa.goesOnTo();
    await noa.press("tell_send");
    await noa.seesWords("report_received");
    return { noa, noas, report: await arrived(what) };
  };
  const names = (link) => async (noa) => {
    await noa.goesOnTo("accounts");
    await noa.writesIn(link);
  };
  const opens = (report) => kim.opens(`/desk/report/${report.report_id}`);
  const isAt = (path) => eventually(() => kim.page.url().includes(path), `the officer is at ${kim.page.url()}`);
  /** Opens the form behind this press. */
  const unfolds = (key) => kim.page.locator("summary").filter({ hasText: kim.say(key) }).click();
  const sends = (key) => kim.page.locator("form").getByRole("button", { name: kim.say(key), exact: true }).click();

  await shows("a report is read, asked about, passed on, registered and closed, and its youth reads each of it", async () => {
    const { noa, report } = await tells("De skriver att de vet var jag bor");
    const path = `/report/${report.report_id}`;
    await opens(report);
    await kim.sees(report.number);
    await kim.press("desk_report_read");
    await kim.seesWords("desk_report_mine");
    await noa.seesWords("report_being_read", { number: "07" });

    await kim.press("desk_report_ask");
    await isAt("/desk/talk/");
    await noa.seesWords("report_asking");
    await noa.doesNotSee(noa.say("report_asked_go"));
    const question = "Vet du vem som skriver till dig?";
    await kim.writes(question);
    await noa.seesWords("report_asked");
    await noa.press("report_asked_go");
    await noa.sees(question);
    await noa.writes("Nej, kontot är nytt");
    await kim.sees("Nej, kontot är nytt");

    await noa.opens(path);
    await noa.seesWords("report_answered");
    await opens(report);
    await kim.seesWords("desk_report_answered");
    await kim.seesWords("desk_report_talk");
    expect((await kim.page.getByRole("button", { name: kim.say("desk_report_ask"), exact: true }).count()) === 0, "a second talk can be begun while the first goes on");
    await kim.press("desk_report_read_on");
    await kim.seesWords("desk_report_mine");

    await unfolds("desk_report_pass");
    await kim.fills("desk_report_pass_to", "spaningsgruppen");
    await kim.keepsHalfWritten();
    await kim.page.reload();
    await eventually(async () => (await kim.page.getByLabel(kim.say("desk_report_pass_to")).inputValue()) === "spaningsgruppen", "what was half written is gone after the page was loaded anew");
    await sends("desk_report_pass");
    await kim.seesWords("desk_report_passed", { to: "spaningsgruppen" });
    await noa.opens(path);
    await noa.seesWords("report_passed", { to: "spaningsgruppen" });
    await noa.seesWords("tell_not_police_report");

    await unfolds("desk_report_register");
    await kim.fills("desk_report_register_number", "5000-K123-26");
    await sends("desk_report_register");
    await kim.seesWords("desk_report_registered", { number: "5000-K123-26" });
    await noa.seesWords("report_registered", { number: "5000-K123-26" });
    await noa.doesNotSee(noa.say("tell_not_police_report"));
    await noa.doesNotSee(noa.say("report_who_said"));
    await noa.doesNotSee(noa.say("report_tip"));

    await unfolds("desk_report_close");
    const why = "En utredare hör av sig till dig inom en vecka.";
    const submit = kim.page.locator("form").getByRole("button", { name: kim.say("desk_report_close"), exact: true });
    await kim.fills("desk_report_why", why);
    expect(await submit.isDisabled(), "a report can be closed without an outcome");
    await kim.page.getByRole("combobox", { name: kim.say("outcome_ask") }).selectOption("report-made");
    await submit.click();
    await kim.seesWords("desk_report_closed", { outcome: kim.say("outcome_report_made") });
    await kim.doesNotSee(kim.say("desk_report_do"));
    await noa.seesWords("report_closed");
    await noa.sees(why);
    await noa.seesWords("report_registered", { number: "5000-K123-26" });
    const now = await arrived(report.what);
    expect(now.state === "closed" && now.outcome === "report-made" && now.closing_words === why, `the server has it ${now.state}, ${now.outcome}`);
  });

  await shows("what changes under an officer's hands is told calmly, and is done at the next press", async () => {
    const { noa, noas, report } = await tells("Han skriver att han väntar utanför");
    await opens(report);
    await kim.press("desk_report_read");
    await eventually(async () => (await arrived(report.what)).state === "being-read", "the report is not read");
    await kims.goesOffline();
    await unfolds("desk_report_pass");
    await kim.fills("desk_report_pass_to", "utredarna");
    await sends("desk_report_pass");
    await kim.seesWords("desk_report_passed", { to: "utredarna" });
    await noa.opens(`/report/${report.report_id}`);
    await noa.press("report_who");
    await noa.fills("report_who_name", "Noa Nilsson");
    await noa.press("report_who_send");
    await eventually(async () => !(await arrived(report.what)).as_tip, "the server does not know who she is");
    await kims.comesBack();
    await kim.seesWords("desk_report_changed");
    await kim.sees("Noa Nilsson");
    await kim.press("desk_report_again");
    await kim.seesWords("desk_report_passed", { to: "utredarna" });
    await eventually(async () => (await arrived(report.what)).passed_to === "utredarna", "it is not passed on");
    await noas.close();
  });

  await shows("a youth says who she is when she wants to, also without a network, and then it is no tip", async () => {
    const { noa, noas, report } = await tells("Någon sprider rykten om mig");
    await noa.hasWorker();
    await noa.seesWords("report_tip");
    await opens(report);
    await kim.seesWords("desk_report_tip");
    await noas.goesOffline();
    await noa.press("report_who");
    await noa.fills("report_who_name", "Alva Ek");
    await noa.fills("report_who_reach", "070-000 00 00 efter skolan");
    await noa.press("report_who_send");
    await noa.seesWords("report_who_said");
    await noa.doesNotSee(noa.say("report_tip_text"));
    await noas.comesBack();
    await kim.sees("Alva Ek");
    await kim.sees("070-000 00 00 efter skolan");
    await kim.doesNotSee(kim.say("desk_report_tip"));
    await noa.press("report_who_again");
    await noa.fills("report_who_name", "Alva Ekström");
    await noa.press("report_who_send");
    await kim.sees("Alva Ekström");
    const now = await arrived(report.what);
    expect(!now.as_tip && now.introduction.name === "Alva Ekström" && now.introduction.reach === "070-000 00 00 efter skolan", "the server has it otherwise");
  });

  await shows("a talk becomes a report with the messages that its youth chose", async () => {
    const noa = await (await phone(server)).youth();
    await noa.opens();
    const texts = ["Hej, får jag fråga en sak?", "Han säger att han ska sprida min bild"];
    await noa.writes(texts[0]);
    await noa.seesWords("state_arrived");
    await noa.writes(texts[1]);
    const talk = await desk.talkSaying(texts[1]);
    await desk.takes(talk);
    const answer = "Vill du göra en rapport av det?";
    await desk.answers(talk, answer);
    await noa.sees(answer);
    await noa.press("talk_report");
    const box = (text) => noa.page.locator("label").filter({ hasText: text }).getByRole("checkbox");
    for (const text of [...texts, answer]) await eventually(() => box(text).isChecked(), `"${text}" is not chosen from the start`);
    await noa.seesWords("tell_act_read");
    const later = "Jag är kvar här en stund till";
    await desk.answers(talk, later);
    await box(later).waitFor();
    expect(!(await box(later).isChecked()), "what comes later goes along unasked");
    await box(texts[0]).uncheck();
    await noa.press("talk_report_go");
    await noa.isAskedOfKind("sexual-image");
    const what = "Min före detta hotar att sprida en bild på mig";
    await noa.fills("tell_what_label", what);
    await noa.seesWords("tell_saved");
    await noa.page.reload();
    await noa.goesOnTo();
    await noa.seesWords("talk_report_count", { count: "2" });
    await noa.press("tell_change_what", { part: noa.say("report_excerpt") });
    await box(answer).uncheck();
    await noa.press("talk_report_go");
    await noa.seesWords("talk_report_count", { count: "1" });
    await noa.press("tell_send");
    await noa.seesWords("report_received");
    await noa.sees(texts[1]);
    const report = await arrived(what);
    expect(report.conversation_id === talk.conversation_id && report.excerpt.map((message) => message.text).join() === texts[1], "the report has other messages");
    await opens(report);
    await kim.seesWords("report_excerpt");
    await kim.sees(texts[1]);
    await kim.doesNotSee(answer);
    await kim.press("desk_report_talk");
    await kim.sees(answer);
    await kim.seesWords("desk_report_title", { number: report.number });
  });

  await shows("reports that name the same account are found with a reason, and joined into one incident", async () => {
    const link = remember("elak.namn99");
    const one = await tells("Han hotar mig från ett nytt konto", names(`Snapchat: ${link}`));
    const other = await tells("Samma person skriver till min kompis", names(`https://www.instagram.com/${link}/`));
    await kim.opens("/desk/reports");
    await kim.press("desk_find");
    const look = kim.page.getByRole("button", { name: kim.say("search_look"), exact: true });
    expect(await look.isDisabled(), "reports can be searched without a reason");
    await kim.page.getByRole("combobox", { name: kim.like("desk_find_reason") }).selectOption("same-person");
    await kim.press("desk_find_clue");
    await kim.page.getByRole("textbox").fill(remember("ingen.med.det.namnet"));
    await look.click();
    await kim.seesWords("desk_find_none");
    await kim.page.getByRole("textbox").fill(`@${link}`);
    await look.click();
    await kim.seesWords("incident_reports", { count: "2" });
    await kim.pressCardSaying(one.report.what);
    await kim.sees("Snapchat · elak.namn99");
    expect((await kim.page.locator("main dd a").count()) === 0, "what a report names can be pressed");

    // Of today's, and of one sort; there are none of tomorrow.
    const day = (later) => new Date(Date.now() + later * 86_400_000).toLocaleDateString("sv");
    await kim.opens("/desk/reports/search");
    await kim.press("desk_find_time");
    await kim.page.getByLabel(kim.like("desk_find_from")).fill(day(1));
    await look.click();
    await kim.seesWords("desk_find_none");
    await kim.page.getByLabel(kim.like("desk_find_from")).fill(day(0));
    await kim.page.getByLabel(kim.like("desk_find_until")).fill(day(0));
    await kim.page.getByRole("combobox", { name: kim.like("report_kind") }).selectOption("threat");
    await look.click();
    await kim.pressCardSaying(one.report.what);
    await kim.sees("Snapchat · elak.namn99");

    await kim.press("desk_report_part");
    const box = (what) => kim.page.locator("label").filter({ hasText: what }).getByRole("checkbox");
    expect(await box(one.report.what).isChecked(), "the report that was open is not chosen");
    await box(other.report.what).check();
    await kim.fills("incident_name", "Kontot som byter namn");
    await kim.press("incident_join_count", { count: "2" });
    await kim.seesWords("incident_reports", { count: "2" });
    const number = await eventually(async () => (await arrived(one.report.what)).incident_number, "the incident has no number");
    await kim.seesWords("incident_number", { number });
    await kim.page.locator(".joined").filter({ hasText: other.report.what }).getByRole("button", { name: kim.say("incident_leave") }).click();
    await kim.seesWords("incident_reports", { count: "1" });
    await eventually(async () => !(await arrived(other.report.what)).incident_id, "the report is still in the incident");

    await kims.goesOffline();
    await kim.opens("/desk/reports/search").catch(() => {});
    await kim.seesWords("desk_find_offline");
    await kims.comesBack();
    await one.noa.doesNotSee(number);
  });

  await shows("an officer takes a report with her as a bundle, with a reason, and its sums tell that it is whole", async () => {
    const { report } = await tells("Han hotar att komma hem till oss");
    await opens(report);
    await kim.press("bundle_open");
    await kim.press("bundle_investigation");
    const coming = kim.page.waitForEvent("download");
    await kim.press("bundle_save");
    const bundle = await coming;
    await kim.seesWords("bundle_saved");
    expect(bundle.suggestedFilename() === `${report.number}.zip`, `it is called ${bundle.suggestedFilename()}`);
    const folder = mkdtempSync(join(tmpdir(), "natpatrull-bundle-"));
    afterwards(() => rmSync(folder, { recursive: true, force: true }));
    await bundle.saveAs(join(folder, "bundle.zip"));
    execFileSync("python3", ["-m", "zipfile", "-e", "bundle.zip", "."], { cwd: folder });
    execFileSync("sha256sum", ["-c", "--strict", "--quiet", "SHA256SUMS"], { cwd: folder });
    const paper = execFileSync("pdftotext", [`${report.number}.pdf`, "-"], { cwd: folder, encoding: "utf8" });
    expect(paper.includes("Han hotar att komma hem till oss"), `the paper says:\n${paper}`);
  });

  await shows("officers narrow the list to one sort of reports, and find it so when they come back", async () => {
    const open = await tells("Någon ropar efter mig varje dag");
    const closed = await tells("Någon tog min keps");
    await desk.closesReport(closed.report.report_id, "Den låg kvar på skolan.");
    await kim.opens("/desk/reports");
    await kim.sees(open.report.what);
    const state = kim.page.getByRole("combobox", { name: kim.say("desk_filter_state"), exact: true });
    await state.selectOption("closed");
    await kim.doesNotSee(open.report.what);
    await kim.pressCardSaying(closed.report.what);
    await kim.sees("Den låg kvar på skolan.");
    await kim.page.goBack();
    await kim.sees(closed.report.what);
    await kim.doesNotSee(open.report.what);
    await kim.page.getByRole("combobox", { name: kim.say("report_kind"), exact: true }).selectOption("drugs");
    await kim.seesWords("desk_filter_none");
    await kim.press("desk_filter_all");
    for (const { report } of [open, closed]) await kim.sees(report.what);
  });

  await shows("a draft keeps the questions that it was begun with when others are asked from now on", async () => {
    // A demo takes no questions from outside.
    const station = await startServer({ demo: false, name: "questions" });
    const { token } = await hires(station, "12");
    const toldOf = (what) => eventually(async () => (await call(station.officers, "/api/v1/reports", { token })).items.find((report) => report.what === what), `no report says "${what}"`);
    const its = await phone(station);
    const alex = await its.officer();
    await hasKey(its, alex);
    await alex.opens(new URL((await station.also("admin", "invite", "--number", "07", "--role", "officer")).match(/https?:\/\/\S+/)[0]).pathname);
    await alex.press("invite_accept");
    await alex.sees(alex.like("desk_title"));

    const noa = await (await phone(station)).youth();
    await noa.opens("/tell");
    await noa.beginsToTell("threat");
    const what = "De hotar att slå sönder min moped";
    await noa.fills("tell_what_label", what);
    await noa.goesOnTo("threat-about");
    await noa.chooses("threat-about", "things");
    await noa.seesWords("tell_saved");

    const next = JSON.parse(readFileSync(resolve(root, "api/questionnaires/1.json"), "utf8"));
    Object.assign(next, { version: 2, valid_from: "2026-01-01T00:00:00Z" });
    const about = next.questions.find((question) => question.id === "threat-about");
    about.ask.sv = "Vad säger de att de ska göra?";
    about.options = [{ id: "all", label: { sv: "Allt möjligt", en: "All sorts of things" } }, { id: "nothing", label: { sv: "Inget särskilt", en: "Nothing much" } }];
    const hint = "Någon vill skrämma dig.";
    next.kinds.find(({ kind }) => kind === "threat").hint.sv = hint;
    const file = join(station.data, "questions.json");
    writeFileSync(file, JSON.stringify(next));
    await station.also("admin", "questionnaire", file);

    // A browser may hold on to the old ones for a while, and then looks anew.
    await (await noa.page.context().newCDPSession(noa.page)).send("Network.clearBrowserCache");
    const asked = noa.page.waitForResponse((answer) => answer.url().endsWith("/questionnaires/current"));
    await noa.opens("/tell");
    expect((await (await asked).json()).version === 2, "the phone is not told of the new questions");
    await noa.goesOnTo("threat-about");
    await eventually(() => noa.page.getByLabel(noa.option("threat-about", "things"), { exact: true }).isChecked(), "what was chosen is gone");
    await noa.doesNotSee("Allt möjligt");
    await noa.goesOnTo();
    await noa.press("tell_send");
    await noa.seesWords("report_received");
    const report = await toldOf(what);
    const [answer, ...others] = report.answers;
    expect(report.questionnaire_version === 1 && others.length === 0 && answer.question_id === "threat-about" && answer.options.join() === "things", `version ${report.questionnaire_version} arrived, with ${JSON.stringify(report.answers)}`);

    // Whoever begins now is asked the new questions; officers see each report by its own.
    const mia = await (await phone(station)).youth();
    await mia.opens("/tell");
    await mia.pressCard("tell_how_write");
    await mia.sees(hint);
    await mia.isAskedOfKind("threat");
    const hers = "De hotar hela klassen";
    await mia.fills("tell_what_label", hers);
    await mia.goesOn();
    await mia.page.getByLabel("Allt möjligt", { exact: true }).check();
    await mia.goesOnTo();
    await mia.press("tell_send");
    await mia.seesWords("report_received");
    await alex.opens(`/desk/report/${report.report_id}`);
    for (const text of [noa.asks("threat-about"), noa.option("threat-about", "things")]) await alex.sees(text);
    await alex.opens(`/desk/report/${(await toldOf(hers)).report_id}`);
    for (const text of [about.ask.sv, "Allt möjligt"]) await alex.sees(text);
  });
});
