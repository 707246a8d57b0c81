// Writes src/api/schema.ts, or the file named, from the contract. openapi-typescript needs TypeScript 5, so it lives in a package of its own.
// The server reads null as a field that is left out; the app leaves it out.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const tool = "tools/openapi-types";
const contract = "../openapi/openapi.json";
if (!existsSync(contract)) {
  console.error("openapi/openapi.json is missing: run `make contract`.");
  process.exit(1);
}
const run = (command, args) => {
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
};
const cli = `${tool}/node_modules/openapi-typescript/bin/cli.js`;
if (!existsSync(cli)) run("npm", ["--prefix", tool, "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]);
const folder = mkdtempSync(join(tmpdir(), "natpatrull-types-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const ours = join(folder, "openapi.json");
const withoutNull = (_name, value) => {
  if (value?.nullable === true) delete value.nullable;
  return value;
};
writeFileSync(ours, JSON.stringify(JSON.parse(readFileSync(contract, "utf8"), withoutNull)));
run("node", [cli, ours, "--output", process.argv[2] ?? "src/api/schema.ts"]);
