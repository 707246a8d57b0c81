// The work on a talk among officers: one writes, colleagues look in without a mark, it goes from one to another, notes, how it ended, and
// what becomes of it when a shift ends.
import { eventually, expect, shows, suite } from "./lib/cases.mjs";
import { onDuty } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { startServer } from "./lib/server.mjs";
import { stored } from "./lib/trouble.mjs";
import { remember } from "./lib/traces.mjs";

await suite("work", async () => {
  const server = await startServer({ name: "work" });
  const [seven, twelve, lead] = [await onDuty(server, "07"), await onDuty(server, "12"), await onDuty(server, "03")];
  for (const officer of [seven, twelve]) await officer.startsShift();

  /** A youth who has written, and as many officers at their phones as there are numbers. */
  const meet = async (text, ...numbers) => {
    const noa = await (await phone(server)).youth();
    await noa.opens();
    await noa.writes(text);
    const talk = await seven.talkSaying(text);
    const officers = [];
    for (const number of numbers) {
      const officer = await (await phone(server)).officer();
      await officer.isOnDuty(number);
      await officer.opens(`/desk/talk/${talk.conversation_id}`);
      await officer.sees(text);
      officers.push(officer);
    }
    return { noa, talk, officers };
  };
  const now = (officer, talk) => officer.conversations().then((all) => all.find(({ conversation_id }) => conversation_id === talk.conversation_id));
  const isWith = (talk, number) => eventually(async () => (await now(lead, talk)).holder === number, `the talk is not with ${number}`);
  const opensFold = (officer, key, values) => officer.page.locator("summary").filter({ hasText: officer.like(key, values) }).click();
  const field = (officer, key, values) => officer.page.getByLabel(officer.say(key, values));

  await shows("one officer writes; a colleague sees who, looks in without a mark, gets the talk with a word, and it is taken back with a reason", async () => {
    const text = "De står utanför och skriker";
    const { noa, talk, officers } = await meet(text, "07", "12");
    const [kim, alex] = officers;
    await kim.press("desk_take");
    await kim.composer().waitFor();
    await alex.seesWords("desk_held_other", { number: "07" });
    await alex.seesWords("look_in_hint");
    expect((await alex.composer().count()) === 0, "a second officer can write");

    // Kim is elsewhere; what comes is on Alex's screen and unread all the same.
    await eventually(async () => !(await now(seven, talk)).unread, "Kim's reading left no mark");
    await kim.opens("/desk");
    const more = "En av dem sparkar på dörren";
    await noa.writes(more);
    await alex.sees(more);
    await eventually(async () => (await lead.looks(talk)).some(({ public_number, detail }) => public_number === "12" && detail === "look-in"), "looking in is not in the log");
    await noa.seesWords("state_arrived");
    const seen = await now(seven, talk);
    expect(seen.unread && seen.read_by === "07", `looking in left a mark: ${JSON.stringify([seen.unread, seen.read_by])}`);

    await kim.opens(`/desk/talk/${talk.conversation_id}`);
    await kim.sees(more);
    await opensFold(kim, "pass_open");
    const word = "Hon är ensam hemma till sju";
    await field(kim, "pass_note").fill(remember(word));
    await kim.press("pass_to", { number: "12" });
    await isWith(talk, "12");
    await alex.composer().waitFor();
    await kim.seesWords("desk_held_other", { number: "12" });
    await opensFold(alex, "notes_title", { count: "1" });
    await alex.seesWords("notes_passed", { by: "07", colleague: "12" });
    await alex.sees(word);
    await alex.writes("Jag är 12, jag läser nu.");
    await noa.sees("Jag är 12, jag läser nu.");

    await kim.press("take_over");
    const why = "12 kör bil";
    await field(kim, "take_over_why", { number: "12" }).fill(remember(why));
    await kim.keepsHalfWritten();
    await kim.page.reload();
    await kim.press("take_over");
    await eventually(async () => (await field(kim, "take_over_why", { number: "12" }).inputValue()) === why, "the reason did not outlive the reload");
    await kim.press("take_over");
    await isWith(talk, "07");
    await kim.composer().waitFor();
    await alex.seesWords("desk_held_other", { number: "07" });
    await alex.sees(why);
    const hers = (await stored(noa)) + (await noa.page.content());
    for (const words of [word, why]) expect(!hers.includes(words), `the youth's phone holds "${words}"`);
  });

  await shows("who takes over before it is known who is at work is asked why, and nothing is taken without it", async () => {
    const { talk, officers } = await meet("Vem läser det här?", "12");
    const [alex] = officers;
    await seven.takes(talk);
    await alex.seesWords("desk_held_other", { number: "07" });
    let tell;
    const known = new Promise((go) => (tell = go));
    await alex.page.route("**/api/v1/quarters/shifts", async (route) => (await known, route.continue()));
    await alex.page.reload();
    await alex.press("take_over");
    const why = "07 äter";
    await field(alex, "take_over_why", { number: "07" }).fill(remember(why));
    tell();
    await alex.press("take_over");
    await isWith(talk, "12");
    await alex.composer().waitFor();
    await opensFold(alex, "notes_title", { count: "1" });
    await alex.sees(why);
  });

  await shows("a note is for officers, and marks the talk for whom it mentions until she has read it", async () => {
    const { noa, officers } = await meet("Någon har mina bilder", "07", "12");
    const [kim, alex] = officers;
    await alex.opens("/desk");
    await opensFold(kim, "notes_title", { count: "0" });
    const note = "Samma konto som i tisdags";
    await field(kim, "notes_label").fill(remember(note));
    await kim.page.getByRole("checkbox", { name: kim.say("officer", { number: "12" }) }).check();
    await kim.press("notes_save");
    await kim.sees(note);
    await kim.seesWords("notes_to", { numbers: "12" });
    await eventually(async () => (await field(kim, "notes_label").inputValue()) === "", "the saved note still stands in the field");
    await alex.seesWords("notes_mentioned");
    await alex.pressCardSaying("Någon har mina bilder");
    await opensFold(alex, "notes_title", { count: "1" });
    await alex.sees(note);
    await alex.doesNotSee(alex.say("notes_mentioned"));
    await alex.opens("/desk");
    await alex.sees("Någon har mina bilder");
    await alex.doesNotSee(alex.say("notes_mentioned"));
    await noa.sees("Någon har mina bilder");
    expect(!((await stored(noa)) + (await noa.page.content())).includes(note), "the youth's phone holds the note");
  });

  await shows("a talk is closed at two presses, with how it ended", async () => {
    const { noa, talk, officers } = await meet("Hur gör jag med ett falskt konto", "07");
    const [kim] = officers;
    await kim.press("desk_take");
    await kim.composer().waitFor();
    await eventually(async () => !(await now(seven, talk)).unread, "what was on the screen is not read");
    kim.presses = 0;
    await kim.press("desk_close");
    await kim.press("outcome_platform_notified");
    expect(kim.presses === 2, `it took ${kim.presses} presses`);
    await noa.seesWords("talk_closed_text");
    await eventually(async () => (await now(lead, talk)).outcome === "platform-notified", "how it ended is not known");
    await kim.seesWords("outcome_platform_notified");
    await noa.doesNotSee(noa.say("outcome_platform_notified"));
  });

  await shows("a shift ends when it was said of each open talk: one goes to a colleague, one waits again and says so", async () => {
    for (const talk of await seven.conversations()) if (talk.held_by_me && talk.state === "taken") await seven.givesBack(talk);
    const first = await meet("Han väntar vid min skola", "07");
    const second = await meet("Jag vågar inte gå hem");
    for (const { talk } of [first, second]) await seven.takes(talk);
    const [kim] = first.officers;
    await kim.opens("/desk/shift");
    await kim.seesWords("shift_end_first", { count: "2" });
    const card = (text) => kim.page.locator("fieldset").filter({ hasText: text });
    const choose = (text, key) => card(text).getByRole("radio", { name: kim.say(key) }).check();
    await choose("Han väntar vid min skola", "shift_end_pass");
    await eventually(async () => (await card("Han väntar vid min skola").getByRole("combobox").inputValue()) === "12", "the one colleague who is out is not chosen");
    await kim.seesWords("shift_end_first", { count: "1" });
    await choose("Jag vågar inte gå hem", "shift_end_leave");
    await kim.press("shift_end");
    await kim.press("shift_end_yes");
    await kim.seesWords("shift_start_text");
    await isWith(first.talk, "12");
    await second.noa.seesWords("wait_returned");
    await eventually(async () => (await now(lead, second.talk)).state === "waiting", "the talk does not wait");
    expect((await lead.shifts()).every(({ public_number }) => public_number !== "07"), "the shift goes on");
  });

  await shows("whoever is muted is told why and until when, loses no word, and danger comes through all the same", async () => {
    const text = "Ni gör ändå ingenting";
    const { noa, talk, officers } = await meet(text, "07");
    const [kim] = officers;
    await kim.press("desk_take");
    await kim.composer().waitFor();
    await kim.page.locator("details.mute summary").click();
    const choose = (key, values) => kim.page.getByRole("radio", { name: kim.say(key, values), exact: true }).check();
    await choose("mute_for_hours", { count: "1" });
    await choose("mute_threats");
    const note = "Samma person som i lördags";
    await kim.fills("mute_note", note);
    await kim.press("mute_do");
    await kim.seesWords("mute_running", { reason: kim.say("mute_threats") });

    await noa.seesWords("quiet_until");
    await noa.seesWords("quiet_reason", { reason: noa.say("mute_threats") });
    await noa.seesWords("quiet_means_not");
    const threat = "Jag vet vilken bil du kör";
    await noa.writes(threat);
    await noa.seesWords("problem_muted");
    await noa.sees(threat);
    // A new talk does not begin either, but for danger, and that can be said of words that came back too.
    await noa.opens("/");
    await noa.seesWords("quiet_until");
    const call = "Kan ni komma till torget";
    await noa.writes(call);
    await noa.press("quiet_resend");
    expect((await seven.talkSaying(call)).priority === "p1", "a cry from a muted account does not stand first");
    await noa.opens(`/talk/${talk.conversation_id}`);
    await noa.sees(threat);

    const cry = "De sparkar på honom nu";
    await noa.page.getByRole("checkbox", { name: noa.say("quiet_in_danger"), exact: true }).check();
    await noa.writes(cry);
    await kim.sees(cry);
    await kim.seesWords("mute_in_danger");
    expect((await kim.page.getByText(threat).count()) === 0, "what was refused stands with the police");
    await noa.doesNotSee(noa.like("quiet_until"));
    expect(!(await stored(noa)).includes(note), "the youth's phone holds the note");

    const boss = await (await phone(server)).officer();
    await boss.isOnDuty("03");
    await boss.opens("/desk/lead");
    await boss.seesWords("mute_running", { reason: boss.say("mute_threats") });
    await kim.press("mute_end");
    await kim.doesNotSee(kim.like("mute_running"));
    await boss.doesNotSee(boss.like("mute_running"));
    await noa.press("attention_edit");
    await noa.press("attention_resend");
    await kim.sees(threat);
  });

  await shows("officers see who else looks and that the youth writes; she sees only who writes to her; no screen reader is told, and it goes by itself", async () => {
    const { noa, talk, officers } = await meet("Kan man prata med er?", "07", "12");
    const [kim, alex] = officers;
    await kim.press("desk_take");
    await kim.composer().waitFor();
    await kim.seesWords("sign_looks", { numbers: "12" });
    await alex.seesWords("sign_looks", { numbers: "07" });
    // It is seen for seconds, so they write on until it is.
    const seesWriting = (writer, readers, key, values) =>
      eventually(async () => {
        await writer.composer().pressSequentially("a");
        const seen = await Promise.all(readers.map(({ page, say }) => page.getByText(say(key, values)).count()));
        return seen.every((count) => count > 0);
      }, `${key} is not seen`, 60_000);
    await seesWriting(noa, [kim, alex], "sign_youth_writes");
    await seesWriting(kim, [noa, alex], "sign_writes", { number: "07" });
    expect((await noa.page.getByText(noa.like("sign_looks")).count()) === 0, "the youth sees who looks");
    for (const who of [noa, kim, alex]) {
      const aloud = await who.page.locator("[role=log], [role=status], [role=alert], [aria-live]").allInnerTexts();
      for (const key of ["sign_looks", "sign_writes", "sign_youth_writes"]) expect(!aloud.some((words) => who.like(key).test(words)), `${key} is read aloud`);
    }
    // Who has written writes no more, and who only stopped is forgotten.
    await kim.writes("Hej, det kan man.");
    await noa.sees("Hej, det kan man.");
    await noa.doesNotSee(noa.say("sign_writes", { number: "07" }));
    await kim.doesNotSee(kim.say("sign_youth_writes"));
    // Who has gone is seen no more, and says nothing from where nothing is looked at.
    let said = 0;
    alex.page.on("request", (request) => (said += request.url().includes("/presence/") ? 1 : 0));
    await alex.opens("/desk");
    await alex.sees(alex.say("desk_title"));
    const before = said;
    await eventually(async () => (await kim.page.getByText(kim.like("sign_looks")).count()) === 0, "Kim still sees who has gone", 60_000);
    expect(said === before, "an app that shows no talk says that somebody looks");
    expect((await seven.messages(talk.conversation_id)).length === 2, "a sign became a message");
  });
});
