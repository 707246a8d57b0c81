// Somebody walks in: the quick exit, what it leaves on the phone, and pushes that come only when it is safe. Each case looks at what
// another pair of eyes would see, or dumps what the browser keeps.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterwards, eventually, expect, shows, suite } from "./lib/cases.mjs";
import { onDuty } from "./lib/patrol.mjs";
import { keepsNothing, phone } from "./lib/people.mjs";
import { aPicture } from "./lib/picture.mjs";
import { pathOf, youthScreens } from "./lib/screens.mjs";
import { startServer } from "./lib/server.mjs";
import { changes, cut, keeps, partOf, stored } from "./lib/trouble.mjs";
import { subscribes, takesPushes } from "./lib/woken.mjs";

const folder = mkdtempSync(join(tmpdir(), "natpatrull-exit-"));
afterwards(() => rmSync(folder, { recursive: true, force: true }));
const shot = join(folder, "hot.png");
writeFileSync(shot, aPicture());

const PUSH = "**/api/v1/sync/push";
const PARCELS = "**/api/v1/sync/parcels";

/** In the page, before it loads: tells of each change in what is painted of the app, and by which load of it. */
function tellsWhatShows() {
  let last = "";
  const look = () => {
    const app = document.querySelector("#app");
    const now = app?.checkVisibility() ? app.innerText.trim() : "";
    if (now !== last && now) window.appShows?.({ text: now, load: performance.timeOrigin });
    last = now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** In the page, before it loads: a browser without workers, where nothing is served but by the server and nothing sent but by the page. */
function hasNoWorker() {
  delete Navigator.prototype.serviceWorker;
}

const CALENDAR = /Vecka \d+/;
const isCalendar = (someone) => eventually(async () => new URL(someone.page.url()).pathname === "/calendar.html" && CALENDAR.test(await someone.page.innerText("body")), () => `${someone.page.url()} shows no calendar`);

await suite("exit", async () => {
  const server = await startServer({ name: "exit" });
  const desk = await onDuty(server, "07");

  const stands = async (text) => (await desk.messagesSaying(text)).length;
  const standsOnce = async (text) => {
    await eventually(async () => (await stands(text)) > 0, `"${text}" did not arrive`, 30_000);
    await new Promise((next) => setTimeout(next, 700));
    const times = await stands(text);
    expect(times === 1, `"${text}" stands with the server ${times} times`);
  };
  /** A phone on which it is noted what anybody could see of the app. */
  const watched = async (how = {}) => {
    const noas = await phone(server, { ...how, before: [tellsWhatShows, ...[how.before ?? []].flat()] });
    const seen = [];
    await noas.context.exposeBinding("appShows", (_source, shown) => void seen.push(shown));
    return { noas, seen };
  };
  const leaves = async (someone) => {
    await someone.press("exit");
    await isCalendar(someone);
  };
  /** Nothing of what was kept of these words can be found; what the exit does behind the calendar may take a moment. */
  const holdsNone = (someone, ...texts) =>
    eventually(async () => {
      const kept = JSON.stringify(await keeps(someone)) + (await stored(someone));
      return !texts.some((text) => kept.includes(text));
    }, `the phone still holds one of: ${texts}`);
  /** Steps back or forward as often as the history goes. */
  const steps = async (someone, way) => {
    for (let n = 0; n < 12; n++) {
      await someone.page[way]({ waitUntil: "commit", timeout: 4000 }).catch(() => null);
      await eventually(async () => {
        const url = someone.page.url();
        return url === "about:blank" || (new URL(url).pathname === "/calendar.html" && !(await someone.page.locator("#app").count()));
      }, () => `${way} leads to ${someone.page.url()}`);
    }
  };
  const keepsCode = async (someone) => {
    await someone.opens();
    const code = await someone.readsCode();
    await someone.fills("code_confirm_label", code.slice(-4));
    await someone.press("code_confirm");
    await someone.seesWords("code_saved");
    return code;
  };
  /** Somebody whose first words have arrived. */
  const begins = async (text, how = {}) => {
    const { noas, seen } = await watched(how);
    const noa = await noas.youth();
    await noa.opens();
    await noa.writes(text);
    await noa.seesWords("state_arrived");
    await eventually(async () => (await keeps(noa)).kept.some((row) => Object.values(row ?? {}).some((one) => one?.renewed_at !== undefined)), "the phone has no capability");
    return { noas, noa, seen };
  };
  /** Words that are not sent; the tab keeps them a moment after they are written. */
  const beginsToWrite = async (someone, text) => {
    await someone.composer().fill(text);
    await eventually(() => someone.page.evaluate(() => sessionStorage.getItem("natpatrull-half-written") !== null), "the tab does not keep what is half written");
  };
  /** From here on nothing gets through, and these words wait. */
  const waits = async (noas, noa, text) => {
    const off = await cut(noas.context, PUSH, PARCELS);
    await noa.writes(text);
    await noa.seesWords("state_saved");
    return off;
  };

  await shows("from five screens deep a press shows a calendar, and neither back nor forward shows the app again", async () => {
    const { noas, seen } = await watched();
    const noa = await noas.youth();
    await noa.opens("/more");
    await noa.press("more_about");
    await noa.seesWords("about_1_title");
    // The same tab, and the address typed anew: what lies before is another visit.
    await noa.opens();
    await noa.seesWords("exit_hint");
    await noa.pressCard("nav_tell");
    await noa.beginsToTell();
    await noa.fills("tell_what_label", "Han kommer snart hem");
    await noa.goesOn();
    await noa.pressCard("nav_tips");
    await noa.pressCard("nav_more");
    await noa.press("safe_title");
    await noa.seesWords("exit_1");
    await leaves(noa);
    expect((await noa.page.title()) === "Kalender", `the tab says ${await noa.page.title()}`);
    expect(!/polis|patrull|112/i.test(await noa.page.innerText("body")), "the calendar tells whose it is");
    const before = seen.length;
    await steps(noa, "goBack");
    await steps(noa, "goForward");
    await noa.page.reload();
    await isCalendar(noa);
    expect(seen.length === before, `a step of the history showed: ${seen.slice(before).map(({ text }) => text).join(" | ").slice(0, 300)}`);
    // The address is the way back in, and what lies before it in the history stays closed.
    await noa.opens();
    await noa.seesWords("home_title");
    const inside = await noa.page.evaluate(() => performance.timeOrigin);
    await noa.page.goBack({ waitUntil: "commit" }).catch(() => null);
    await isCalendar(noa);
    expect(seen.slice(before).every(({ load }) => load === inside), "a step back from the new visit showed the old one");
    await noa.page.goForward({ waitUntil: "commit" });
    await noa.seesWords("home_title");
  });

  await shows("Shift three times leaves as well, and writing in capitals does not; the first Tab reaches the way out", async () => {
    const noa = await (await phone(server)).youth();
    await noa.opens();
    const presses = () => noa.page.locator("html").getAttribute("data-presses");
    await noa.composer().focus();
    for (const key of ["A", "B", "C", "D"]) await noa.page.keyboard.press(`Shift+${key}`);
    await eventually(async () => (await noa.composer().inputValue()) === "ABCD", "capitals cannot be written");
    expect([null, "0"].includes(await presses()), "a capital letter counts as a press");
    for (const times of ["1", "2"]) {
      await noa.page.keyboard.press("Shift");
      await eventually(async () => (await presses()) === times, "a press is not shown");
    }
    await noa.page.keyboard.press("x");
    await eventually(async () => (await presses()) === "0", "another key does not begin the count anew");
    for (let n = 0; n < 3; n++) await noa.page.keyboard.press("Shift");
    await isCalendar(noa);

    await noa.opens();
    await noa.seesWords("home_title");
    await noa.page.keyboard.press("Tab");
    expect(await noa.page.evaluate(() => document.activeElement?.matches("[data-exit]")), "the first link is another");
    await noa.page.keyboard.press("Enter");
    await isCalendar(noa);
  });

  await shows("the way out stands at the top of every youth's screen, covers no 112, and works before the app has come", async () => {
    const noas = await phone(server, { width: 320, height: 640 });
    const noa = await noas.youth();
    await noa.opens();
    await noa.writes("Ett samtal för alla skärmar");
    await noa.seesWords("state_arrived");
    const { conversation_id: talk } = await desk.talkSaying("Ett samtal för alla skärmar");
    await noa.tellsOfThreat({ what: "En rapport för alla skärmar", place: "Nätet" });
    await noa.press("tell_send");
    const [{ report_id: report }] = await eventually(async () => {
      const found = await desk.reportsSaying("En rapport för alla skärmar");
      return found.length && found;
    }, "the report did not arrive");
    for (const [name, where] of youthScreens) {
      await noa.opens(pathOf(where, { talk, report }));
      await noa.page.locator("h1").filter({ visible: true }).first().waitFor();
      const faults = await noa.page.evaluate(() => {
        for (const one of document.querySelectorAll(".scroll, .talk-body")) one.scrollTo(0, one.scrollHeight);
        const exit = document.querySelector("[data-exit]");
        const box = exit?.getBoundingClientRect();
        if (!exit?.checkVisibility() || box.top < 0 || box.bottom > innerHeight) return "there is no way out";
        const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        if (!exit.contains(hit)) return "something lies over the way out";
        const alarms = [...document.querySelectorAll('a[href="tel:112"]')].map((one) => one.getBoundingClientRect());
        return alarms.some((one) => one.bottom > box.bottom && one.top < box.bottom - 1 && !document.querySelector(".scroll")) ? "it covers 112" : "";
      });
      expect(faults === "", `${name}: ${faults}`);
    }
    await noas.close();

    const sams = await phone(server, { before: hasNoWorker });
    const sam = await sams.youth();
    await cut(sams.context, partOf("index"));
    await sam.opens();
    await leaves(sam);
  });

  await shows("without a network the calendar comes all the same, and a browser that keeps nothing shows an empty page", async () => {
    const noas = await phone(server);
    const noa = await noas.youth();
    await noa.opens();
    await noa.hasWorker();
    await noa.pressCard("nav_tips");
    await noas.goesOffline();
    await leaves(noa);
    await steps(noa, "goBack");
    await noas.close();

    const tabs = await phone(server, { before: keepsNothing });
    const tab = await tabs.youth();
    await tab.opens();
    await tab.seesWords("memory_title");
    await tab.composer().fill("Syns det här än?");
    await tabs.goesOffline();
    await tab.press("exit");
    await tab.page.getByRole("alert").filter({ hasText: "Kalender" }).waitFor({ state: "attached" });
    expect((await tab.page.innerText("body")).trim() === "Kalender", "something of the app is left");
    expect((await tab.page.title()) === "Kalender", "the tab tells whose it is");
  });

  await shows("who surely has the code leaves an empty phone: what waited is sealed and comes once at the next start, what was only begun does not", async () => {
    const { noas, noa } = await begins("Hej innan någon kommer", { before: hasNoWorker });
    await keepsCode(noa);
    await noa.opensTalk();
    const off = await waits(noas, noa, "Orden som ännu väntar");
    await beginsToWrite(noa, "Det jag aldrig skickade");
    await noa.opens("/safe");
    await noa.seesWords("exit_empties");
    await noa.seesWords("exit_begun_gone");
    await leaves(noa);
    await holdsNone(noa, "innan någon", "ännu väntar", "aldrig skickade", "account_id");
    const { parcels, outbox, kept } = await keeps(noa);
    expect(parcels.length === 1 && outbox.length === 0, `${parcels.length} parcels and ${outbox.length} actions stand on the phone`);
    expect(!kept.some((row) => row?.code), "the code stands on the phone");
    await off();
    const next = await noas.youth();
    await next.opens();
    await next.doesNotSee(next.like("home_talks"));
    await standsOnce("Orden som ännu väntar");
    expect((await stands("Det jag aldrig skickade")) === 0, "what was only begun was sent");
    await eventually(async () => (await keeps(next)).parcels.length === 0, "the parcel still stands on the phone");
  });

  await shows("words that somebody has changed on the phone do not outlive an exit that empties it", async () => {
    const { noas, noa } = await begins("Hej innan någon rör telefonen", { before: hasNoWorker });
    await keepsCode(noa);
    await noa.opensTalk();
    const off = await waits(noas, noa, "Orden som någon ändrar");
    // The app itself, if it ran, would write the words anew at the end of an attempt.
    await noa.opens("/icons/calendar-180.png");
    await changes(noa);
    await noa.opens("/safe");
    // A mark that something was read may wait with them.
    const told = new RegExp(["unopened_one", "unopened_many"].map((key) => noa.like(key).source).join("|"));
    await noa.sees(told);
    await noa.seesWords("exit_empties");
    await leaves(noa);
    await holdsNone(noa, "rör telefonen", "account_id");
    await off();
    await noa.opens();
    await noa.seesWords("home_title");
    await noa.doesNotSee(told);
  });

  await shows("what is begun goes along where that was chosen, and a tab that was open beside it leaves as well", async () => {
    const { noas, noa } = await begins("Hej från två flikar");
    const code = await keepsCode(noa);
    await noa.opens("/safe");
    await noa.press("exit_begun");
    await noa.seesWords("exit_begun_goes");
    const two = await noas.youth();
    await two.opensTalk();
    await two.seesWords("talk_title");
    await noa.opensTalk();
    await beginsToWrite(noa, "Halvt skrivet när dörren gick upp");
    await leaves(noa);
    await isCalendar(two);
    await steps(two, "goBack");
    await standsOnce("Halvt skrivet när dörren gick upp");
    await holdsNone(noa, "två flikar", "dörren");
    // The code is the way back to all of it.
    await noa.opens("/open");
    await noa.fills("open_label", code);
    await noa.press("open_action");
    await noa.sees("Halvt skrivet när dörren gick upp");
  });

  await shows("without a code that is surely kept, or by choice, or where something would be lost, it only hides, and says so before", async () => {
    const { noas, noa } = await begins("Hej utan sparad kod", { before: hasNoWorker });
    await beginsToWrite(noa, "Resten skriver jag sen");
    const goesAndComes = async (why) => {
      await noa.opens("/safe");
      await noa.seesWords("exit_hides");
      await noa.seesWords(why);
      await leaves(noa);
      await eventually(() => noa.page.evaluate(() => localStorage.getItem("natpatrull-exit-due") === null), "the exit is not brought to its end");
      await noa.opens();
      await noa.seesWords("home_talks");
      await noa.sees("Hej utan sparad kod");
    };
    await goesAndComes("exit_hides_code");
    await noa.opensTalk();
    await eventually(async () => (await noa.composer().inputValue()) === "Resten skriver jag sen", "what was begun is lost");
    await noa.composer().fill("");
    await keepsCode(noa);
    await noa.opens("/safe");
    await noa.press("exit_hide");
    await goesAndComes("exit_hides_chosen");
    await noa.opens("/safe");
    await noa.press("exit_hide");
    await noa.seesWords("exit_empties");
    const off = await cut(noas.context, PUSH);
    await noa.tellsOfThreat({ what: "Hotet vars bild är på väg", place: "Ett spel", picture: shot });
    await noa.press("tell_send");
    await noa.page.getByRole("heading", { name: noa.say("report_title"), exact: true }).waitFor();
    await goesAndComes("exit_hides_unsent");
    await off();
    await eventually(async () => (await desk.reportsSaying("Hotet vars bild är på väg"))[0]?.files[0]?.complete, "the picture did not arrive", 30_000);
  });

  await shows("an exit that was cut off is brought to its end before anything is shown", async () => {
    const { noas, noa, seen } = await begins("Hej innan strömmen går", { before: hasNoWorker });
    await keepsCode(noa);
    const back = await cut(noas.context, partOf("exit"));
    await noa.opens();
    await leaves(noa);
    expect(JSON.stringify(await keeps(noa)).includes("innan strömmen"), "the phone was emptied without the part that does it");
    expect(seen.some(({ text }) => text.includes("innan strömmen")), "what is seen is not noted");
    await back();
    const before = seen.length;
    const next = await noas.youth();
    await noa.page.close();
    await next.opens();
    await next.seesWords("home_title");
    await next.doesNotSee(next.like("home_talks"));
    await holdsNone(next, "innan strömmen", "account_id");
    expect(!seen.slice(before).some(({ text }) => text.includes("innan strömmen")), "it was shown before it was emptied");
  });

  await shows("officers' screens have no way out of this kind", async () => {
    const kim = await (await phone(server)).officer();
    await kim.isOnDuty("12");
    await eventually(async () => (await kim.page.locator("[data-exit]").count()) === 0, "it stands on the desk");
    for (let n = 0; n < 3; n++) await kim.page.keyboard.press("Shift");
    await kim.seesWords("desk_title");
    expect(new URL(kim.page.url()).pathname === "/desk", "Shift leads away from the desk");
  });

  await shows("a push waits for the hours that are safe, and what came meanwhile is told once", async () => {
    const service = await takesPushes();
    const noas = await phone(server, { before: subscribes(service.address) });
    const noa = await noas.youth();
    await noa.opens();
    await noa.writes("Svara när det är tryggt");
    await noa.seesWords("state_arrived");
    const talk = await desk.talkSaying("Svara när det är tryggt");
    await desk.takes(talk);
    await noa.opens("/notices");
    await noa.press("notices_hours_only");
    const later = (hours) => new Date(Date.now() + hours * 3_600_000).toLocaleTimeString("sv-SE", { timeZone: "Europe/Stockholm", hour: "2-digit", minute: "2-digit" });
    await noa.fills("notices_hours_from", later(2));
    await noa.fills("notices_hours_until", later(3));
    await noa.press("notices_on");
    await noa.seesWords("notices_state_on");
    await desk.answers(talk, "Jag är här nu");
    await desk.answers(talk, "Jag väntar på dig");
    await noa.press("notices_test");
    await eventually(() => service.count === 1, () => `${service.count} pushes came instead of the test alone`);
    await noa.press("notices_hours_only");
    await noa.press("notices_save");
    await noa.seesWords("notices_saved");
    await eventually(() => service.count > 1, "what waited does not come");
    await new Promise((next) => setTimeout(next, 1500));
    expect(service.count === 2, `${service.count - 1} pushes came of what waited`);
    await noa.opensTalk();
    await noa.sees("Jag väntar på dig");
  });

  await shows("the app wears a plain name and icon where that is chosen, and its notices too", async () => {
    const noas = await phone(server, { before: subscribes("http://localhost:9/") });
    const noa = await noas.youth();
    await noa.opens("/safe");
    expect((await noa.page.title()).includes("Nätpatrull"), "the tab has another name from the start");
    await noa.press("app_plain");
    await eventually(async () => /Kalender$/.test(await noa.page.title()), "the tab has its old name");
    const wears = () => noa.page.evaluate(() => ["manifest", "icon", "apple-touch-icon"].map((rel) => new URL(document.querySelector(`link[rel="${rel}"]`).href).pathname).join());
    await eventually(async () => (await wears()) === "/calendar.webmanifest,/icons/calendar.svg,/icons/calendar-180.png", "the page wears the old look");
    for (const path of (await wears()).split(",")) expect((await fetch(server.youths + path)).ok, `${path} is not there`);
    const told = noa.page.waitForRequest((request) => request.method() === "PUT" && request.url().endsWith("/push/subscription"));
    await noa.opens("/notices");
    await noa.press("notices_on");
    expect(JSON.parse((await told).postData()).plain === true, "notices keep their old icon");
    await noa.seesWords("notices_state_on");
    await noa.opens("/safe");
    await noa.page.getByRole("radio", { name: noa.say("app_name") }).click();
    await eventually(async () => /Nätpatrull$/.test(await noa.page.title()), "the old name does not come back");
  });
});
