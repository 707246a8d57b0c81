// The release build at rest: how soon it is ready on an empty database, and what it holds in memory. Median of five starts.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, figures, shows, suite } from "./lib/cases.mjs";
import { startServer } from "./lib/server.mjs";

const limits = { ready_ms: 2000, rss_mib: 31 };

await suite("idle", async () => {
  await shows("the idle server is no heavier than its peer", async () => {
    const runs = [];
    for (let i = 0; i < 5; i++) {
      const server = await startServer({ demo: false, profile: "release", name: "idle" });
      await new Promise((next) => setTimeout(next, 2000));
      const kib = Number(readFileSync(`/proc/${server.pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]);
      runs.push({ ready_ms: server.readyAfter, rss_mib: Math.round((kib / 1024) * 10) / 10 });
      await server.stop();
    }
    const median = Object.fromEntries(Object.keys(limits).map((key) => [key, runs.map((run) => run[key]).sort((a, b) => a - b)[2]]));
    console.log(`        ${JSON.stringify(median)}`);
    writeFileSync(join(figures, "idle.json"), JSON.stringify({ limits, median, runs }, null, 1));
    const over = Object.entries(limits).filter(([key, limit]) => median[key] > limit);
    expect(over.length === 0, `over the limit: ${over.map(([key, limit]) => `${key} ${median[key]} > ${limit}`).join(", ")}`);
  });
});
