// Lighthouse 12 on the first screen: accessibility and best practices have to be 100; performance is printed.
import lighthouse from "lighthouse";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { afterwards, expect, figures, shows, suite } from "./lib/cases.mjs";
import { browser, flags } from "./lib/people.mjs";
import { freePort, startServer } from "./lib/server.mjs";

await suite("lighthouse", async () => {
  const server = await startServer({ name: "lighthouse" });
  const port = await freePort();
  const chrome = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), "natpatrull-lighthouse-")), {
    executablePath: browser,
    headless: true,
    chromiumSandbox: false,
    args: [...flags, `--remote-debugging-port=${port}`],
  });
  afterwards(() => chrome.close());

  await shows("the first screen has 100 for accessibility and best practices", async () => {
    const result = await lighthouse(server.youths + "/", { port, output: "json", logLevel: "error", locale: "en" });
    writeFileSync(join(figures, "lighthouse.json"), result.report);
    const scores = Object.fromEntries(Object.entries(result.lhr.categories).map(([name, { score }]) => [name, Math.round(score * 100)]));
    console.log(`        ${JSON.stringify(scores)}`);
    const lost = Object.values(result.lhr.categories)
      .filter(({ id }) => id !== "performance" && id !== "seo")
      .flatMap(({ auditRefs }) => auditRefs)
      .map(({ id }) => result.lhr.audits[id])
      .filter(({ score }) => score !== null && score < 1)
      .map(({ id, title }) => `${id}: ${title}`);
    expect(scores.accessibility === 100 && scores["best-practices"] === 100, `lost points: ${lost.join("; ")}`);
  });
});
