// What officers have at hand: a pause after what was hard, replies at two presses, several talks joined as one thing and answered at once,
// what police must act on, and looking for talks.
import { eventually, expect, shows, suite } from "./lib/cases.mjs";
import { onDuty } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { startServer } from "./lib/server.mjs";
import { remember } from "./lib/traces.mjs";
import { stored } from "./lib/trouble.mjs";

await suite("reply", async () => {
  const server = await startServer({ name: "reply" });
  const desk = await onDuty(server, "07");

  const writes = async (text, { danger = false } = {}) => {
    const noas = await phone(server);
    const noa = await noas.youth();
    await noa.opens();
    if (danger) await noa.press("danger_yes");
    await noa.writes(text);
    return { noas, noa, talk: await desk.talkSaying(text) };
  };
  const officer = async (number = "07") => {
    const kims = await phone(server);
    const kim = await kims.officer();
    await kim.isOnDuty(number);
    return { kims, kim };
  };
  const chip = (kim, name) => kim.page.locator(".at-hand").getByRole("button", { name, exact: true }).first();
  const row = (kim, name) => kim.page.locator(".replies").getByRole("button", { name });
  const composed = (kim) => kim.composer().inputValue();

  // First, while nobody in danger waits.
  await shows("after a case in danger the officer is asked once, at a calm moment, whether a pause is wanted; a lead sees how many there were", async () => {
    const { noa, talk } = await writes("Han slår sönder dörren", { danger: true });
    const { kim } = await officer("12");
    await kim.opens(`/desk/talk/${talk.conversation_id}`);
    await kim.press("desk_take");
    await kim.writes("Gå till grannen, och ring 112");
    await noa.sees("Gå till grannen, och ring 112");
    await kim.opens("/desk/me");
    await kim.seesWords("hard_own", { count: "1" });
    await kim.pressCard("desk_nav_talks");
    await kim.seesWords("desk_mine");
    await kim.doesNotSee(kim.say("pause_ask"));
    await kim.opens(`/desk/talk/${talk.conversation_id}`);
    await kim.press("desk_close");
    await kim.press("outcome_advice_given");
    await kim.seesWords("desk_closed_text");
    await kim.opens("/desk");
    await kim.seesWords("pause_ask");
    await kim.press("pause_no");
    await kim.doesNotSee(kim.say("pause_ask"));
    await kim.opens("/desk/me");
    await kim.seesWords("hard_own", { count: "1" });
    await kim.pressCard("desk_nav_talks");
    await kim.seesWords("desk_mine");
    await kim.doesNotSee(kim.say("pause_ask"));

    const other = await writes("Han skickar bilder på mig till alla");
    await kim.opens(`/desk/talk/${other.talk.conversation_id}`);
    await kim.press("desk_take");
    await kim.press("hard_mark");
    await kim.seesWords("hard_marked");
    await kim.opens("/desk");
    await kim.seesWords("pause_ask");
    await kim.press("pause_yes");
    await kim.seesWords("pause_how");
    const { kim: robin } = await officer("03");
    await robin.opens("/desk/me");
    await robin.seesWords("hard_of", { number: "12", count: "2" });
  });

  await shows("from the queue to a reply in the composer in two presses, and from an alarm to an answer in three", async () => {
    const text = "De är utanför nu och bankar";
    const { noa, talk } = await writes(text, { danger: true });
    const { kim } = await officer();
    kim.presses = 0;
    await kim.pressCardSaying(text);
    await kim.presses_(chip(kim, "Jag läser nu"));
    await eventually(async () => (await composed(kim)).includes("polis 07"), "the reply is not in the composer with its number");
    expect(kim.presses === 2, `it took ${kim.presses} presses`);
    expect((await desk.messages(talk.conversation_id)).length === 1, "the reply was sent by itself");
    await kim.press("composer_send");
    await noa.sees("Jag är polis 07 i Nätpatrullen");

    // What a press on the alarm opens.
    const cry = await writes("Han har en kniv, kom", { danger: true });
    kim.presses = 1;
    await kim.opens(`/talk/${cry.talk.conversation_id}`);
    await kim.presses_(chip(kim, "Ring 112"));
    await eventually(async () => (await composed(kim)).includes("112"), "the reply is not in the composer");
    await kim.press("composer_send");
    await cry.noa.sees("De kan skicka hjälp");
    expect(kim.presses <= 3, `it took ${kim.presses} presses`);
  });

  await shows("all replies stand behind a press, in easy Swedish and in English, without a network too", async () => {
    const { talk } = await writes("Jag undrar vem som kan hjälpa mig");
    const { kims, kim } = await officer();
    await kim.opens(`/desk/talk/${talk.conversation_id}`);
    await kim.press("desk_take");
    await kim.composer().waitFor();
    await kim.press("reply_more");
    await kim.press("reply_en");
    await kim.presses_(row(kim, /^Du är inte ensam/));
    await eventually(async () => (await composed(kim)).includes("Bris on 116 111"), "the helpline is not filled in, in English");
    await kim.composer().fill("");
    await kim.hasWorker();
    await chip(kim, "Var är du?").or(chip(kim, "Fler svar")).first().waitFor();
    await kims.goesOffline();
    await kim.page.reload();
    await kim.press("reply_more");
    await kim.press("reply_easy");
    await kim.presses_(row(kim, /^Lås och håll er inne/));
    await eventually(async () => (await composed(kim)).startsWith("Gå in. Lås dörren."), "no reply without a network");
    await kim.seesWords("level_words", { level: kim.say("level_easy") });
    await kim.composer().fill(remember("Polismyndigheten konstaterar att förundersökningen beträffande händelsen kommer att återupptas skyndsamt."));
    await kim.seesWords("level_words", { level: kim.say("level_hard") });
    await kims.comesBack();
  });

  await shows("a lead changes a reply, and another officer has it at hand", async () => {
    const { kim: robin } = await officer("03");
    await robin.opens("/desk/replies");
    await robin.press("reply_change_named", { name: "Tack för frågan" });
    await robin.page.getByLabel(robin.like("reply_name")).fill("Tack, jag kollar");
    await robin.page.getByLabel(robin.say("reply_sv"), { exact: true }).fill("Tack! Jag kollar upp det. Jag är {number}.");
    await robin.keepsHalfWritten();
    await robin.page.reload();
    await robin.seesWords("level_words", { level: robin.say("level_easy") });
    await robin.press("reply_save");
    await robin.sees("Jag kollar upp det");
    const { talk } = await writes("En fråga till er");
    const { kim: alex } = await officer("12");
    await alex.opens(`/desk/talk/${talk.conversation_id}`);
    await alex.press("reply_more");
    await alex.presses_(row(alex, /^Tack, jag kollar/));
    await eventually(async () => (await composed(alex)) === "Tack! Jag kollar upp det. Jag är 12.", "the changed reply is not at hand");
  });

  await shows("three talks are joined as one party, one answer goes to two of them, and no youth learns of the others", async () => {
    const texts = ["Festen på Ågatan spårar ur", "Det slåss folk på Ågatan", "Är det ni som kommer till Ågatan"];
    const youths = [];
    for (const text of texts) youths.push(await writes(text));
    const { kim } = await officer();
    await kim.press("incident_join");
    for (const text of texts) await kim.page.getByRole("checkbox", { name: text }).check();
    const title = "Fest med tre som skrivit";
    await kim.page.getByLabel(kim.like("incident_name")).fill(remember(title));
    await kim.press("incident_join_count", { count: "3" });
    await kim.page.getByRole("heading", { name: title }).waitFor();
    await eventually(async () => (await kim.page.locator(".joined").count()) === 3, "the three talks do not stand there");
    await kim.sees(/[2-9A-Z]{4}-[2-9A-Z]{4}/);
    await kim.page.locator(".joined").filter({ hasText: texts[2] }).getByRole("checkbox").uncheck();
    const answer = "Gå därifrån tillsammans med någon du litar på.";
    await kim.page.getByLabel(kim.say("incident_answer"), { exact: true }).last().fill(remember(answer));
    await kim.press("incident_send", { count: "2" });
    await kim.seesWords("incident_sent", { count: "2" });
    for (const { noa } of youths.slice(0, 2)) await noa.sees(answer);
    for (const [nth, { talk }] of youths.entries()) {
      const said = (await desk.messages(talk.conversation_id)).filter((message) => message.text === answer);
      expect(said.length === (nth < 2 ? 1 : 0), `the answer stands ${said.length} times in talk ${nth}`);
    }
    for (const { noa } of youths) {
      const all = (await stored(noa)) + (await noa.page.content());
      for (const word of [title, "incident"]) expect(!all.includes(word), `the youth's phone holds "${word}"`);
    }
    // A colleague sees it at the desk, and takes one out.
    const { kim: alex } = await officer("12");
    await alex.seesWords("incidents_title");
    await alex.page.locator(`a[href^="/desk/incident/"]`).filter({ hasText: title }).first().click();
    await alex.page.locator(".joined").filter({ hasText: texts[2] }).getByRole("button", { name: alex.say("incident_leave") }).click();
    await eventually(async () => (await alex.page.locator(".joined").count()) === 2, "it was not taken out");
    await kim.opens(`/desk/talk/${youths[0].talk.conversation_id}`);
    await kim.sees(title);
  });

  await shows("what police must act on is told in one line before anything hard is told, never before danger, without a network too", async () => {
    const noas = await phone(server);
    const noa = await noas.youth();
    await noa.opens();
    await noa.seesWords("duty_line");
    await noa.hasWorker();
    await noa.press("duty_which");
    await noa.sees("under 18 år");
    await noa.press("duty_easy");
    await noa.sees("Ett barn har det illa");
    await noas.goesOffline();
    await noa.page.reload();
    await noa.sees("under 18 år");
    await noas.comesBack();
    await noa.press("duty_back");
    await noa.writes("Min styvpappa slår mig");
    await noa.sees("Min styvpappa slår mig");
    await noa.seesWords("duty_line");

    const ida = await (await phone(server)).youth();
    await ida.opens();
    await ida.press("danger_yes");
    await ida.doesNotSee(ida.say("duty_line"));
    await ida.writes("De har knivar");
    await ida.sees("De har knivar");
    await ida.doesNotSee(ida.say("duty_line"));
  });

  await shows("an orosanmälan is asked for, decided with its reason and seen by a colleague; an own crime stops the questions", async () => {
    const { noa, talk } = await writes("Jag vill dö, ingen hemma bryr sig");
    const { kim } = await officer();
    await kim.opens(`/desk/talk/${talk.conversation_id}`);
    await kim.press("desk_take");
    await kim.seesWords("duty_child_ask");
    await kim.page.getByRole("radio", { name: kim.say("duty_made") }).check();
    const reason = "Hon är fjorton och ensam hemma";
    await kim.page.getByLabel(kim.say("duty_reason"), { exact: true }).fill(remember(reason));
    await kim.press("duty_save");
    await kim.doesNotSee(kim.say("duty_child_ask"));
    await kim.presses_(kim.page.locator(".duty summary"));
    await kim.press("duty_crime_raise");
    await kim.seesWords("duty_crime_stop");
    await kim.page.getByRole("radio", { name: kim.say("duty_stopped") }).check();
    await kim.press("duty_save");
    await kim.doesNotSee(kim.say("duty_crime_stop"));
    const { kim: alex } = await officer("12");
    await alex.opens(`/desk/talk/${talk.conversation_id}`);
    await alex.presses_(alex.page.locator(".duty summary"));
    await alex.sees(reason);
    await alex.sees(alex.say("duty_stopped"));
    const all = (await stored(noa)) + (await noa.page.content());
    for (const word of [reason, "child_duty"]) expect(!all.includes(word), `the youth's phone holds "${word}"`);
  });

  await shows("officers find a talk by its kind, its holder and its card's number", async () => {
    const text = "Vem ser det här";
    const { talk } = await writes(text);
    await desk.takes(talk);
    await desk.makesCard(talk, "Tre står utanför");
    const [{ number }] = await desk.cards(talk);
    const { kim } = await officer("12");
    await kim.press("search_title");
    await kim.page.getByLabel(kim.like("search_number")).fill(number.toLowerCase());
    await kim.press("search_look");
    await kim.seesWords("search_count", { count: "1" });
    await kim.page.getByLabel(kim.like("search_holder")).fill("12");
    await kim.press("search_look");
    await kim.seesWords("search_none");
    await kim.page.getByLabel(kim.like("search_holder")).fill("07");
    await kim.page.getByLabel(kim.like("search_state")).selectOption("taken");
    await kim.press("search_look");
    await kim.pressCardSaying(text);
    await kim.sees(kim.like("desk_held_other", { number: "07" }));
  });
});
