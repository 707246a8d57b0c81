// People at their phones: what they do, in verbs, in Chromium.
import { chromium } from "playwright-core";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterwards, eventually, expect, watch } from "./cases.mjs";
import { remember, rememberRequest } from "./traces.mjs";
import { words } from "./words.mjs";

export const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
export const browser = process.env.CHROME_PATH ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** A phone: one browser profile on disk. It can be killed and opened again. */
export async function phone(server, { language = "sv", width = 360, height = 740, theme = "light", before, permissions = ["notifications"], films = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "natpatrull-phone-"));
  const hosts = new Set();
  // `films`: hosts whose films are shown to it.
  const ours = new Set([...[server.officers, server.youths].map((home) => new URL(home).host), ...films]);
  let context;
  const open = async () => {
    context = await chromium.launchPersistentContext(folder, {
      executablePath: browser,
      headless: true,
      chromiumSandbox: false,
      args: flags,
      locale: language === "sv" ? "sv-SE" : "en-GB",
      timezoneId: "Europe/Stockholm",
      viewport: { width, height },
      colorScheme: theme,
      // What is measured stands still: a colour in the middle of a fade is nobody's.
      reducedMotion: "reduce",
      hasTouch: true,
      permissions,
    });
    context.setDefaultTimeout(30_000);
    context.on("request", (request) => {
      if (/^(https?|wss?):/.test(request.url())) hosts.add(new URL(request.url()).host);
      rememberRequest(request);
    });
    for (const script of [before ?? []].flat()) await context.addInitScript(typeof script === "string" ? { content: script } : script);
  };
  await open();
  const self = {
    hosts,
    folder,
    get context() {
      return context;
    },
    /** From now on the server's views of these words are those of rows that do not open any more. */
    getsDamaged: (...texts) => {
      const lost = (text) => texts.includes(text);
      const broken = (_name, view) => {
        if (lost(view?.text)) return { ...view, text: "", damaged: true };
        if (lost(view?.last_text)) return { ...view, last_text: "" };
        if (lost(view?.what)) return { ...view, what: "", place: undefined, damaged: true };
        return view;
      };
      return context.route(/\/api\/v1\/(sync\/pull|chat\/conversations\?|reports\?)/, async (route) => {
        const answer = await route.fetch();
        return route.fulfill({ response: answer, body: JSON.stringify(JSON.parse(await answer.text(), broken)) });
      });
    },
    goesOffline: () => context.setOffline(true),
    comesBack: () => context.setOffline(false),
    /** The browser's own process ends without a word, as when a phone runs out of memory. */
    async isKilled() {
      const main = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid)).find((pid) => {
        try {
          const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
          return line.includes(`--user-data-dir=${folder}`) && !line.includes("--type=");
        } catch {
          return false;
        }
      });
      expect(main, "the browser's process was not found by its profile's folder");
      process.kill(Number(main), "SIGKILL");
      await context.close().catch(() => {});
      await new Promise((next) => setTimeout(next, 500));
    },
    startsAgain: open,
    youth: async () => person(server, watch(await context.newPage()), server.youths, language),
    officer: async () => person(server, watch(await context.newPage()), server.officers, language),
    async close() {
      const cookies = await context.cookies().catch(() => []);
      for (const { value } of cookies) remember(value);
      // A request that a case has changed on its way may still be on it.
      await context.unrouteAll({ behavior: "ignoreErrors" }).catch(() => {});
      await context.close().catch(() => {});
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      const called = [...hosts].filter((host) => !ours.has(host));
      expect(called.length === 0, `a phone called a foreign host: ${called}`);
    },
  };
  afterwards(self.close);
  return self;
}

/** In the page, before it loads: a private tab or a browser inside another app, where nothing is kept and no worker runs. */
export function keepsNothing() {
  const no = () => {
    throw new DOMException("refused by the test", "SecurityError");
  };
  Object.defineProperty(window, "indexedDB", { configurable: true, value: { open: no, deleteDatabase: no, databases: no, cmp: no } });
  for (const store of ["localStorage", "sessionStorage", "caches"]) Object.defineProperty(window, store, { configurable: true, get: no });
  delete Navigator.prototype.serviceWorker;
}

/** The phone has a passkey's chip, and somebody touches it whenever it is asked. */
export async function hasKey(its, someone) {
  const session = await its.context.newCDPSession(someone.page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
}

/** Somebody at one page of a phone. Names of things are keys of the app's own messages. */
function person(server, page, home, language) {
  const { say, like, kindOf, asks, option } = words(language);
  const named = (key, values) => new RegExp(`^${like(key, values).source}`);
  const control = (key, values, exact = true) => {
    const name = exact ? new RegExp(`^${like(key, values).source}$`) : named(key, values);
    return ["button", "link", "radio", "tab", "checkbox", "menuitem"].map((role) => page.getByRole(role, { name })).reduce((all, one) => all.or(one)).filter({ visible: true }).first();
  };
  const someone = {
    page,
    say,
    like,
    asks,
    option,
    presses: 0,
    control,
    async opens(path = "/") {
      await page.goto(home + path, { waitUntil: "load" });
      return someone;
    },
    async presses_(locator) {
      someone.presses += 1;
      await locator.click();
    },
    /** Presses a button, link or choice whose whole name is this text. */
    press: (key, values) => someone.presses_(control(key, values)),
    /** The same, where the name goes on after the text. */
    pressCard: (key, values) => someone.presses_(control(key, values, false)),
    /** Presses the row or card that holds this text. */
    pressCardSaying: (text) => someone.presses_(page.getByRole("link", { name: text }).or(page.getByRole("button", { name: text })).filter({ visible: true }).first()),
    /** Opens the newest talk from the list on the first screen. */
    async opensTalk() {
      await someone.opens("/");
      await someone.presses_(page.locator('a[href^="/talk/"]').first());
    },
    /** The code, where the phone keeps it: under More. */
    async findsCode() {
      await someone.opens("/more");
      await someone.pressCard("more_code");
      await someone.press("device_code_show");
      return someone.readsCode();
    },
    fills: (key, text, how) => page.getByLabel(new RegExp(`^${like(key).source}`)).filter({ visible: true }).first().fill(remember(text, how)),
    types: (text) => page.keyboard.type(remember(text)),
    composer: () => page.getByRole("textbox", { name: new RegExp(`^(${like("composer_label").source}|${like("desk_answer_label").source})`) }).filter({ visible: true }).first(),
    sees: (text, ms = 30_000) => page.getByText(text, { exact: false }).filter({ visible: true }).first().waitFor({ timeout: ms }),
    seesWords: (key, values, ms) => someone.sees(like(key, values), ms),
    /** It is not on the screen, or leaves it: what stood there a moment ago may still be being taken away. */
    doesNotSee: (text) => eventually(async () => (await page.getByText(text).filter({ visible: true }).count()) === 0, `"${text}" is on the screen`),
    /** Writes in the composer on the screen and sends it. */
    async writes(text) {
      await someone.composer().fill(remember(text));
      await someone.press("composer_send");
    },
    /** Writes where there is no network, until the phone has tried: only an answer that was tried and did not go has waited. Another push, as
     *  of a mark, may have failed before it. */
    async writesInVain(text) {
      const tried = page.context().waitForEvent("requestfailed", (request) => request.url().endsWith("/sync/push") && (request.postData() ?? "").includes(text));
      await someone.writes(text);
      await someone.seesWords("state_saved");
      await tried;
    },
    /** A step inside the app, so the page stands. */
    goes: (path) => page.evaluate((to) => (history.pushState({ steps: 1 }, "", to), dispatchEvent(new PopStateEvent("popstate", { state: history.state }))), path),
    /** What is half written has been sealed and kept: it is the same each time that it is looked at, for a second. */
    async keepsHalfWritten() {
      let last;
      let same = 0;
      await eventually(async () => {
        const now = await page.evaluate(() => sessionStorage.getItem("natpatrull-half-written"));
        same = now !== null && now === last ? same + 1 : 0;
        last = now;
        return same === 10;
      }, "what is half written is not kept");
    },
    /** At the desk of the demo, as this officer; a profile that is signed in already stays so. */
    async isOnDuty(number = "07") {
      await someone.opens("/desk");
      const sign = page.getByRole("button", { name: say("sign_demo_as", { number }) });
      const desk = page.getByRole("heading", { name: say("desk_title"), exact: true });
      await sign.or(desk).filter({ visible: true }).first().waitFor();
      if (await sign.count()) await sign.click();
      await desk.waitFor();
    },
    /** From the first screen of the form to the first question. */
    async beginsToTell(kind = "other") {
      await someone.pressCard("tell_how_write");
      await someone.isAskedOfKind(kind);
    },
    /** Where the kinds stand. */
    async isAskedOfKind(kind) {
      await someone.presses_(page.getByRole("button", { name: kindOf(kind) }).filter({ visible: true }).first());
      await someone.seesWords("tell_what_label");
    },
    /** The form, at its first question: a draft that stands there is gone on with. */
    async opensForm(kind) {
      await someone.opens("/tell");
      const what = page.getByLabel(like("tell_what_label"));
      await what.or(control("tell_how_write", {}, false)).filter({ visible: true }).first().waitFor();
      if ((await what.count()) === 0) await someone.beginsToTell(kind);
    },
    /** This question of the report stands on the screen. */
    isAsked: (id, ms = 30_000) => page.getByRole("heading", { name: asks(id), exact: true }).waitFor({ timeout: ms }),
    /** Chooses an option of a question of one or many. */
    chooses: (id, which) => someone.presses_(page.getByLabel(option(id, which), { exact: true }).filter({ visible: true }).first()),
    /** The words in the only field on the screen. */
    writesIn: (text) => page.getByRole("textbox").filter({ visible: true }).first().fill(remember(text)),
    /** One question on, with an answer or without. */
    async goesOn() {
      const heading = page.locator("main h2").first();
      const before = await heading.innerText();
      await someone.presses_(page.getByRole("button", { name: new RegExp(`^(${["tell_next", "tell_skip", "tell_when_unknown"].map((key) => like(key).source).join("|")})$`) }));
      await eventually(async () => (await heading.innerText()) !== before, `the form stays at "${before}"`);
    },
    /** On to this question, or with none to the check before it is sent. */
    async goesOnTo(id) {
      const there = page.getByRole("heading", { name: id === undefined ? say("tell_check_title") : asks(id), exact: true });
      for (let questions = 0; (await there.count()) === 0; questions++) {
        expect(questions < 15, `the form does not come to ${id ?? "the check"}`);
        await someone.goesOn();
      }
    },
    async tellsOfThreat({ what, place, picture }) {
      await someone.opens("/");
      await someone.pressCard("nav_tell");
      await someone.beginsToTell("threat");
      await someone.fills("tell_what_label", what);
      await someone.goesOnTo("when");
      await someone.press("tell_when_unknown");
      await someone.goesOnTo("where");
      await someone.writesIn(place);
      await someone.goesOnTo("files");
      if (picture) await someone.attaches(picture);
      await someone.goesOnTo();
    },
    /** Whom a tip is for: a topic, and a municipality of this county. */
    async choosesFor(topic, county, place) {
      await page.getByRole("combobox", { name: like("tip_topic") }).selectOption(topic);
      await page.getByRole("combobox", { name: like("notices_county") }).selectOption(county);
      await page.getByRole("checkbox", { name: place, exact: true }).check();
    },
    /** A tip about meeting people from the net, in Luleå, ready to be published. */
    async writesTip(text) {
      await someone.opens("/desk/tip");
      await someone.choosesFor("meetups", "25", "Luleå");
      await someone.fills("tip_text", text, { open: true });
    },
    async attaches(file) {
      await someone.press("tell_picture_add");
      await someone.seesWords("ask_title");
      await someone.choosesPicture(file);
    },
    /** Where the question before any picture stands: there is none that may not be sent. */
    async choosesPicture(file) {
      await someone.press("ask_no");
      const [chooser] = await Promise.all([page.waitForEvent("filechooser"), someone.press("ask_choose")]);
      await chooser.setFiles(file);
      await page.getByAltText(say("tell_picture_chosen")).waitFor();
    },
    /** The service worker has installed and serves this page. */
    async hasWorker() {
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
      await eventually(() => page.evaluate(() => Boolean(navigator.serviceWorker.controller)) , "the service worker does not control the page", 10_000).catch(async () => {
        await page.reload();
        await eventually(() => page.evaluate(() => Boolean(navigator.serviceWorker.controller)), "the service worker does not control the page, even after opening it again");
      });
    },
    /** The server brings another version of the app, and the phone is told. */
    async meetsNewVersion() {
      await server.bringsNewVersion();
      await page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration.update()).then(() => undefined));
      await someone.seesWords("update_ready");
    },
    /** Sends what is on the screen, changed on the way by this text for that one, so that the server refuses it. */
    async isRefused(send, from, to) {
      // Other pushes, as of a mark, pass as they are, and so does the same text the next time. Any tab of the phone may be the one that
      // sends.
      let changed = false;
      await page.context().route("**/api/v1/sync/push", (route) => {
        const sent = route.request().postData();
        const now = changed ? sent : sent.replace(from, to);
        changed ||= now !== sent;
        return route.continue({ postData: now });
      });
      await send();
    },
    /** The sixteen digits as this phone shows them. */
    async readsCode() {
      const label = page.getByLabel(say("code_group")).filter({ visible: true }).first();
      await label.waitFor();
      const digits = ((await label.innerText()).match(/\d/g) ?? []).join("");
      expect(digits.length === 16, `the code on the screen has ${digits.length} digits`);
      return remember(digits);
    },
  };
  page.on("pageerror", (error) => console.log(`        page: ${error.message}`));
  return someone;
}
