// What a youth is asked of a talk: one press while it goes on and two when it is over, nothing required, and nothing at all where there was
// danger.
import { expect, shows, suite } from "./lib/cases.mjs";
import { onDuty } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { startServer } from "./lib/server.mjs";

await suite("survey", async () => {
  const server = await startServer({ name: "survey" });
  const desk = await onDuty(server, "07");

  const comesIn = async (how = {}) => {
    const noas = await phone(server, how);
    const noa = await noas.youth();
    await noa.opens();
    return { noas, noa };
  };
  const asked = (noa) => noa.page.getByRole("region", { name: noa.say("survey_title"), exact: true });
  const isAskedNothing = async (noa) => expect((await asked(noa).count()) === 0, "something is asked");

  await shows("one press is asked after her first words and two when the talk is over; each may be let be, and none is asked again", async () => {
    const { noa } = await comesIn();
    const text = "Får man filma en polis på stan?";
    await noa.writes(text);
    await noa.seesWords("survey_called");
    await noa.press("survey_no");
    await noa.seesWords("survey_thanks");
    await isAskedNothing(noa);
    const talk = await desk.talkSaying(text);
    await desk.takes(talk);
    await desk.answers(talk, "Ja, det får man.");
    await noa.sees("Ja, det får man.");
    await desk.reads(talk);
    await desk.closes(talk);
    await noa.seesWords("survey_told");
    // By the keyboard alone: what is asked next has the focus when the one before is gone.
    await noa.control("survey_skip").focus();
    await noa.page.keyboard.press("Enter");
    await noa.seesWords("survey_helped");
    expect(await asked(noa).evaluate((box) => box === document.activeElement), "the focus is lost");
    await noa.page.keyboard.press("Tab");
    await noa.page.keyboard.press("Enter");
    await noa.seesWords("survey_thanks");
    await noa.page.reload();
    await noa.seesWords("talk_closed_text");
    await noa.sees(text);
    await isAskedNothing(noa);
    const seen = (await desk.conversations()).find((one) => one.conversation_id === talk.conversation_id);
    expect(!JSON.stringify(seen).includes("survey") && seen.asks === undefined && seen.helped === undefined, `the desk reads ${JSON.stringify(seen)}`);
  });

  await shows("in danger, and of words of extortion, nothing is asked; nor where there is no network", async () => {
    for (const [text, danger] of [["De är utanför dörren", true], ["Han hotar att sprida bilder på mig", false]]) {
      const { noa } = await comesIn();
      if (danger) await noa.press("danger_yes");
      await noa.writes(text);
      await noa.seesWords("state_arrived");
      const talk = await desk.talkSaying(text);
      await desk.takes(talk);
      await desk.answers(talk, "Jag läser. Är du i säkerhet?");
      await noa.sees("Jag läser. Är du i säkerhet?");
      await desk.reads(talk);
      await desk.closes(talk);
      await noa.seesWords("talk_closed_text");
      await isAskedNothing(noa);
    }
    const { noas, noa } = await comesIn();
    await noa.writes("Hur blir man polis?");
    await noa.seesWords("survey_called");
    await noas.goesOffline();
    await asked(noa).waitFor({ state: "detached" });
  });
});
