// What sealing and opening cost: their share of the release build's own CPU time, while messages are written and while they are pulled.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, figures, shows, suite } from "./lib/cases.mjs";
import { call, registers, uuid7 } from "./lib/patrol.mjs";
import { startServer } from "./lib/server.mjs";

// Of the CPU time. Beyond the gate it fails; whether the goal is reached is said.
const GOAL = 0.05;
const GATE = 0.1;
const WRITERS = 8;
const EACH = 250;
const TEXT = "De skriver att de vet var jag bor och att de kommer i kväll. Jag vågar inte gå ut och vill inte att mina föräldrar får veta något än. ";

/** Seconds of CPU that the process has used, by the kernel's clock of 100 ticks a second. */
function used(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop().split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function cipher(server) {
  const page = await server.metrics();
  const of = (act) => Number(page.match(new RegExp(`natpatrull_cipher_nanoseconds_total\\{act="${act}"\\} (\\S+)`))?.[1] ?? 0) / 1e9;
  return of("seal") + of("open");
}

/** The cipher's share of what `work` made the server do, for `count` requests. */
async function share(server, count, work) {
  const before = { cpu: used(server.pid), cipher: await cipher(server) };
  await work();
  const cpu = used(server.pid) - before.cpu;
  const spent = (await cipher(server)) - before.cipher;
  return { requests: count, cpu_us: Math.round((cpu / count) * 1e6), cipher_us: Math.round((spent / count) * 1e7) / 10, share: Math.round((spent / cpu) * 1e4) / 1e4 };
}

await suite("cipher-price", async () => {
  const server = await startServer({ demo: false, profile: "release", name: "cipher", settings: { NATPATRULL_ACTIONS_A_MINUTE: "1000000" } });
  await shows("sealing and opening are a small share of a request", async () => {
    const youths = [];
    for (let i = 0; i < WRITERS; i++) {
      youths.push({ ...(await registers(server)), conversation_id: uuid7() });
    }
    const write = ({ token, conversation_id }) => {
      const message_id = uuid7();
      const body = { message_id, conversation_id, text: TEXT + message_id };
      return call(server.youths, "/api/v1/chat/messages", { method: "POST", token, key: message_id, body });
    };
    const pull = ({ token, device_id, conversation_id }) =>
      call(server.youths, "/api/v1/sync/pull", { method: "POST", token, body: { device_id, envelope: 1, streams: { [`conversation:${conversation_id}`]: { tail: 50 } } } });
    const times = (work, each) => () => Promise.all(youths.map(async (noa) => { for (let i = 0; i < each; i++) await work(noa); }));
    await times(write, 20)();
    const said = {
      goal: GOAL,
      gate: GATE,
      create: await share(server, WRITERS * EACH, times(write, EACH)),
      pull_of_50: await share(server, WRITERS * EACH, times(pull, EACH)),
    };
    console.log(`        ${JSON.stringify(said)}`);
    writeFileSync(join(figures, "cipher-price.json"), JSON.stringify(said, null, 1));
    for (const act of ["create", "pull_of_50"]) {
      expect(said[act].cipher_us > 0, `${act}: the cipher was not counted`);
      expect(said[act].share <= GATE, `${act}: the cipher takes ${said[act].share} of the CPU, the gate is ${GATE}`);
    }
  });
});
