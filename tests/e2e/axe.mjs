// axe on every screen of both roles: light and dark, Swedish and English, at 320 px and at 200 % text. At 320 px nothing may be wider
// than the screen, and what a thumb presses is 44 px. `--pictures DIR` keeps a picture of each screen at 360x740.
import { AxeBuilder } from "@axe-core/playwright";
import { eventually, expect, shows, suite } from "./lib/cases.mjs";
import { onDuty } from "./lib/patrol.mjs";
import { phone } from "./lib/people.mjs";
import { officerScreens, pathOf, rests, stillness, strangerScreens, youthScreens } from "./lib/screens.mjs";
import { startServer } from "./lib/server.mjs";

const tooWide = () => Math.max(...[document.documentElement, ...document.querySelectorAll(".scroll, .talk-body, main")].map((one) => one.scrollWidth - one.clientWidth));
/** Links inside a sentence are free of the rule; everything else that can be pressed is not. */
const tooSmall = () =>
  [...document.querySelectorAll("button, a[href], input:not([type=hidden]), select, textarea, summary, [role=button]")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((one) => !(one.tagName === "A" && getComputedStyle(one).display === "inline"))
    .map((one) => [one.closest("label") ?? one, one])
    .map(([target, one]) => [target.getBoundingClientRect(), (one.getAttribute("aria-label") ?? one.textContent ?? one.name).trim().slice(0, 30)])
    .filter(([box]) => box.width > 1 && (box.height < 43.5 || box.width < 43.5))
    .map(([box, name]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`);

await suite("axe", async () => {
  const server = await startServer({ name: "axe" });
  const desk = await onDuty(server, "07");

  for (const language of ["sv", "en"]) {
    for (const theme of ["light", "dark"]) {
      const both = await phone(server, { language, theme, width: 320, height: 640 });
      const noa = await both.youth();
      await noa.opens();
      const text = `Axe ${language} ${theme}`;
      await noa.writes(text);
      const { conversation_id: talk } = await desk.talkSaying(text);
      await noa.tellsOfThreat({ what: `Rapport ${text}`, place: "Nätet" });
      await noa.press("tell_send");
      const [{ report_id: report }] = await eventually(async () => {
        const found = await desk.reportsSaying(`Rapport ${text}`);
        return found.length && found;
      }, "the report did not arrive");
      const state = { talk, report };

      const walk = async (who, screens) => {
        for (const [name, where] of screens) {
          await shows(`${name} ${language} ${theme}`, async () => {
            await who.opens(pathOf(where, state));
            await rests(who);
            for (const [size, font] of [["320 px", ""], ["200 % text", "200%"]]) {
              await who.page.evaluate((font) => void (document.documentElement.style.fontSize = font), font);
              await stillness(who.page);
              const { violations } = await new AxeBuilder({ page: who.page }).analyze();
              expect(
                violations.length === 0,
                `${size}: ${violations.map((one) => `${one.id} (${one.help}): ${one.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 120)} ${node.any[0]?.message ?? ""}`).join(" | ")}`).join("\n")}`,
              );
              expect((await who.page.evaluate(tooWide)) <= 0, `${size}: the page is ${await who.page.evaluate(tooWide)} px wider than the screen`);
            }
            await who.page.evaluate(() => void (document.documentElement.style.fontSize = ""));
            const small = await who.page.evaluate(tooSmall);
            expect(small.length === 0, `smaller than 44 px: ${small.join(", ")}`);
          });
        }
      };
      await walk(noa, youthScreens);
      const kim = await both.officer();
      await walk(kim, strangerScreens);
      await kim.isOnDuty("07");
      await walk(kim, officerScreens);
      await both.close();
    }
  }
});
