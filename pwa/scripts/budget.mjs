// Weighs what a first visit fetches, and fails when it is more than was promised to slow phones.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";

const KIB = 1024;
const weigh = (file) => gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length;
const manifest = JSON.parse(readFileSync("dist/assets/manifest.json", "utf8"));

const scripts = new Set();
const styles = new Set();
const follow = (key) => {
  const chunk = manifest[key];
  if (!chunk || scripts.has(chunk.file)) return;
  scripts.add(chunk.file);
  for (const style of chunk.css ?? []) styles.add(style);
  for (const next of chunk.imports ?? []) follow(next);
};
follow("index.html");

const sum = (files) => [...files].reduce((all, file) => all + weigh(file), 0);
const script = sum(scripts) + weigh("head.js");
const rows = [
  ["first-load script", script, 40 * KIB],
  ["whole first page", script + sum(styles) + weigh("index.html"), 60 * KIB],
  ["worker", weigh("sw.js"), 10 * KIB],
];
let over = false;
for (const [name, bytes, most] of rows) {
  const bad = bytes > most;
  over ||= bad;
  console.log(`${bad ? "TOO HEAVY" : "ok"}  ${name}: ${(bytes / KIB).toFixed(1)} KiB gzip of ${most / KIB}`);
}
const figures = resolve("..", process.env.CARGO_TARGET_DIR ?? "target", "proof");
mkdirSync(figures, { recursive: true });
writeFileSync(resolve(figures, "budget.json"), JSON.stringify(rows.map(([name, bytes, limit]) => ({ name, bytes, limit })), null, 1));
if (over) {
  console.error("Load less at first (import() what the first screen does not need), or raise the budget with a reason.");
  process.exit(1);
}
