// Runs a command beside a demo of its own: node with-server.mjs COMMAND... The command finds the address in BASE.
import { spawn } from "node:child_process";
import { shows, suite } from "./lib/cases.mjs";
import { root } from "./lib/root.mjs";
import { startServer } from "./lib/server.mjs";

const [name, command, ...words] = process.argv.splice(2);
await suite(name, async () => {
  // A suite asks for more than one person ever does.
  const server = await startServer({ name, settings: { NATPATRULL_ACTIONS_A_MINUTE: "1000000" } });
  await shows(`${name} has nothing to say against it`, async () => {
    const code = await new Promise((ended) => spawn(command, words, { cwd: root, stdio: "inherit", env: { ...process.env, BASE: server.officers } }).on("exit", ended));
    if (code !== 0) throw new Error(`${command} ended with ${code}; what it found stands above. The server's log ends:\n${server.log().split("\n").slice(-8).join("\n")}`);
  });
}, 60);
