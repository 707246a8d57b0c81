// Every screen of this version and how to get there, for axe and for the pictures.
import { expect } from "./cases.mjs";

/** Both take somebody who has opened the app; `state` holds ids made before. */
export const youthScreens = [
  ["home", "/"],
  ["talk", ({ talk }) => `/talk/${talk}`],
  ["talk-report", ({ talk }) => `/talk/${talk}/report`],
  ["talk-remove", ({ talk }) => `/talk/${talk}/remove`],
  ["talks", "/talks"],
  ["tell", "/tell"],
  ["guides", "/guides"],
  ["guide", "/guides/sexual-image"],
  ["guide of nothing", "/guides/nothing"],
  ["parents", "/parents"],
  ["reports", "/reports"],
  ["report", ({ report }) => `/report/${report}`],
  ["report-remove", ({ report }) => `/report/${report}/remove`],
  ["tips", "/tips"],
  ["tip of nothing", "/tips/00000000-0000-7000-8000-000000000000"],
  ["posts", "/posts"],
  ["post of nothing", "/posts/00000000-0000-7000-8000-000000000000"],
  ["polls", "/polls"],
  ["poll of nothing", "/polls/00000000-0000-7000-8000-000000000000"],
  ["ideas", "/ideas"],
  ["ideas of nobody", "/ideas/mine"],
  ["ideas that were answered", "/ideas/answered"],
  ["dialogues", "/dialogues"],
  ["dialogue of nothing", "/dialogues/00000000-0000-7000-8000-000000000000"],
  ["notices", "/notices"],
  ["more", "/more"],
  ["patrol", "/patrol"],
  ["device", "/device"],
  ["data", "/data"],
  ["unsent", "/unsent"],
  ["safe", "/safe"],
  ["shared", "/shared"],
  ["open", "/open"],
  ["half a link", "/r#half"],
  ["who", "/who"],
  ["duty", "/duty"],
  ["about", "/about"],
  ["privacy", "/privacy"],
  ["accessibility", "/accessibility"],
  ["not-found", "/nowhere"],
];
export const officerScreens = [
  ["desk", "/desk"],
  ["desk-talk", ({ talk }) => `/desk/talk/${talk}`],
  ["desk-cards", ({ talk }) => `/desk/talk/${talk}/cards`],
  ["desk-reports", "/desk/reports"],
  ["desk-reports-search", "/desk/reports/search"],
  ["desk-report", ({ report }) => `/desk/report/${report}`],
  ["desk-talk-record", ({ talk }) => `/desk/talk/${talk}/record`],
  ["desk-report-record", ({ report }) => `/desk/report/${report}/record`],
  ["desk-tip", "/desk/tip"],
  ["desk-tips", "/desk/tips"],
  ["desk-tip-recall of nothing", "/desk/tips/00000000-0000-7000-8000-000000000000/recall"],
  ["desk-posts", "/desk/posts"],
  ["desk-post", "/desk/posts/new"],
  ["desk-post-correct of nothing", "/desk/posts/00000000-0000-7000-8000-000000000000/correct"],
  ["desk-polls", "/desk/polls"],
  ["desk-poll", "/desk/poll"],
  ["desk-ideas", "/desk/ideas"],
  ["desk-dialogues", "/desk/dialogues"],
  ["desk-dialogue", "/desk/dialogues/new"],
  ["desk-dialogue of nothing", "/desk/dialogues/00000000-0000-7000-8000-000000000000"],
  ["desk-dialogue-change of nothing", "/desk/dialogues/00000000-0000-7000-8000-000000000000/change"],
  ["desk-me", "/desk/me"],
  ["desk-shift", "/desk/shift"],
  ["desk-invite of nobody who is out", "/desk/invite"],
  ["desk-posters", "/desk/posters"],
  ["desk-search", "/desk/search"],
  ["desk-join", "/desk/join"],
  ["desk-join of a report", ({ report }) => `/desk/join/${report}`],
  ["desk-incident of no talks", "/desk/incident/none"],
  ["desk-replies", "/desk/replies"],
  ["desk-duty of no lead", "/desk/duty"],
  ["desk-unsent", "/desk/unsent"],
  ["desk-records of no lead", "/desk/records"],
  ["desk-lead of no lead", "/desk/lead"],
  ["desk-investigators of no lead", "/desk/investigators"],
];
export const leadScreens = [
  ["desk-me of a lead", "/desk/me"],
  ["desk-lead", "/desk/lead"],
  ["desk-staff", "/desk/staff"],
  ["desk-investigators of nobody", "/desk/investigators"],
  ["desk-hours", "/desk/hours"],
  ["desk-duty", "/desk/duty"],
  ["desk-records", "/desk/records"],
  ["desk-talk-record of a lead", ({ talk }) => `/desk/talk/${talk}/record`],
  ["desk-report-record of a lead", ({ report }) => `/desk/report/${report}/record`],
];
export const strangerScreens = [["sign-in", "/sign-in"], ["invite-used", "/invite/none"]];

export const pathOf = (where, state) => (typeof where === "function" ? where(state) : where);

/** The screen has come to rest: its heading is there, and nothing says that it is loading. */
export async function rests(someone) {
  const { page } = someone;
  await page.locator("h1").filter({ visible: true }).first().waitFor();
  await page.waitForFunction((text) => !document.body.innerText.includes(text), someone.say("loading"), { timeout: 30_000 });
  await stillness(page);
  expect((await page.locator("h1").filter({ visible: true }).count()) === 1, "the screen has not exactly one heading of the first level");
}

/** Nothing moves: colours measured in the middle of a fade would be nobody's. */
export const stillness = (page) => page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))).then(() => undefined));
