// A lead's Friday night on one screen, what she does with those who serve, and an officer's phone that is locked, ended or new.
import { eventually, expect, shows, suite } from "./lib/cases.mjs";
import { call, onDuty, registers, uuid7 } from "./lib/patrol.mjs";
import { hasKey, phone } from "./lib/people.mjs";
import { startServer } from "./lib/server.mjs";
import { comesBackLater, opensTheClock, stored, turnsTheClock } from "./lib/trouble.mjs";
import { remember } from "./lib/traces.mjs";
import { delivers, pressesNotice, takesPushes, wakes } from "./lib/woken.mjs";

const MINUTE = 60_000;
const inMinutes = (count) => new Date(Date.now() + count * MINUTE).toISOString();

await suite("lead", async () => {
  const server = await startServer({ name: "lead" });
  const service = await takesPushes();
  const [kims, alexs, robins] = [await onDuty(server, "07"), await onDuty(server, "12"), await onDuty(server, "03")];

  /** A youth at the API who writes; gives the talk as the desk has it. */
  const writes = async (text, danger) => {
    const noa = await registers(server);
    const body = { message_id: uuid7(), conversation_id: uuid7(), text: remember(text), ...(danger ? { triage: { danger } } : {}) };
    const action = { action_id: uuid7(), lane: `conversation:${body.conversation_id}`, kind: "message-send", v: danger ? 2 : 1, after: [], recorded_at: new Date().toISOString(), attempt: 1, body };
    await call(server.youths, "/api/v1/sync/push", { method: "POST", token: noa.token, body: { device_id: noa.device_id, account_id: noa.account_id, envelope: 1, app_version: "test", actions: [action] } });
    return robins.talkSaying(text);
  };
  /** At the desk of the demo, with a phone that rings here. */
  const comesOut = async (number, how = {}) => {
    const wake = wakes(service.address);
    const its = await phone(server, { ...how, before: [wake.script, ...(how.before ?? [])] });
    const one = await its.officer();
    await one.isOnDuty(number);
    await one.opens("/desk/shift");
    // A shift that goes on comes to this phone.
    await one.control("shift_start").or(one.control("shift_alarm_again")).click();
    const came = (tag) => eventually(() => service.pushes.filter(({ path }) => wake.endpoint.endsWith(path)).map(({ body }) => wake.opens(body)).find((push) => push.tag.startsWith(tag)), `no ${tag} came to the phone`, 30_000);
    const { hash } = new URL((await came("test-alarm:")).notification.navigate);
    await one.opens("/desk");
    await one.opens(`/desk/shift${hash}`);
    await one.seesWords("shift_alarm_answered");
    return { one, came };
  };
  const leads = async () => {
    const lead = await (await phone(server, { width: 360 })).officer();
    await lead.isOnDuty("03");
    await lead.pressCard("lead_title");
    await lead.page.getByRole("heading", { name: lead.say("lead_title"), exact: true }).waitFor();
    return lead;
  };
  const row = (lead, id) => lead.page.locator(`a[href="/desk/talk/${id}"]`).first();
  const rowSays = (lead, id, ...words) =>
    eventually(async () => {
      const said = await row(lead, id).innerText({ timeout: 1000 });
      return words.every((word) => said.includes(word));
    }, `the row does not say ${words}`);
  const person = (lead, number) => lead.page.locator("details.person").filter({ hasText: lead.say("officer", { number }) }).first();
  const opens = async (lead, number) => {
    await person(lead, number).waitFor();
    await person(lead, number).locator("summary").click();
  };
  await shows("one screen shows what is open with age and holder, who is there and when it opens next, as it happens", async () => {
    const { one: kim } = await comesOut("07");
    const lead = await leads();
    await lead.sees(lead.say("desk_live"));
    const [danger, unsure] = [await writes("De slår på dörren", "yes"), await writes("Kanske slåss de snart", "unsure")];
    const asks = await writes("Hur blir man polis", "only-asking");
    // Without loading it anew, each in its place: danger first.
    await rowSays(lead, danger.conversation_id, "P1", lead.say("lead_nobody"), lead.say("lead_unread"));
    await rowSays(lead, unsure.conversation_id, "P2", lead.say("lead_nobody"));
    expect((await row(lead, asks.conversation_id).count()) === 0, "what can wait stands among what is urgent");
    await kims.takes(danger);
    await kims.reads(danger);
    await rowSays(lead, danger.conversation_id, "P1", lead.say("officer", { number: "07" }));
    await kims.makesCard(danger, "Bråk vid dörren");
    await lead.seesWords("card_red_title");
    await lead.sees(lead.say("lead_wakes"));
    const places = await lead.page.locator(`a[href^="/desk/talk/"]`).evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    expect(places.indexOf(`/desk/talk/${danger.conversation_id}`) < places.indexOf(`/desk/talk/${unsure.conversation_id}`), "danger does not stand first");
    // Three talks of one party are joined, and each row says so.
    const [party, title] = [uuid7(), "Festen vid skolan"];
    for (const talk of [danger, unsure, asks]) await kims.joins(talk, party, title);
    await lead.sees(lead.say("incident_talks", { count: "3" }));
    await rowSays(lead, danger.conversation_id, title);
    await rowSays(lead, unsure.conversation_id, title);
    const wide = await lead.page.evaluate(() => document.querySelector(".scroll").scrollWidth - innerWidth);
    expect(wide <= 0, `it is ${wide} px wider than a phone`);
    await alexs.takes(unsure);
    await rowSays(lead, unsure.conversation_id, lead.say("officer", { number: "12" }));
    await kim.page.close();
  });

  await shows("she closes now and keeps open, and youths are told at once", async () => {
    const lead = await leads();
    const noa = await (await phone(server)).youth();
    await noa.opens();
    await lead.press("hours_close");
    await lead.sees(lead.like("hours_now_closed"));
    await noa.opens();
    await noa.sees(noa.like("open_closed"));
    await lead.press("hours_keep_open");
    await lead.sees(lead.like("hours_now_open"));
    await lead.press("hours_as_planned");
    await lead.doesNotSee(lead.like("hours_now_open"));
    // A colleague closes for a while: the screen follows, and says when it opens again.
    await robins.sets("/hours/now", { state: "closed", until: inMinutes(90) });
    await lead.sees(lead.like("open_closed"));
    await robins.sets("/hours/now", { state: "open", until: inMinutes(90) });
    await lead.sees(lead.like("hours_now_open"));
    await lead.press("hours_as_planned");
  });

  await shows("an officer whose phone is lost is signed out everywhere: it shows nothing, and the talks wait again", async () => {
    const text = "Han väntar utanför skolan";
    const noas = await phone(server);
    const noa = await noas.youth();
    await noa.opens();
    await noa.press("danger_yes");
    await noa.writes(text);
    const talk = await robins.talkSaying(text);
    const { one: kim } = await comesOut("07");
    await kim.opens(`/desk/talk/${talk.conversation_id}`);
    await kim.press("desk_take");
    await kim.composer().waitFor();
    await kim.sees(text);
    await noa.seesWords("state_read", { number: "07" });
    await eventually(async () => (await stored(kim)).includes(text), "the phone has not kept what it read");

    const lead = await leads();
    await opens(lead, "07");
    await lead.press("staff_of", { what: lead.say("staff_sign_out"), number: "07" });
    const since = Date.now();
    await lead.press("staff_sign_out_yes");
    await lead.sees(lead.like("staff_done_talks"));
    await kim.seesWords("sign_ended");
    console.log(`        her phone was out after ${Date.now() - since} ms`);
    await kim.doesNotSee(text);
    await eventually(async () => !(await stored(kim)).includes(text), "the phone still keeps what was read");
    await kim.opens(`/desk/talk/${talk.conversation_id}`);
    await kim.seesWords("sign_ended");
    await kim.doesNotSee(text);
    await kim.opens("/reports");
    await kim.doesNotSee(text);

    await rowSays(lead, talk.conversation_id, lead.say("lead_nobody"));
    await noa.page.getByRole("region", { name: noa.say("wait_queue"), exact: true }).waitFor({ timeout: 30_000 });
    // She finds it, signs in and goes on.
    await kim.opens("/desk");
    await kim.press("sign_demo_as", { number: "07" });
    await kim.sees(text);
  });

  await shows("an officer who falls ill is relieved, and a colleague has the talks", async () => {
    const { one: kim } = await comesOut("07");
    const { one: alex } = await comesOut("12");
    const talk = await writes("Jag vågar inte gå in", "unsure");
    // At the API she was signed out as well.
    await (await onDuty(server, "07")).takes(talk);
    const lead = await leads();
    await rowSays(lead, talk.conversation_id, lead.say("officer", { number: "07" }));
    await opens(lead, "07");
    await person(lead, "07").getByRole("combobox").selectOption({ label: lead.say("staff_talks_to", { number: "12" }) });
    await lead.press("staff_of", { what: lead.say("staff_relieve"), number: "07" });
    await lead.press("staff_relieve_yes");
    await rowSays(lead, talk.conversation_id, lead.say("officer", { number: "12" }));
    await eventually(async () => (await robins.shifts()).every(({ public_number }) => public_number !== "07"), "the shift goes on");
    await alex.opens(`/desk/talk/${talk.conversation_id}`);
    await alex.composer().waitFor();
    // The one who was relieved is still signed in, and is told that she is on no shift.
    await kim.opens("/desk");
    await kim.seesWords("shift_off");
  });

  await shows("a lead invites somebody and ends somebody, each with her key; who is ended does not come in again", async () => {
    const station = await startServer({ demo: false, name: "staff" });
    const printed = await station.also("admin", "invite", "--number", "03", "--role", "lead");
    const leadsPhone = await phone(station);
    const lead = await leadsPhone.officer();
    await hasKey(leadsPhone, lead);
    await lead.opens(new URL(printed.match(/https?:\/\/\S+/)[0]).pathname);
    await lead.press("invite_accept");
    await lead.sees(lead.like("desk_title"));
    await lead.pressCard("desk_nav_me");
    await lead.pressCard("staff_title");
    // Her key was touched too long ago.
    const old = { is: true };
    await lead.page.route("**/api/v1/staff/**", (route) =>
      old.is && route.request().method() !== "GET" ? route.fulfill({ status: 403, contentType: "application/problem+json", body: JSON.stringify({ kind: "touch-needed", status: 403 }) }) : route.continue(),
    );
    await lead.page.getByLabel(lead.like("staff_number")).fill("11");
    await lead.press("staff_invite_make");
    await lead.seesWords("staff_locked");
    old.is = false;
    await lead.press("desk_picture_unlock");
    const link = await eventually(async () => (await lead.page.getByLabel(lead.say("staff_link"), { exact: true }).inputValue()) || null, "no link stands there");
    remember(link.split("/").at(-1));
    await lead.sees(lead.say("staff_row", { number: "11", role: lead.say("role_officer") }));

    const annas = await phone(station);
    const anna = await annas.officer();
    await hasKey(annas, anna);
    await anna.opens(new URL(link).pathname);
    await anna.press("invite_accept");
    await anna.sees(anna.like("desk_title"));
    await lead.page.reload();
    await lead.sees(lead.say("staff_home"));

    await opens(lead, "11");
    await lead.press("staff_of", { what: lead.say("staff_end"), number: "11" });
    old.is = true;
    await lead.press("staff_end_yes");
    await lead.seesWords("staff_locked");
    await lead.sees(lead.say("staff_end_sure", { number: "11" }));
    old.is = false;
    await lead.press("desk_picture_unlock");
    await anna.seesWords("sign_ended");
    await lead.sees(lead.say("desk_count", { title: lead.say("staff_ended"), count: "1" }));
    await anna.press("sign_passkey");
    await anna.page.getByRole("alert").waitFor();
    expect((await anna.page.getByRole("heading", { name: anna.say("desk_title"), exact: true }).count()) === 0, "whoever was ended came in again");
    // Nor does the number come back.
    await lead.page.getByLabel(lead.like("staff_number")).fill("11");
    await lead.press("staff_invite_make");
    await lead.seesWords("problem_number_taken");

    // One that was sent to the wrong person is taken back.
    await lead.page.getByLabel(lead.like("staff_number")).fill("14");
    await lead.press("staff_invite_make");
    await lead.press("staff_of", { what: lead.say("staff_invite_end"), number: "14" });
    await lead.page.getByRole("group").getByRole("button", { name: lead.say("staff_invite_end") }).click();
    await lead.doesNotSee(lead.say("staff_row", { number: "14", role: lead.say("role_officer") }));
  });

  await shows("an officer's app locks after half an hour that nobody touched it, whatever page it stands on, and opens by the key", async () => {
    const station = await startServer({ demo: false, name: "lock" });
    const printed = await station.also("admin", "invite", "--number", "07", "--role", "officer");
    const its = await phone(station, { before: opensTheClock });
    const kim = await its.officer();
    await hasKey(its, kim);
    await kim.opens(new URL(printed.match(/https?:\/\/\S+/)[0]).pathname);
    await kim.press("invite_accept");
    await kim.sees(kim.like("desk_title"));
    const noa = await (await phone(station)).youth();
    const text = "De har min adress";
    await noa.opens();
    await noa.writes(text);
    await kim.sees(text);
    await kim.pressCardSaying(text);
    await kim.press("desk_take");
    await kim.composer().waitFor();
    await kim.sees(text);
    const place = new URL(kim.page.url()).pathname;

    await comesBackLater(kim, 29 * MINUTE);
    await kim.sees(text);
    await comesBackLater(kim, 31 * MINUTE);
    await kim.page.getByRole("heading", { name: kim.say("lock_title"), exact: true }).waitFor();
    await kim.doesNotSee(text);
    expect(!(await kim.page.content()).includes(text), "a word of a talk is in the page");
    // A touch of the screen opens nothing, nor does loading it anew, another page, or a clock that is set back.
    await kim.page.mouse.click(180, 40);
    await kim.page.keyboard.press("Tab");
    await turnsTheClock(kim, 31 * MINUTE);
    for (const path of [place, "/desk", "/reports", "/desk/unsent"]) {
      await kim.opens(path);
      await kim.seesWords("lock_lead");
      await kim.doesNotSee(text);
    }
    await turnsTheClock(kim, -10 * MINUTE);
    await kim.opens(place);
    await kim.seesWords("lock_lead");
    await turnsTheClock(kim, 31 * MINUTE);
    await kim.opens(place);
    await kim.seesWords("lock_lead");
    await kim.press("lock_open");
    await kim.sees(text);
    expect(new URL(kim.page.url()).pathname === place, "it did not open where it was");
    await kim.composer().waitFor();
    // Whoever uses it is not locked out.
    await turnsTheClock(kim, 50 * MINUTE);
    await kim.page.reload();
    await kim.sees(text);
  });

  await shows("an alarm still comes to a locked phone, says that and no more, and leads to the talk once it is open", async () => {
    const { one: kim, came } = await comesOut("07", { before: [opensTheClock] });
    await kim.opens("/desk");
    await kim.hasWorker();
    await comesBackLater(kim, 31 * MINUTE);
    await kim.seesWords("lock_lead");
    const text = "De är inne nu";
    const talk = await writes(text, "yes");
    await kim.seesWords("lock_danger");
    await kim.doesNotSee(text);
    const alarm = await came(`alarm:${talk.conversation_id}`);
    expect(!JSON.stringify(alarm).includes(text), "the alarm tells what was written");
    const isThere = () => kim.page.waitForURL(`**/desk/talk/${talk.conversation_id}`, { timeout: 30_000 });
    // A press that is made up may find the worker asleep.
    await eventually(async () => (await delivers(kim, alarm), await pressesNotice(kim, alarm.tag), await isThere(), true), "the notice did not lead to the talk", 90_000);
    await kim.seesWords("lock_lead");
    await kim.doesNotSee(text);
    await kim.press("lock_open_demo", { number: "07" });
    await kim.sees(text);
  });

  await shows("a first shift lists what it needs, each seen by what is so, can be left, and comes back until it is done", async () => {
    const { one: kim } = await comesOut("07");
    // The alarm was answered; the app is not on the home screen.
    await kim.opens("/desk");
    await kim.sees(kim.say("first_title"));
    const step = (key) => kim.page.locator(".first-step").filter({ hasText: kim.say(key) });
    await eventually(async () => (await step("first_alarm").innerText()).includes(kim.say("first_done")), "the answered alarm is not seen");
    expect((await step("first_install").innerText()).includes(kim.say("first_left")), "an app in a browser counts as installed");
    await kim.press("first_later");
    await kim.doesNotSee(kim.say("first_title"));
    await kim.page.reload();
    await kim.sees(kim.say("first_title"));
    await kim.press("first_install_not");
    await step("first_replies").getByRole("link").click();
    await kim.page.getByRole("heading", { name: kim.say("replies_title"), exact: true }).waitFor();
    await kim.page.locator("main .rows .card").first().waitFor();
    await kim.pressCard("desk_nav_talks");
    await kim.sees(kim.say("shift_on"));
    await kim.doesNotSee(kim.say("first_title"));
    await kim.page.reload();
    await kim.sees(kim.say("shift_on"));
    await kim.doesNotSee(kim.say("first_title"));

    // Opened from the home screen it is seen to be there.
    const standalone = () => {
      const real = window.matchMedia.bind(window);
      window.matchMedia = (query) => (query.includes("standalone") ? { ...real(query), matches: true } : real(query));
    };
    const alex = await (await phone(server, { before: standalone })).officer();
    await alex.isOnDuty("12");
    await alex.sees(alex.say("first_title"));
    const install = alex.page.locator(".first-step").filter({ hasText: alex.say("first_install") });
    await eventually(async () => (await install.innerText()).includes(alex.say("first_done")), "an installed app is not seen to be");
  });
});
