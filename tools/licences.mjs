// Holds every crate that the program is built from against deny.toml: its licence, where it comes from, and the names that are banned.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const rules = readFileSync("deny.toml", "utf8");
const allowed = new Set(rules.match(/allow = \[([^\]]*)\]/)[1].match(/"([^"]+)"/g).map((s) => s.slice(1, -1)));
const metadata = JSON.parse(
  execFileSync("cargo", ["metadata", "--locked", "--format-version=1", "--filter-platform=x86_64-unknown-linux-gnu"], { maxBuffer: 1 << 28 }),
);
const used = new Set(metadata.resolve.nodes.map((node) => node.id));
const names = new Map(metadata.packages.map((crate) => [crate.id, crate.name]));
/** Name of a banned crate -> those that may bring it all the same, and why. */
const banned = new Map(
  [...rules.match(/\ndeny = \[\n([\s\S]*?)\n\]/)[1].matchAll(/name = "([^"]+)", reason = "([^"]+)"(?:, wrappers = \[([^\]]*)\])?/g)].map(
    ([, name, reason, wrappers = ""]) => [name, { reason, wrappers: wrappers.match(/[\w-]+/g) ?? [] }],
  ),
);
if (banned.size === 0) throw new Error("deny.toml names no banned crate in the form that tools/licences.mjs reads");

// Reads an SPDX expression: OR binds loosest, AND tighter, brackets tightest; "WITH" belongs to its licence.
function holds(expression) {
  const words = expression.replaceAll("/", " OR ").replace(/([()])/g, " $1 ").replace(/ WITH /g, "\u0000").trim().split(/ +/);
  const term = () => {
    const word = words.shift();
    if (word !== "(") return allowed.has(word?.replace("\u0000", " WITH "));
    const inside = either();
    words.shift();
    return inside;
  };
  const chain = (next, word, join) => {
    let result = next();
    while (words[0] === word) {
      words.shift();
      result = join(result, next());
    }
    return result;
  };
  const both = () => chain(term, "AND", (a, b) => a && b);
  const either = () => chain(both, "OR", (a, b) => a || b);
  return either();
}

let bad = 0;
for (const crate of metadata.packages.filter((p) => used.has(p.id))) {
  if (crate.source && !crate.source.startsWith("registry+")) {
    bad += 1;
    console.log(`${crate.name} ${crate.version} comes from ${crate.source.split("+")[0]}, not from the registry`);
  }
  if (!holds(crate.license ?? "none")) {
    bad += 1;
    console.log(`${crate.name} ${crate.version}: ${crate.license ?? "no licence named"} is not in deny.toml`);
  }
}
for (const node of metadata.resolve.nodes)
  for (const { reason, wrappers, name } of node.dependencies.map((id) => ({ name: names.get(id), ...banned.get(names.get(id)) })).filter((one) => one.reason))
    if (!wrappers.includes(names.get(node.id))) {
      bad += 1;
      console.log(`${names.get(node.id)} brings ${name}, which deny.toml bans: ${reason}`);
    }
console.log(`${used.size} crates read. ${bad ? "Replace the crate, or change deny.toml with a decision record." : "Every licence is allowed, and none is banned."}`);
process.exit(bad ? 1 : 0);
