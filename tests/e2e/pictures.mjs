// Takes the README's pictures from the demo: node tests/e2e/pictures.mjs
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { eventually, shows, suite } from "./lib/cases.mjs";
import { onDuty } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { root } from "./lib/root.mjs";
import { rests } from "./lib/screens.mjs";
import { startServer } from "./lib/server.mjs";

await suite("pictures", async () => {
  const out = join(root, "docs/pictures");
  mkdirSync(out, { recursive: true });
  const server = await startServer({ name: "pictures" });
  const desk = await onDuty(server, "07");
  const take = async (someone, name) => {
    await rests(someone);
    await someone.page.screenshot({ path: join(out, `${name}.png`) });
  };

  await shows("the youth's side", async () => {
    const noa = await (await phone(server)).youth();
    await noa.opens();
    await take(noa, "youth-first-screen");
    await noa.writes("Hej! En kille i min klass sprider en bild på mig. Vad kan jag göra?");
    const talk = await desk.talkSaying("Hej! En kille i min klass sprider en bild på mig. Vad kan jag göra?");
    await desk.takes(talk);
    await desk.reads(talk);
    await desk.answers(talk, "Hej, vad bra att du skriver. Du har inte gjort fel. Är du trygg just nu?");
    await noa.sees("Är du trygg just nu?");
    await take(noa, "youth-talk");
  });

  await shows("the officer's side", async () => {
    const kim = await (await phone(server)).officer();
    await kim.isOnDuty("07");
    await eventually(() => kim.page.getByText(kim.say("desk_live")).count(), "the desk did not go live");
    await take(kim, "officer-desk");
  });
});
