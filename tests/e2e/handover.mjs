// What leaves a talk: cards to 112 and 114 14 that stay red until a name stands on them, what the youth is told, and the place that she
// shows once.
import { eventually, expect, shows, suite } from "./lib/cases.mjs";
import { onDuty } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { startServer } from "./lib/server.mjs";
import { opensTheClock, stored, turnsTheClock } from "./lib/trouble.mjs";
import { remember } from "./lib/traces.mjs";

const NUMBER = /[2-9A-Z]{4}-[2-9A-Z]{4}/;
const PLACE = { latitude: 65.584816, longitude: 22.156704, accuracy: 18 };

await suite("handover", async () => {
  const server = await startServer({ name: "handover" });
  const desk = await onDuty(server, "07");

  /** A youth who has written, and the officer with her talk on the screen. */
  const meet = async (text, { of = {}, by = {}, danger = false, where } = {}) => {
    const noas = await phone(server, of);
    const noa = await noas.youth();
    await noa.opens();
    if (danger) await noa.press("danger_yes");
    if (where) await noa.fills("danger_where", where);
    await noa.writes(text);
    const talk = await desk.talkSaying(text);
    const kims = await phone(server, by);
    const kim = await kims.officer();
    await kim.isOnDuty("07");
    await kim.opens(`/desk/talk/${talk.conversation_id}`);
    await kim.press("desk_take");
    await kim.composer().waitFor();
    await eventually(async () => (await desk.conversations()).some(({ conversation_id, held_by_me }) => conversation_id === talk.conversation_id && held_by_me), "the talk was not taken");
    return { noas, noa, kims, kim, talk };
  };
  const line = (kim, key) => kim.page.getByLabel(kim.like(key)).filter({ visible: true }).first();
  const says = (kim, key, text) => line(kim, key).fill(remember(text));
  const card = (kim) => kim.page.locator(".hand-card").first();
  const numberOf = (kim) => eventually(async () => (await card(kim).innerText()).match(NUMBER)?.[0], "the card has no number");

  await shows("a card opens at one press with what is known, is red at every desk until a name stands on it, and no youth sees it", async () => {
    const text = "De är tjugo stycken och en har kniv";
    const { noa, kim, talk } = await meet(text, { danger: true, where: "Parkeringen bakom Kvantum" });
    const alex = await (await phone(server)).officer();
    await alex.isOnDuty("12");
    kim.presses = 0;
    await kim.press("card_open");
    await line(kim, "card_what").waitFor();
    expect(kim.presses === 1, "it took more than a press");
    await eventually(async () => (await line(kim, "card_last_words").inputValue()) === text, "the last words do not stand on the card");
    expect((await line(kim, "card_where").inputValue()) === "Parkeringen bakom Kvantum", "where it is does not stand on the card");
    expect(/\d\d:\d\d/.test(await line(kim, "card_when").inputValue()), "when she wrote does not stand on the card");
    expect(await kim.page.getByRole("radio", { name: "112", exact: true }).isChecked(), "danger now does not go to 112");
    expect(!(await kim.control("card_make", { receiver: "112" }).isEnabled()), "a card that says nothing can be made");
    const what = "Bråk med kniv mellan två gäng";
    await says(kim, "card_what", what);
    await says(kim, "card_when", "");
    await kim.keepsHalfWritten();
    // A look at the dialler may throw the page away.
    await kim.page.reload();
    await eventually(async () => (await line(kim, "card_what").inputValue()) === what, "the draft is gone after the page was loaded anew");
    expect((await line(kim, "card_when").inputValue()) === "", "a line that was emptied is filled again");
    await kim.press("card_make", { receiver: "112" });
    const number = await numberOf(kim);
    await kim.seesWords("card_red");

    await alex.seesWords("card_red_title");
    await alex.pressCardSaying(number);
    await alex.sees(what);
    await alex.seesWords("card_not_held");
    await says(alex, "card_who", "Bo Ek, larmoperatör");
    await alex.press("card_acknowledge");
    await kim.sees(kim.like("card_taken", { name: "Bo Ek, larmoperatör" }));
    await kim.doesNotSee(kim.say("card_red"));
    await alex.opens("/desk");
    await alex.doesNotSee(alex.say("card_red_title"));
    const [kept] = await desk.cards(talk);
    expect(kept.number === number && kept.acknowledged_by === "12" && !kept.red, `the server has ${JSON.stringify([kept.number, kept.acknowledged_by, kept.red])}`);

    await noa.sees(text);
    const all = (await stored(noa)) + (await noa.page.content());
    for (const word of [number, what, "Bo Ek"]) expect(!all.includes(word), `the youth's phone holds "${word}" of the card`);
  });

  await shows("what came back is told in safe words, and a car is warned of", async () => {
    const { noa, kim, talk } = await meet("Han står kvar utanför porten");
    await desk.makesCard(talk, "En man står utanför en port");
    await kim.press("card_red_short");
    await says(kim, "card_who", "Li");
    await kim.press("card_acknowledge");
    await kim.press("back_car_sent");
    await says(kim, "back_tell", "Lugn, en bil är på väg till dig");
    await kim.seesWords("back_promise");
    await says(kim, "back_tell", "Stanna inne hos grannen");
    await kim.doesNotSee(kim.say("back_promise"));
    await kim.press("back_canned_here");
    await kim.press("back_save_told");
    const told = kim.say("told_car_sent", { receiver: "112" });
    await noa.sees(told);
    // A ready text follows what the officer wrote.
    await noa.sees("Stanna inne hos grannen");
    await noa.sees(noa.like("told_at"));
    await noa.doesNotSee(noa.say("back_car_sent"));
    await kim.sees(kim.like("by_at", { number: "07" }));
    // In the other language, when something else comes back.
    await kim.press("back_none");
    await kim.press("back_canned_other");
    await kim.press("back_save_told");
    await noa.sees("I have passed on what you told me to 112. They do no more");
    expect((await desk.cards(talk))[0].answers.length === 2, "what came back was not written down twice");
  });

  await shows("when things have changed a new card takes the place of the older, which is kept", async () => {
    const { kim, talk } = await meet("Nu kommer det fler");
    await desk.makesCard(talk, "Tio personer bråkar");
    await kim.press("card_red_short");
    const first = await numberOf(kim);
    await kim.press("card_change");
    await eventually(async () => (await line(kim, "card_what").inputValue()) === "Tio personer bråkar", "the older card's words are not where they can be changed");
    await says(kim, "card_what", "Trettio personer bråkar");
    await kim.press("card_make", { receiver: "112" });
    await kim.page.locator(".hand-card.older").filter({ hasText: first }).waitFor();
    await eventually(async () => !(await card(kim).innerText()).includes(first) && NUMBER.test(await card(kim).innerText()), "the new card does not stand first");
    await kim.sees(kim.say("card_replaced_by", { number: await numberOf(kim) }));
    expect((await desk.cards(talk)).filter((one) => one.red).length === 1, "there is not exactly one red card");
  });

  await shows("a card that is made without a network says to phone all the same; one that is refused gives its words back", async () => {
    const { kims, kim, talk } = await meet("De slåss på torget");
    await kim.press("card_open");
    await line(kim, "card_what").waitFor();
    await kim.hasWorker();
    await line(kim, "card_what").waitFor();
    await kim.page.getByRole("radio", { name: "112", exact: true }).check();
    const what = "Slagsmål på Storgatan";
    await says(kim, "card_what", what);
    await kims.goesOffline();
    await kim.press("card_make", { receiver: "112" });
    await kim.seesWords("card_waits");
    await kim.page.reload();
    await kim.seesWords("card_waits");
    await kim.sees(what);
    // Meanwhile another phone of the same officer has made one.
    await desk.makesCard(talk, "Bråk på torget");
    await kims.comesBack();
    await kim.seesWords("problem_handover_red");
    await kim.press("card_refused_back");
    await eventually(async () => (await line(kim, "card_what").inputValue()) === what, "the words of the refused card are gone");
    await kim.sees(kim.say("card_in_the_way", { receiver: "112" }));
    expect(!(await kim.control("card_make", { receiver: "112" }).isEnabled()), "a second card to the same receiver can be made");
    await kim.page.getByRole("radio", { name: "114 14", exact: true }).check();
    await kim.press("card_make", { receiver: "114 14" });
    await eventually(async () => (await desk.cards(talk)).some((one) => one.receiver === "114-14" && one.card.what === what), "the other receiver got no card");
    await eventually(async () => (await kim.page.locator(".hand-card .incident").count()) === 2, "the two cards do not stand there");
  });

  await shows("a card is read aloud in half a minute or says that it is too long, and is printed alone", async () => {
    const { kim } = await meet("Kan ni komma hit");
    await kim.press("card_open");
    await says(kim, "card_what", "ord ".repeat(70));
    await kim.sees(kim.like("card_seconds_long"));
    await says(kim, "card_what", "Ungdom rädd på väg hem, följs av en man");
    await kim.doesNotSee(kim.like("card_seconds_long"));
    await kim.press("card_make", { receiver: "114 14" });
    const number = await numberOf(kim);
    await kim.press("card_aloud");
    const aloud = kim.page.getByRole("region", { name: kim.say("card_aloud") });
    await aloud.waitFor();
    const said = await aloud.innerText();
    expect(said.includes("114 14") && said.includes("följs av en man"), `it is read: ${said}`);
    expect(Number(said.match(/(\d+) sekunder/)?.[1]) <= 30, `it takes long: ${said}`);
    await kim.page.evaluate(() => (window.print = () => (window.printed = document.querySelectorAll(".hand-card:not(.not-printed)").length)));
    await kim.press("card_print");
    await eventually(() => kim.page.evaluate(() => window.printed === 1), "nothing was printed");
    await kim.page.emulateMedia({ media: "print" });
    await eventually(async () => (await kim.page.getByText(number).filter({ visible: true }).count()) > 0, "the number is not on the paper");
    const seen = await kim.page.evaluate(() => [...document.querySelectorAll("button, a, h1, input")].filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 80)));
    expect(seen.length === 0, `there is more on the paper than the card: ${seen}`);
  });

  await shows("a youth is asked for her place once: no is fine, yes shows it until it has expired by the clock", async () => {
    const { noas, noa, kim, talk } = await meet("Jag vågar inte gå hem", { of: { permissions: ["notifications", "geolocation"] }, by: { before: opensTheClock, permissions: ["notifications", "clipboard-read", "clipboard-write"] } });
    await noas.context.setGeolocation(PLACE);
    kim.presses = 0;
    await kim.press("place_ask");
    expect(kim.presses === 1, "asking took more than a press");
    await kim.sees(kim.like("place_asked"));
    await noa.seesWords("place_question");
    await noa.seesWords("place_why");
    await noa.press("place_no");
    await noa.seesWords("place_said_no");
    await kim.seesWords("place_declined");

    await kim.press("place_ask");
    await noa.press("place_yes");
    await noa.sees(noa.like("place_given_until"));
    await kim.seesWords("place_title");
    await kim.sees("65.584816, 22.156704");
    await kim.seesWords("place_accuracy", { metres: "18" });
    await kim.sees(kim.like("place_age"));
    await kim.page.locator('a[href="geo:65.584816,22.156704;u=18"]').waitFor();
    await kim.press("copy");
    await eventually(() => kim.page.evaluate(async () => (await navigator.clipboard.readText()) === "65.584816, 22.156704"), "the place was not copied");
    expect(!(await stored(kim)).includes("65.58481"), "the officer's phone keeps the place");
    // Onto a card it goes by a press.
    await kim.press("card_open");
    await kim.press("place_use");
    await eventually(async () => (await line(kim, "card_where").inputValue()).includes("65.584816"), "the place is not on the card");
    await kim.press("card_drop");
    await turnsTheClock(kim, 31 * 60_000);
    await kim.opens(`/desk/talk/${talk.conversation_id}`);
    // Half an hour without a touch has locked the app as well.
    await kim.press("lock_open_demo", { number: "07" });
    await kim.seesWords("place_gone");
    await kim.doesNotSee("65.584816");
  });

  await shows("a phone that shows no place says why, and where she is can be written", async () => {
    const { noa, kim } = await meet("Jag vet inte var jag är");
    await kim.press("place_ask");
    await noa.press("place_yes");
    await noa.seesWords("place_denied");
    await noa.press("place_write");
    await eventually(() => noa.composer().evaluate((field) => field === document.activeElement), "the field to write in has not the focus");
    await noa.writes("Vid busshållplatsen Skeppsbron");
    await kim.sees("Vid busshållplatsen Skeppsbron");
    await noa.press("place_no");
    await kim.seesWords("place_declined");
  });

  await shows("a yes without a network is kept, and goes when it is back", async () => {
    const { noas, noa, kim, talk } = await meet("Här är ingen täckning", { of: { permissions: ["notifications", "geolocation"] } });
    await noas.context.setGeolocation(PLACE);
    await desk.asksPlace(talk);
    await noa.seesWords("place_question");
    await noas.goesOffline();
    await noa.press("place_yes");
    await noa.seesWords("place_answer_saved");
    await noas.comesBack();
    await noa.sees(noa.like("place_given_until"), 30_000);
    await kim.sees("65.584816, 22.156704");
  });
});
