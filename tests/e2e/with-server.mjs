// Runs a command beside a demo of its own: node with-server.mjs COMMAND... The command finds the address in BASE.
import { spawn } from "node:child_process";
import { close, shows } from "./lib/cases.mjs";
import { root } from "./lib/root.mjs";
import { startServer } from "./lib/server.mjs";

const [suite, command, ...words] = process.argv.splice(2);
let server;
await shows(`${suite} has a server`, async () => {
  // A suite asks for more than one person ever does.
  server = await startServer({ name: suite, settings: { NATPATRULL_ACTIONS_A_MINUTE: "1000000" } });
});
await shows(`${suite} has nothing to say against it`, async () => {
  const code = await new Promise((ended) => spawn(command, words, { cwd: root, stdio: "inherit", env: { ...process.env, BASE: server.officers } }).on("exit", ended));
  if (code !== 0) throw new Error(`${command} ended with ${code}; what it found stands above. The server's log ends:\n${server.log().split("\n").slice(-8).join("\n")}`);
});
await close(suite);
