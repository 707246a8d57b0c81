// Where the patrol is, for anyone: who is out, by number and account, when it goes next, and whether somebody can be written to.
import { eventually, expect, shows, suite } from "./lib/cases.mjs";
import { onDuty } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { startServer } from "./lib/server.mjs";

await suite("patrols", async () => {
  const server = await startServer({ name: "patrols" });
  const desk = await onDuty(server, "07");

  await shows("somebody who is nobody yet sees that nobody is out, who goes out and in which quarters, and when the patrol goes next", async () => {
    const { quarter_id, name, platform, account } = (await desk.quarters()).find(({ status }) => status === "active");
    const its = await phone(server);
    const noa = await its.youth();
    await noa.opens("/more");
    await noa.pressCard("board_title");
    await noa.seesWords("board_nobody");
    await noa.seesWords("board_next");
    await desk.startsShift();
    const patrol_id = await desk.goesOut(["07", "12"], [quarter_id]);
    await noa.page.reload();
    await noa.seesWords("board_officers", { numbers: "07" });
    await noa.sees(account);
    await noa.sees(platform);
    const page = await noa.page.locator("main").innerText();
    expect(!page.includes("12"), "an officer who is on no shift is shown");
    expect(page.includes(name) || page.includes(platform), `the quarter ${name} is not shown`);
    // The way into the chat, and the quick exit, are at hand.
    expect((await noa.control("board_write").count()) === 1 && (await noa.control("exit").count()) === 1, "a way is missing");
    await desk.comesIn(patrol_id);
    await noa.page.reload();
    await noa.seesWords("board_nobody");
    await its.close();
  });

  await shows("without a network it says so, and nothing that was is told as if it were", async () => {
    const its = await phone(server);
    const noa = await its.youth();
    await noa.opens("/patrol");
    await noa.seesWords("board_next");
    await its.goesOffline();
    await eventually(async () => (await noa.page.getByText(noa.say("board_next"), { exact: true }).count()) === 0, "what was stands as if it were");
    await noa.seesWords("fetch_offline");
    await its.close();
  });
});
