// Danger first: what a youth is asked and told, how officers see and change it, the shift whose phone rings, and the hours that leads set.
import { afterwards, eventually, expect, shows, suite } from "./lib/cases.mjs";
import { onDuty } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { startServer } from "./lib/server.mjs";
import { opensTheClock, turnsTheClock } from "./lib/trouble.mjs";
import { delivers, pressesNotice, takesPushes, wakes } from "./lib/woken.mjs";

const inMinutes = (count) => new Date(Date.now() + count * 60_000).toISOString();

await suite("desk", async () => {
  const server = await startServer({ name: "desk" });
  const desk = await onDuty(server, "07");
  const colleague = await onDuty(server, "12");
  const lead = await onDuty(server, "03");
  const service = await takesPushes();

  const closes = () => lead.sets("/hours/now", { state: "closed", until: inMinutes(90) });
  const opensAgain = () => lead.sets("/hours/now", { state: "as-planned" });
  /** Somebody with the first screen before her. */
  const comesIn = async (how = {}) => {
    const noas = await phone(server, how);
    const noa = await noas.youth();
    await noa.opens();
    return { noas, noa };
  };
  const talkOf = async (text) => desk.talkSaying(text);
  const chosen = (noa, key) => noa.page.getByRole("radio", { name: noa.say(key), exact: true }).first();
  /** The way to 112 that is as wide as what it stands in, and leads there without any of us. */
  const sees112 = async (noa, within) => {
    const link = noa.page.locator(`${within} a[href="tel:112"]`).filter({ visible: true }).first();
    await link.waitFor();
    const [own, box] = await link.evaluate((one, within) => [one, one.closest(within)].map((part) => part.getBoundingClientRect().width), within);
    expect(own > box * 0.8, `the way to 112 is ${own} px wide in ${box}`);
  };
  const queues = (noa) => noa.page.getByRole("region", { name: noa.say("wait_queue"), exact: true }).waitFor({ timeout: 30_000 });
  const numbers = (noa, within) => noa.page.locator(`${within} a[href^="tel:"]`).evaluateAll((links) => links.map((link) => link.getAttribute("href")));

  await shows("who answers yes gets a full-width 112 at once, and what she answered goes with her first words", async () => {
    const { noa } = await comesIn();
    await noa.press("danger_yes");
    await sees112(noa, ".start .notice");
    await noa.page.getByRole("radio", { name: noa.say("danger_yes") }).nth(1).check();
    await noa.fills("danger_where", "Parkeringen bakom Kvantum");
    await noa.keepsHalfWritten();
    // A look at the phone's dialler may throw the page away.
    await noa.page.reload();
    await eventually(() => chosen(noa, "danger_yes").isChecked(), "the answer is gone after the page was loaded anew");
    const text = "De är tjugo stycken och en har kniv";
    await noa.writes(text);
    await noa.seesWords("danger_unread");
    await sees112(noa, ".in-danger");
    const talk = await talkOf(text);
    expect(talk.priority === "p1" && talk.unread_danger, `the desk has ${talk.priority}`);
    expect(["danger-now", "hurt-or-weapon"].every((reason) => talk.reasons.includes(reason)), `the reasons are ${talk.reasons}`);
    expect(talk.where === "Parkeringen bakom Kvantum", `where is ${talk.where}`);
    await desk.takes(talk);
    await desk.reads(talk);
    await noa.seesWords("state_read", { number: "07" });
    await noa.doesNotSee(noa.say("danger_unread"));
    await noa.opens();
    await eventually(async () => !(await chosen(noa, "danger_yes").isChecked()), "the answer of before stands there again");
    await eventually(async () => (await noa.page.getByRole("textbox", { name: noa.like("danger_where") }).count()) === 0, "more is asked before the first answer");
  });

  await shows("without a network yes leads to 112 all the same, and nobody has read it until the phone is back", async () => {
    const { noas, noa } = await comesIn();
    await noa.hasWorker();
    await noas.goesOffline();
    await noa.page.reload();
    await noa.press("danger_yes");
    await sees112(noa, ".start .notice");
    const text = "Hjälp, de försöker ta sig in";
    await noa.writes(text);
    await noa.seesWords("danger_unread");
    await noa.seesWords("danger_here");
    await noas.isKilled();
    await noas.startsAgain();
    await noas.goesOffline();
    const again = await noas.youth();
    await again.opens();
    await again.opensTalk();
    await again.seesWords("danger_unread");
    await sees112(again, ".in-danger");
    await noas.comesBack();
    const talk = await talkOf(text);
    expect(talk.priority === "p1" && talk.unread_danger, `the desk has ${talk.priority}`);
    await again.seesWords("danger_wait");
  });

  await shows("nothing has to be answered, and who only asks is told of no danger", async () => {
    const { noa } = await comesIn();
    const text = "Hur gammal måste man vara för att köra epa?";
    await noa.press("danger_only_asking");
    await noa.writes(text);
    await noa.seesWords("state_arrived");
    await noa.seesWords("wait_title");
    await noa.doesNotSee(noa.say("danger_unread"));
    const talk = await talkOf(text);
    expect(talk.priority === "p4" && !talk.unread_danger, `the desk has ${talk.priority}`);
    await noa.opens();
    const plain = "Hej, någon där som kan svara?";
    await noa.writes(plain);
    await noa.seesWords("state_arrived");
    await eventually(async () => (await talkOf(plain)).reasons.includes("not-asked"), "what was not asked has no reason of its own");
  });

  await shows("words of wanting to die show 112 and others who answer, as the app's words and nobody's answer", async () => {
    const { noa } = await comesIn();
    const text = "jag orkar inte leva längre";
    await noa.writes(text);
    await noa.seesWords("harm_by_app");
    await noa.seesWords("danger_unread");
    await eventually(async () => (await numbers(noa, ".in-danger")).join() === "tel:112,tel:116111,tel:90101,tel:1177", "the helplines do not stand there in their order");
    await eventually(async () => (await noa.page.locator(".said").count()) === 1, "something in the talk looks like an answer");
    const talk = await talkOf(text);
    expect(talk.self_harm && talk.priority === "p1", `the desk has ${talk.priority}`);
    await desk.takes(talk);
    await desk.reads(talk);
    await noa.doesNotSee(noa.say("danger_unread"));
    await noa.seesWords("harm_title");
  });

  await shows("what an officer has opened and not answered for a minute leads to 112 again", async () => {
    const noas = await phone(server);
    const noa = await noas.youth();
    await noa.page.clock.install();
    await noa.opens();
    await noa.press("danger_yes");
    const text = "Han slår mig, kom hit fort";
    await noa.writes(text);
    await noa.seesWords("danger_unread");
    const talk = await talkOf(text);
    await desk.takes(talk);
    await desk.reads(talk);
    await noa.doesNotSee(noa.say("danger_unread"));
    await noa.doesNotSee(noa.say("danger_unanswered"));
    await noa.page.clock.fastForward(61_000);
    await noa.seesWords("danger_unanswered");
    await sees112(noa, ".in-danger");
    // A look at the dialler may throw the page away: it is as true as before.
    await noa.page.reload();
    await noa.sees(text);
    await noa.seesWords("danger_unanswered");
    await desk.answers(talk, "Jag läser nu. Ring 112 direkt.");
    await noa.sees("Jag läser nu. Ring 112 direkt.");
    await noa.doesNotSee(noa.say("danger_unanswered"));
    // Thanks that were read wait for no answer; words that nobody reads lead to 112 again.
    await noa.writes("ok tack");
    await noa.seesWords("state_arrived");
    await desk.reads(talk);
    await noa.seesWords("state_read", { number: "07" });
    await noa.page.clock.fastForward(61_000);
    await noa.doesNotSee(noa.say("danger_unanswered"));
    await noa.writes("nu går de uppför trappan");
    await noa.seesWords("state_arrived");
    await noa.doesNotSee(noa.say("danger_unread"));
    await noa.page.clock.fastForward(61_000);
    await noa.seesWords("danger_unread");
  });

  await shows("a screen reader is told of what officers write now and of nothing that stood there, as the accessibility tree has it", async () => {
    const { noas, noa } = await comesIn();
    const text = "Läser ni det här högt?";
    await noa.writes(text);
    await noa.seesWords("state_arrived");
    const talk = await talkOf(text);
    const session = await noas.context.newCDPSession(noa.page);
    const aloud = async () => {
      const { nodes } = await session.send("Accessibility.getFullAXTree");
      const by = new Map(nodes.map((node) => [node.nodeId, node]));
      const words = (node) => [node.name?.value ?? "", ...(node.childIds ?? []).flatMap((id) => (by.has(id) ? words(by.get(id)) : []))];
      const [log] = nodes.filter(({ role, ignored }) => role?.value === "log" && !ignored);
      expect(log?.properties.some(({ name, value }) => name === "live" && value.value === "polite"), "there is no live log in the accessibility tree");
      return words(log).join(" ");
    };
    await desk.takes(talk);
    await desk.answers(talk, "Ja, det kan man.");
    await noa.sees("Ja, det kan man.");
    await eventually(async () => (await aloud()).includes("Ja, det kan man."), "what the officer wrote is not told");
    await noa.page.reload();
    await noa.sees("Ja, det kan man.");
    expect(!/Ja, det kan man|Läser ni det här/.test(await aloud()), "what stood there is told again");
    await desk.answers(talk, "Skriv gärna mer.");
    await noa.sees("Skriv gärna mer.");
    await eventually(async () => (await aloud()).includes("Skriv gärna mer."), "the new words are not told");
    expect(!/Ja, det kan man|Läser ni det här/.test(await aloud()), "older words are told with the new ones");
  });

  /** Counts in the page how often it is put into a live region that nobody has read it. */
  const countsSaid = (noa) =>
    noa.page.evaluate((text) => {
      window.said = 0;
      new MutationObserver((changes) => {
        for (const { type, addedNodes, target } of changes)
          for (const node of type === "characterData" ? [target] : addedNodes) {
            const alert = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest("[role=alert]") ?? node.querySelector?.("[role=alert]");
            if (alert?.textContent.includes(text)) window.said += 1;
          }
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
    }, noa.say("danger_unread"));

  await shows("that nobody has read it is said aloud once, however much is written after it", async () => {
    const { noa } = await comesIn();
    await countsSaid(noa);
    await noa.press("danger_yes");
    await noa.writes("De står utanför dörren nu");
    await noa.seesWords("danger_unread");
    for (const more of ["De bankar på", "Snälla svara"]) {
      await noa.writes(more);
      await noa.sees(more);
    }
    await noa.seesWords("state_arrived");
    const said = await noa.page.evaluate(() => window.said);
    expect(said === 1, `it was put into a live region ${said} times`);
  });

  await shows("the talk stands as it was, and nothing is said again, where its words come before the list that names it", async () => {
    const { noa } = await comesIn();
    await countsSaid(noa);
    // The server reads the list first, and the first words may land before it reads the talk.
    let came = 0;
    let isHeld = true;
    let named = 0;
    afterwards(() => noa.page.unrouteAll({ behavior: "ignoreErrors" }));
    let lets;
    const isTold = new Promise((go) => (lets = go));
    await noa.page.route(/\/api\/v1\/chat\/conversations(\?|$)/, async (route) => (await isTold, route.continue()));
    await noa.page.route("**/api/v1/sync/pull", async (route) => {
      const answer = await route.fetch();
      const told = await answer.json();
      if (Object.entries(told.streams).some(([name, { events }]) => name.startsWith("conversation:") && events.length > 0)) came += 1;
      for (const [name, part] of Object.entries(told.streams).filter(([name]) => name.startsWith("inbox:"))) {
        if (isHeld) Object.assign(part, { head: 0, events: [], more: false });
        named += part.events.length;
      }
      await route.fulfill({ response: answer, body: JSON.stringify(told) });
    });
    await noa.press("danger_yes");
    await noa.writes("De har slagit sönder rutan");
    await noa.seesWords("danger_unread");
    await eventually(() => came > 0, "the words have not come before the list");
    await noa.seesWords("state_arrived");
    for (const more of ["Nu är de inne", "Skynda er", "Jag är på toaletten"]) {
      const before = came;
      await noa.writes(more);
      await noa.sees(more);
      // Each has left the phone before the next is written.
      await eventually(() => came > before, "the words have not come back");
    }
    const saidBefore = await noa.page.evaluate(() => window.said);
    expect(saidBefore === 1, `it was put into a live region ${saidBefore} times before the list came`);
    isHeld = false;
    lets();
    await noa.writes("De är tre");
    await eventually(() => named > 0, "the list has not come");
    await noa.writes("Nu är de här");
    await noa.sees("Nu är de här");
    expect((await noa.composer().count()) === 1, "the field has gone");
    const said = await noa.page.evaluate(() => window.said);
    expect(said === 1, `it was put into a live region ${said} times`);
  });

  await shows("when it becomes known that nobody is there nothing moves that can be pressed", async () => {
    for (const [language, width, closed] of [["sv", 360, false], ["en", 320, false], ["sv", 320, true], ["en", 360, true]]) {
      if (closed) await closes();
      const noas = await phone(server, { language, width });
      const noa = await noas.youth();
      let tell;
      const known = new Promise((go) => (tell = go));
      await noa.page.route("**/api/v1/quarters/opening", async (route) => (await known, route.continue()));
      await noa.opens();
      await noa.control("duty_which").waitFor();
      const places = () => noa.page.locator("main").locator("a, button, textarea, label").evaluateAll((all) => all.filter((one) => !one.closest(".numbers")).map((one) => `${one.textContent.trim()} at ${Math.round(one.getBoundingClientRect().y)}`));
      // What comes as a part of its own has come.
      let before = [];
      let same = 0;
      await eventually(async () => {
        const now = await places();
        same = now.join() === before.join() ? same + 1 : 0;
        before = now;
        return same === 10;
      }, "the first screen does not come to rest");
      tell();
      await eventually(async () => (await numbers(noa, "main .numbers")).length > 0, "who else answers does not come");
      const after = await places();
      expect(after.join() === before.join(), `in ${language} at ${width} px these moved: ${after.filter((place, n) => place !== before[n]).join(", ")}`);
      if (closed) await opensAgain();
      await noas.close();
    }
  });

  await shows("closed: the same field, a promised time, 112, 114 14 and Bris below it; a yes shows 112 alone, and it lies first at opening", async () => {
    const waiting = await comesIn();
    const before = "Någon stalkar mig på Snap";
    await waiting.noa.writes(before);
    await queues(waiting.noa);
    await closes();
    // Who waits when it closes is told.
    await waiting.noa.seesWords("wait_closed");
    await eventually(async () => (await numbers(waiting.noa, ".waiting")).join() === "tel:112,tel:11414,tel:116111", "who waits is not told who answers meanwhile");
    const { noa } = await comesIn();
    await noa.seesWords("open_closed_text");
    await noa.sees(noa.like("open_closed"));
    await eventually(async () => (await numbers(noa, "main .numbers")).join() === "tel:112,tel:11414,tel:116111", "the numbers do not stand on the first screen");
    await noa.press("danger_yes");
    await eventually(async () => new Set(await numbers(noa, "main")).size === 1, "there is another number than 112 beside a yes");
    await eventually(async () => (await noa.page.getByRole("textbox", { name: noa.like("danger_where") }).count()) === 0, "more is asked although nobody reads");
    const text = "De har låst in mig i källaren";
    const rang = service.count;
    await noa.writes(text);
    await noa.seesWords("danger_unread");
    await noa.seesWords("wait_closed");
    await eventually(async () => (await numbers(noa, ".waiting")).length === 0, "there is another number than 112 in the talk");
    const [first] = (await desk.conversations()).filter((talk) => talk.state === "waiting" && talk.priority === "p1" && talk.last_text === text);
    expect(first, "the talk does not wait as what it is");
    expect(service.count === rang, "something rang while it was closed");
    await opensAgain();
    await noa.doesNotSee(noa.like("open_closed"));
    await queues(noa);
    for (const one of [before, text]) await desk.takes(await talkOf(one));
  });

  await shows("without a network the hours of before are told with their age", async () => {
    const { noas, noa } = await comesIn({ before: opensTheClock });
    await noa.seesWords("open_unstaffed");
    await noa.hasWorker();
    await turnsTheClock(noa, 10 * 60_000);
    await noas.goesOffline();
    await noa.page.reload();
    await noa.sees(noa.like("open_as_of"));
    await noa.doesNotSee(noa.say("open_staffed"));
  });

  await shows("a youth sees her place, and after five minutes may leave it and be told by a notice", async () => {
    const ring = wakes(service.address);
    const first = await comesIn();
    await first.noa.writes("Kan ni hjälpa mig med en sak?");
    await queues(first.noa);
    const { noa } = await comesIn({ before: [ring.script, opensTheClock] });
    const text = "Vad gör man om någon lagt ut ens nummer?";
    await noa.writes(text);
    await talkOf(text);
    const place = async () => Number((await noa.page.locator(".waiting").innerText()).match(/\d+/)?.[0]);
    const queue = (await desk.conversations()).filter((talk) => talk.state === "waiting");
    const nth = queue.findIndex((talk) => talk.last_text === text) + 1;
    await eventually(async () => (await place()) === nth, `the place is not ${nth}`);
    await noa.doesNotSee(noa.say("wait_leave_text"));
    await desk.takes(queue[0]);
    await eventually(async () => (await place()) === nth - 1, "the place does not follow the queue");
    await turnsTheClock(noa, 6 * 60_000);
    await noa.page.reload();
    await noa.seesWords("wait_leave_text");
    // Notices are off: the way to them stands there.
    await noa.press("notices_on");
    await noa.seesWords("notices_title");
    await noa.press("notices_on");
    await noa.seesWords("notices_state_on");
    await noa.page.goBack();
    await noa.press("wait_leave");
    await noa.sees(noa.like("wait_left"));
    await eventually(async () => (await talkOf(text)).stepped_away_at, "the desk does not know that she has left");
    const talk = await talkOf(text);
    await desk.takes(talk);
    await desk.answers(talk, "Hej! Nu är jag här.");
    await eventually(() => service.pushes.some(({ path }) => ring.endpoint.endsWith(path)), "no push came to who had left");
  });

  await shows("officers see danger first and why, raise in one press, and lower with a reason that a colleague reads", async () => {
    const calm = await comesIn();
    const [mild, grave] = ["Får man filma någon på bussen?", "En kille med machete går runt här"];
    await calm.noa.press("danger_no");
    await calm.noa.writes(mild);
    await calm.noa.seesWords("state_arrived");
    const other = await comesIn();
    await other.noa.press("danger_yes");
    await other.noa.fills("danger_where", "Centralstationen");
    await other.noa.writes(grave);
    await other.noa.seesWords("danger_unread");

    const kim = await (await phone(server)).officer();
    await kim.isOnDuty("07");
    const alex = await (await phone(server)).officer();
    await alex.isOnDuty("12");
    await alex.sees(mild);
    const rows = () => kim.page.locator('a[href^="/desk/talk/"]').allInnerTexts();
    await eventually(async () => {
      const all = await rows();
      const [one, two] = [grave, mild].map((text) => all.findIndex((row) => row.includes(text)));
      return one >= 0 && two > one;
    }, "who came first stands before who is in danger");
    const row = (await rows()).find((text) => text.includes(grave));
    expect(row.includes("P1") && row.includes(kim.say("reason_danger_now")) && row.includes("Centralstationen"), `the row says: ${row}`);

    await kim.pressCardSaying(mild);
    await kim.page.locator(".urgency summary").click();
    kim.presses = 0;
    await kim.press("priority_1");
    expect(kim.presses === 1, "raising took more than a press");
    await alex.page.locator('a[href^="/desk/talk/"]').filter({ hasText: mild }).filter({ hasText: "P1" }).waitFor();
    await eventually(async () => (await talkOf(mild)).priority === "p1", "the talk was not raised");
    await kim.seesWords("reason_raised");

    await alex.pressCardSaying(mild);
    await alex.page.locator(".urgency summary").click();
    await alex.press("priority_3");
    expect(!(await alex.control("urgency_lower", { priority: "P3" }).isEnabled()), "it is lowered without a reason");
    const why = "Hen har kommit hem och är trygg";
    await alex.fills("urgency_why", why);
    await alex.press("urgency_lower", { priority: "P3" });
    await eventually(async () => (await talkOf(mild)).priority === "p3", "the talk was not lowered");
    await kim.sees(why);
    await kim.sees(kim.like("by_at", { number: "12" }));
    await kim.sees(kim.like("urgency_by_rules", { version: "1" }));
  });

  await shows("a shift begins with one press and counts when its test alarm is pressed; from an alarm to an answer it takes three presses", async () => {
    const ring = wakes(service.address);
    const its = await phone(server, { before: ring.script });
    const kim = await its.officer();
    await kim.isOnDuty("07");
    await kim.hasWorker();
    await kim.seesWords("shift_off");
    await kim.pressCard("shift_off");
    kim.presses = 0;
    await kim.press("shift_start");
    expect(kim.presses === 1, "it took more than a press");
    await kim.seesWords("trouble_not_answered");
    const came = (tag) => eventually(() => service.pushes.filter(({ path }) => ring.endpoint.endsWith(path)).map(({ body }) => ring.opens(body)).find((push) => push.tag.startsWith(tag)), `no ${tag} came to the phone`, 30_000);
    const test = await came("test-alarm:");
    const { noa } = await comesIn();
    await noa.seesWords("open_unstaffed");

    await kim.opens("/desk");
    await kim.page.getByRole("heading", { name: kim.say("desk_title"), exact: true }).waitFor({ timeout: 60_000 });
    // A press that is made up does not keep the worker awake as a real one does: it may end before it has said where to go.
    const isLed = (push, sees) => eventually(async () => (await delivers(kim, push), await pressesNotice(kim, push.tag), await sees(), true), `the notice "${push.tag}" led nowhere`, 180_000);
    await isLed(test, () => kim.seesWords("shift_alarm_answered", {}, 20_000));
    await kim.seesWords("shift_counted");
    expect(!kim.page.url().includes("#"), "what answers the alarm is left in the address");
    await noa.page.reload();
    await noa.seesWords("open_staffed");

    await noa.press("danger_yes");
    const text = "De slår sönder dörren hos oss";
    await noa.writes(text);
    const alarm = await came(`alarm:${(await talkOf(text)).conversation_id}`);
    expect(!JSON.stringify(alarm).includes(text), "the alarm tells what was written");
    await isLed(alarm, () => kim.sees(text, 20_000));
    kim.presses = 1;
    await kim.press("desk_take");
    await kim.composer().fill("Jag läser nu. Ring 112 om de kommer in.");
    await kim.press("composer_send");
    expect(kim.presses <= 3, `from the alarm to the answer it took ${kim.presses} presses`);
    await noa.sees("Jag läser nu. Ring 112 om de kommer in.");
    await noa.doesNotSee(noa.say("danger_unread"));

    // A colleague sees who is out, and the end of the shift asks for the open talk.
    const alex = await (await phone(server)).officer();
    await alex.isOnDuty("12");
    await alex.opens("/desk/shift");
    await alex.sees(alex.like("shift_since"));
    await alex.seesWords("officer", { number: "07" });
    await kim.opens("/desk/shift");
    await kim.seesWords("shift_end_open");
    const left = () => kim.page.getByRole("radio", { name: kim.say("shift_end_leave") });
    await left().first().waitFor();
    expect((await kim.page.getByRole("button", { name: kim.say("shift_end"), exact: true }).count()) === 0, "the shift may end before anything was said of its talks");
    for (const one of await left().all()) await one.check();
    await kim.press("shift_end");
    await kim.press("shift_end_yes");
    await kim.seesWords("shift_start_text");
    await eventually(async () => (await desk.shifts()).length === 0, "the shift goes on");
    await noa.opens();
    await noa.seesWords("open_unstaffed");
  });

  await shows("a phone that cannot be woken is out and does not count, and says so", async () => {
    const kim = await (await phone(server, { permissions: [] })).officer();
    await kim.isOnDuty("12");
    await kim.opens("/desk/shift");
    await kim.press("shift_start");
    await kim.seesWords("trouble_no_address");
    await kim.seesWords("shift_not_counted");
    const { noa } = await comesIn();
    await noa.seesWords("open_unstaffed");
    await kim.press("shift_end");
    await kim.press("shift_end_yes");
    await kim.seesWords("shift_start_text");
  });

  await shows("a lead closes for now, opens again, and sets a week and a day that is otherwise", async () => {
    const robin = await (await phone(server)).officer();
    await robin.isOnDuty("03");
    await robin.opens("/desk/me");
    await robin.pressCard("hours_title");
    await robin.seesWords("hours_week");
    await robin.press("hours_close");
    await robin.sees(robin.like("hours_now_closed"));
    const { noa } = await comesIn();
    await noa.seesWords("open_closed_text");
    await robin.press("hours_as_planned");
    await robin.doesNotSee(robin.like("hours_now_closed"));
    await noa.page.reload();
    await noa.seesWords("open_unstaffed");

    const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    await robin.fills("hours_day", day, { open: true });
    await robin.press("hours_save_day");
    await robin.page.getByRole("button", { name: robin.say("hours_usual_named", { day }) }).waitFor();
    await robin.page.getByRole("button", { name: robin.say("hours_usual_named", { day }) }).click();
    await robin.seesWords("hours_days_none");

    const later = new Date(Date.now() + 8 * 86_400_000).toISOString().slice(0, 10);
    const monday = robin.say("day_monday");
    await robin.page.getByLabel(robin.say("hours_from", { day: monday })).fill("16:00");
    await robin.page.getByLabel(robin.say("hours_to", { day: monday })).fill("02:00");
    await robin.fills("hours_valid_from", later, { open: true });
    await robin.press("hours_save_week");
    await robin.sees(robin.like("hours_later", { day: later }));
  });
});
