// Writes src/api/schema.ts, or the file named, from the contract. openapi-typescript needs TypeScript 5, so it lives in a package of its own.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

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
run("node", [cli, contract, "--output", process.argv[2] ?? "src/api/schema.ts"]);
