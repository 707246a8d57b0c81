// From a quarter into a talk: an officer's link and word, a poster, and what is said of who it is. Officers and youths each at their own phone.
import { eventually, expect, shows, suite } from "./lib/cases.mjs";
import { onDuty } from "./lib/patrol.mjs";
import { keepsNothing, phone } from "./lib/people.mjs";
import { startServer } from "./lib/server.mjs";
import { remember } from "./lib/traces.mjs";
import { subscribes } from "./lib/woken.mjs";

const CLAIM = "**/api/v1/chat/conversations/*/claim";
const ROBOTS = ["Discordbot/2.0", "Snapchat/12", "Instagram 300", "facebookexternalhit/1.1", "TelegramBot", "WhatsApp/2", "Slackbot 1.0", "Twitterbot/1.0", "iMessageLinkPreview", "Twitchbot"];

await suite("room", async () => {
  const server = await startServer({ name: "room" });
  const desk = await onDuty(server, "12");
  await desk.startsShift();
  const [quarter] = await desk.quarters();

  /** A phone on which the link was pressed, in whatever that app opens it. */
  const opensLink = async (room, how = {}) => {
    const noas = await phone(server, how);
    const noa = await noas.youth();
    await noa.opens(`/r#${room}`);
    return { noas, noa };
  };
  const says = async (noa, word) => {
    await noa.fills("room_word", word);
    await noa.press("room_go");
  };
  const wrongFor = (word) => (word === "pelikan" ? "apelsin" : "pelikan");
  const invite = async (id) => (await desk.invites()).find((one) => one.invite_id === id);
  const isIn = (noa, number = "12") => noa.page.getByRole("heading", { name: noa.say("officer", { number }), exact: true }).waitFor();
  const from = (someone) => someone.sees(someone.say("origin", quarter));
  /** What she writes opens an ordinary talk that remembers where she came from. */
  const goesOn = async (noa, text) => {
    await noa.writes(text);
    await noa.seesWords("state_arrived");
    await from(noa);
    return desk.talkSaying(text);
  };
  const kims = await phone(server, { before: subscribes("http://localhost:9/") });
  const kim = await kims.officer();
  await kim.isOnDuty("07");

  await shows("from a quarter to private: link, word, talk, and back next week by the code, without any login", async () => {
    await kim.opens("/desk/shift");
    await kim.press("shift_start");
    await kim.seesWords("shift_end");
    await kim.opens("/desk");
    await kim.pressCard("invites_title");
    await kim.press("invite_make");
    await kim.seesWords("invite_open");
    const link = remember(await kim.page.getByLabel(kim.say("invite_link")).inputValue());
    const word = (await kim.page.locator(".said-word").innerText()).trim();
    expect(new URL(link).origin === server.youths, `the link leads to ${link}`);
    await eventually(async () => /^\D*1[45]:\d\d/.test(await kim.page.getByRole("timer").innerText()), "a quarter of an hour is not counted down");
    // Gone to the other app to send it, and back: the same link, the same word.
    await kim.page.reload();
    await kim.sees(word);
    expect((await kim.page.getByLabel(kim.say("invite_link")).inputValue()) === link, "the link is another after a look at another app");

    // Every app on the way opens the link to show what it leads to.
    for (const robot of ROBOTS) {
      const page = await (await fetch(link, { headers: { "user-agent": robot } })).text();
      expect(!/og:|<meta name="description"/.test(page), `a preview shows something of ${page.slice(0, 300)}`);
    }
    const previews = await phone(server);
    for (let n = 0; n < 3; n++) {
      const robot = await previews.youth();
      await robot.opens(new URL(link).pathname + new URL(link).hash);
      await robot.seesWords("room_word");
      await robot.page.close();
    }
    await previews.close();
    await kim.seesWords("invite_open");

    const { noa } = await opensLink(new URL(link).hash.slice(1));
    await noa.seesWords("room_title");
    await noa.control("exit").waitFor();
    await noa.page.locator('a[href="tel:112"]').filter({ visible: true }).first().waitFor();
    expect(noa.page.url() === `${server.youths}/r`, `the address bar shows ${noa.page.url()}`);
    await noa.page.reload();
    await says(noa, wrongFor(word));
    await noa.seesWords("room_wrong", { count: "4" });
    await says(noa, ` ${word.toUpperCase()} `);
    await isIn(noa, "07");
    await from(noa);
    const code = await noa.readsCode();

    await kim.seesWords("invite_claimed");
    await kim.press("invite_to_talk");
    await kim.sees(kim.say("origin_invite"));
    await kim.writes("Hej! Nu är det bara vi här.");
    await noa.sees("Nu är det bara vi här.");
    await noa.writes("skönt, jag är rädd");
    await kim.sees("skönt, jag är rädd");

    const another = await phone(server);
    const later = await another.youth();
    await later.opens("/open");
    await later.fills("open_label", code);
    await later.press("open_action");
    await later.page.waitForURL(`${server.youths}/talks`, { timeout: 60_000 });
    await later.presses_(later.page.locator('a[href^="/talk/"]').first());
    await later.sees("Nu är det bara vi här.");
    await from(later);
  });

  await shows("the link alone opens nothing, the same wrong word counts once, and the fifth closes it into an ordinary talk", async () => {
    const { invite_id, secret, word } = await desk.makesInvite();
    const { noa } = await opensLink(secret);
    await noa.seesWords("room_word");
    expect(await noa.page.getByRole("button", { name: noa.say("room_go") }).isDisabled(), "no word is a word");
    const wrong = ["apelsin", "banan", "citron", "dadel", "enbär"].filter((one) => one !== word);
    await says(noa, wrong[0]);
    await noa.seesWords("room_wrong", { count: "4" });
    await noa.press("room_go");
    // The server says of the same claim what it said before, and counts nothing.
    await noa.page.getByText(noa.say("problem_word_wrong"), { exact: true }).waitFor();
    expect((await invite(invite_id)).wrong_words === 1, "the same word counts twice");
    for (const [nth, other] of ["ett", "två", "tre"].entries()) {
      await says(noa, other);
      await noa.sees(nth === 2 ? noa.say("room_wrong_last") : noa.say("room_wrong", { count: `${3 - nth}` }));
    }
    await says(noa, "fyra");
    await noa.seesWords("problem_room_closed");
    const talk = await goesOn(noa, "ordet var fel hela tiden");
    expect(talk.came_by === "invite-link" && talk.state === "waiting", `the desk has ${talk.came_by}, ${talk.state}`);
    expect((await invite(invite_id)).state === "closed", "the invite is open still");
  });

  await shows("late, used and closed end in a talk that remembers the quarter", async () => {
    const used = await desk.makesInvite();
    const { noa } = await opensLink(used.secret);
    await says(noa, used.word);
    await isIn(noa);
    const closed = await desk.makesInvite();
    await desk.endsInvite(closed.invite_id);
    const late = await desk.makesInvite();
    for (const [{ secret, word }, kind] of [[used, "room_used"], [closed, "room_closed"], [late, "room_late"]]) {
      const { noas, noa } = await opensLink(secret);
      // Nobody waits a quarter of an hour here: the answer is the server's, as tests/it has it.
      if (kind === "room_late") await noas.context.route(CLAIM, (route) => route.fulfill({ status: 410, contentType: "application/problem+json", body: JSON.stringify({ type: "/problems/room-late", title: "late", status: 410, kind: "room-late", fields: [] }) }));
      await says(noa, word);
      await noa.seesWords(`problem_${kind}`);
      const talk = await goesOn(noa, `jag kom för sent: ${kind}`);
      expect(talk.came_by === "invite-link" && talk.quarter.name === quarter.name, `${kind}: the desk has ${talk.came_by}`);
      await noas.close();
    }
  });

  await shows("without a network the word stays, and a reply that was lost lets her in once", async () => {
    const { invite_id, secret, word } = await desk.makesInvite();
    const { noas, noa } = await opensLink(secret);
    await noa.hasWorker();
    await noas.goesOffline();
    await noa.page.reload();
    await says(noa, word);
    await noa.seesWords("room_offline");
    await noa.page.reload();
    await eventually(async () => (await noa.page.getByLabel(noa.say("room_word")).inputValue()) === word, "the word is gone after a reload");
    await noas.comesBack();
    let lost = 0;
    await noas.context.route(CLAIM, async (route) => {
      if (lost++ > 0) return route.continue();
      await route.fetch();
      return route.abort();
    });
    await noa.press("room_go");
    await noa.seesWords("room_offline");
    expect((await invite(invite_id)).state === "claimed", "the claim did not reach the server");
    await noa.press("room_go");
    await isIn(noa);
    expect((await invite(invite_id)).wrong_words === 0, "a lost reply counts as a wrong word");
    // Back leads to no link that is used.
    await noa.page.getByRole("button", { name: noa.say("back") }).first().click();
    await noa.page.waitForURL(`${server.youths}/`);
  });

  await shows("inside an app that keeps nothing she is told what is missing, and comes in all the same", async () => {
    const { secret, word } = await desk.makesInvite();
    const { noa } = await opensLink(secret, { before: keepsNothing });
    await noa.seesWords("memory_title");
    await noa.page.getByText(noa.say("room_inside"), { exact: true }).click();
    await noa.seesWords("room_inside_text");
    expect((await noa.page.getByLabel(noa.say("room_link")).inputValue()).endsWith(`/r#${secret}`), "the link to the real browser is not the one she has");
    await noa.page.reload();
    await says(noa, word);
    await isIn(noa);
    await noa.writes("jag sitter i Instagram");
    await noa.seesWords("state_arrived");
    const talk = await desk.talkSaying("jag sitter i Instagram");
    await desk.answers(talk, "Jag ser dig. Spara koden.");
    await noa.sees("Jag ser dig. Spara koden.");
    await noa.seesWords("code_warning");
  });

  await shows("who has no word, or half a link, writes an ordinary message", async () => {
    const { secret } = await desk.makesInvite();
    const { noa } = await opensLink(secret);
    await noa.press("room_no_word");
    await noa.seesWords("room_without");
    const talk = await goesOn(noa, "jag fick aldrig något ord");
    expect(talk.came_by === "invite-link", `the desk has ${talk.came_by}`);
    await noa.opens(`/r#${secret.slice(0, 20)}`);
    await noa.seesWords("room_half");
    await noa.writes("länken gick sönder");
    await noa.seesWords("state_arrived");
    expect((await desk.talkSaying("länken gick sönder")).came_by === undefined, "half a link counts");
  });

  await shows("from the link a press shows a calendar, and Back no page of ours", async () => {
    const { secret } = await desk.makesInvite();
    const { noa } = await opensLink(secret);
    await noa.seesWords("room_word");
    await noa.press("exit");
    await eventually(() => new URL(noa.page.url()).pathname === "/calendar.html", () => `${noa.page.url()} is no calendar`);
    for (let n = 0; n < 4; n++) {
      await noa.page.goBack({ waitUntil: "commit", timeout: 4000 }).catch(() => null);
      await eventually(async () => noa.page.url() === "about:blank" || (new URL(noa.page.url()).pathname === "/calendar.html" && !(await noa.page.locator("#app").count())), () => `Back leads to ${noa.page.url()}`);
    }
  });

  await shows("a poster leads many into talks that remember the quarter, also offline, until it is ended", async () => {
    await kim.opens("/desk/me");
    await kim.press("posters_title");
    await kim.fills("poster_place", "Fritidsgården", { open: true });
    await kim.press("poster_make");
    await kim.press("poster_show_named", { place: "Fritidsgården" });
    await kim.page.locator("svg.qr path").waitFor();
    const link = await kim.page.getByLabel(kim.say("poster_link")).inputValue();
    await kim.page.emulateMedia({ media: "print" });
    await eventually(async () => !(await kim.page.getByRole("button", { name: kim.say("poster_print") }).isVisible()) && (await kim.page.locator(".top").isHidden()), "what is pressed is printed as well");
    await kim.page.emulateMedia({ media: null });
    const room = new URL(link).hash.slice(1);
    for (const text of ["jag såg affischen", "jag såg den också"]) {
      const { noas, noa } = await opensLink(room);
      await noa.seesWords("room_poster_title");
      const there = noa.page.url();
      expect(there === `${server.youths}/r`, `the address bar shows ${there}`);
      if (text.includes("också")) {
        await noa.hasWorker();
        await noas.goesOffline();
        await noa.writes(text);
        await noa.seesWords("state_saved");
        await noas.comesBack();
        await noa.seesWords("state_arrived", {}, 60_000);
        await from(noa);
      } else await goesOn(noa, text);
      expect((await desk.talkSaying(text)).came_by === "poster", "the desk does not know of the poster");
      await noas.close();
    }
    await kim.opens("/desk/posters");
    await kim.press("poster_end_named", { place: "Fritidsgården" });
    await kim.press("poster_end");
    await kim.sees(kim.like("poster_ended"));
    const { noa } = await opensLink(room);
    await noa.writes("affischen var gammal");
    await noa.seesWords("state_arrived");
    expect((await desk.talkSaying("affischen var gammal")).came_by === undefined, "an ended poster counts");
  });

  await shows("who it is: an exact number or account gets yes or no, and what that is worth", async () => {
    const noa = await (await phone(server)).youth();
    await noa.opens("/more");
    await noa.press("who_title");
    await noa.seesWords("who_sure_title");
    for (const [number, answer] of [["07", "who_yes"], ["7", "who_no"], ["99", "who_no"]]) {
      await noa.fills("who_number_label", number, { open: true });
      await noa.press("who_ask");
      await noa.seesWords(answer, { what: number });
      await noa.seesWords(`${answer}_text`);
    }
    await noa.page.getByRole("radio", { name: noa.say("who_account") }).check();
    await noa.fills("quarter_platform", quarter.platform, { open: true });
    await noa.fills("who_account_label", quarter.account, { open: true });
    await noa.press("who_ask");
    await noa.seesWords("who_yes", { what: `${quarter.account}, ${quarter.platform}` });
    await noa.fills("who_account_label", `${quarter.account}1`, { open: true });
    await noa.doesNotSee(noa.say("who_yes", { what: `${quarter.account}, ${quarter.platform}` }));
    await noa.press("who_ask");
    await noa.seesWords("who_no", { what: `${quarter.account}1, ${quarter.platform}` });
  });

  await shows("who is not out makes no invite, and an officer's own link tells whom it is for", async () => {
    const alexs = await phone(server);
    const alex = await alexs.officer();
    await alex.isOnDuty("03");
    await alex.opens("/desk/invite");
    await alex.seesWords("problem_shift_needed");
    const { secret, invite_id } = await desk.makesInvite();
    await alex.opens(`/r#${secret}`);
    await alex.seesWords("room_officer");
    expect((await invite(invite_id)).state === "open", "an officer's look closed it");
  });
});
