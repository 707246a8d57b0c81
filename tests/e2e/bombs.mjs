// Small bodies that inflate to hundreds of megabytes, sent to the program as a process of its own, so that its memory is its own.
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { createGzip } from "node:zlib";
import { expect, shows, suite } from "./lib/cases.mjs";
import { call, registers } from "./lib/patrol.mjs";
import { startServer } from "./lib/server.mjs";

const MIB = 1 << 20;
const MOST_GROWTH_MIB = 64;

/** `mib` MiB of noughts, packed a thousandfold. */
async function packed(mib) {
  const gzip = createGzip({ level: 9 });
  const parts = [];
  gzip.on("data", (part) => parts.push(part));
  const noughts = Buffer.alloc(MIB);
  for (let i = 0; i < mib; i++) if (!gzip.write(noughts)) await new Promise((next) => gzip.once("drain", next));
  await new Promise((ended) => gzip.on("end", ended).end());
  return Buffer.concat(parts);
}

/** The answer may come before all is sent, so `fetch`, which takes that for a broken line, will not do. */
const send = (server, token, bytes) =>
  new Promise((answered, broken) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "content-encoding": "gzip", "content-length": bytes.length };
    let seen = false;
    const out = request(`${server.youths}/api/v1/sync/push`, { method: "POST", headers, agent: false, timeout: 60_000 }, (answer) => {
      seen = true;
      let text = "";
      answer.on("data", (part) => (text += part));
      answer.on("end", () => answered({ status: answer.statusCode, kind: JSON.parse(text || "{}").kind }));
    });
    out.on("error", (error) => seen || broken(error));
    out.end(bytes);
  });

const peakMib = ({ pid }) => Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmHWM:\s+(\d+)/)[1]) / 1024;

await suite("bombs", async () => {
  const server = await startServer({ demo: false, name: "bombs" });
  const { account_id, token } = await registers(server);

  await shows("bodies that inflate to 200 MB and to 1 GB are refused, and the program's memory hardly grows", async () => {
    const bomb = await packed(200);
    expect(bomb.length < 256 * 1024, `the bomb has ${bomb.length} bytes and would not pass the limit before unpacking`);
    const giant = await packed(1024);
    // A fresh process: what hashing the code took stands in the old one's peak.
    await server.restart();
    const before = peakMib(server);
    const answers = [await send(server, token, giant)];
    for (let i = 0; i < 5; i++) answers.push(await send(server, token, bomb));
    answers.push(...(await Promise.all(Array.from({ length: 5 }, () => send(server, token, bomb)))));
    for (const { status, kind } of answers) expect(status === 413 && kind === "too-large", `answered ${status} ${kind} instead of too-large`);
    const grown = Math.round((peakMib(server) - before) * 10) / 10;
    console.log(`        peak memory grew by ${grown} MiB from ${Math.round(before)}`);
    expect(grown < MOST_GROWTH_MIB, `the peak grew by ${grown} MiB: a body is unpacked further than the limit`);
    const me = await call(server.youths, "/api/v1/identity/me", { token });
    expect(me.account_id === account_id, "after the bombs the program does not answer as before");
  });
});
