// Reads the licence of every crate that the program is built from and holds it against the list in deny.toml.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const allowed = new Set(readFileSync("deny.toml", "utf8").match(/allow = \[([^\]]*)\]/)[1].match(/"([^"]+)"/g).map((s) => s.slice(1, -1)));
const metadata = JSON.parse(
  execFileSync("cargo", ["metadata", "--locked", "--format-version=1", "--filter-platform=x86_64-unknown-linux-gnu"], { maxBuffer: 1 << 28 }),
);
const used = new Set(metadata.resolve.nodes.map((node) => node.id));

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
console.log(`${used.size} crates read. ${bad ? "Replace the crate, or add its licence to deny.toml with a decision record." : "Every licence is allowed."}`);
process.exit(bad ? 1 : 0);
