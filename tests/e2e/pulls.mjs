// What it costs to come back: a thousand phones at once, and a journal that has grown from ten thousand to a million events.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, figures, shows, suite } from "./lib/cases.mjs";
import { call, registers, uuid7 } from "./lib/patrol.mjs";
import { startServer } from "./lib/server.mjs";

const PHONES = 1000;
const EVENTS = 200;
const GREW = 1.5;
const ASKED = 200;
const [SMALL, LARGE] = [10_000, 1_000_000];

const at = (times, share) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] * 10) / 10;
const mib = ({ pid }, what) => Math.round((Number(readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`${what}:\\s+(\\d+)`))[1]) / 1024) * 10) / 10;

async function together(people, many, work) {
  const queue = [...people];
  await Promise.all(Array.from({ length: many }, async () => { for (let one = queue.shift(); one; one = queue.shift()) await work(one); }));
}

await suite("pulls", async () => {
  const server = await startServer({ demo: false, profile: "release", name: "pulls", settings: { NATPATRULL_ACTIONS_A_MINUTE: "1000000" } });
  const tokens = new Map();
  // A token lives five minutes.
  const token = async (noa) => {
    const known = tokens.get(noa);
    if (known && Date.now() - known.since < 200_000) return known.token;
    const { access_token } = await call(server.youths, "/api/v1/identity/devices", { method: "POST", body: noa.account });
    tokens.set(noa, { token: access_token, since: Date.now() });
    return access_token;
  };
  let events = 0;
  const writes = async (noa, conversation_id, count) => {
    const actions = Array.from({ length: count }, () => {
      const message_id = uuid7();
      return { action_id: message_id, lane: `conversation:${conversation_id}`, kind: "message-send", v: 1, attempt: 0, after: [], recorded_at: new Date().toISOString(), body: { message_id, conversation_id, text: "Jag vet inte vad jag ska göra, de är utanför nu." } };
    });
    const envelope = { account_id: noa.account_id, device_id: noa.device_id, envelope: 1, app_version: "pulls", actions };
    const { results } = await call(server.youths, "/api/v1/sync/push", { method: "POST", token: await token(noa), body: envelope });
    expect(results.every(({ outcome }) => outcome === "applied"), `a push ended ${JSON.stringify(results[0])}`);
    events += count + 2;
  };
  const pull = async (noa) => {
    const body = { device_id: noa.device_id, envelope: 1, streams: { [`conversation:${noa.talk}`]: { tail: EVENTS } } };
    const bearer = await token(noa);
    const since = performance.now();
    const { streams } = await call(server.youths, "/api/v1/sync/pull", { method: "POST", token: bearer, body });
    const took = performance.now() - since;
    expect(streams[`conversation:${noa.talk}`].events.length === EVENTS, `${streams[`conversation:${noa.talk}`].events.length} events came`);
    return took;
  };
  const one = async (people) => {
    const times = [];
    for (let i = 0; i < ASKED; i++) times.push(await pull(people[i % people.length]));
    return times.sort((a, b) => a - b);
  };

  await shows("a thousand phones come back at once, and a journal of a million events is read as fast as one of ten thousand", async () => {
    const phones = [];
    await together(Array.from({ length: PHONES }, (_, n) => n), 16, async () => {
      const noa = await registers(server);
      tokens.set(noa, { token: noa.token, since: Date.now() });
      phones.push({ ...noa, talk: uuid7() });
    });
    for (const noa of phones) tokens.set(noa, { token: noa.token, since: Date.now() });
    const early = phones.slice(0, 50);
    await together(early, 8, async (noa) => { for (let i = 0; i < EVENTS / 100; i++) await writes(noa, noa.talk, 100); });
    expect(events >= SMALL, `the journal has ${events} events`);
    await one(early);
    const small = { events, times: await one(early) };
    await together(phones.slice(50), 8, async (noa) => { for (let i = 0; i < EVENTS / 100; i++) await writes(noa, noa.talk, 100); });
    while (events < LARGE) await together(phones, 8, (noa) => writes(noa, (noa.second ??= uuid7()), 100));
    const large = { events, times: await one(early) };
    const before = mib(server, "VmRSS");
    const since = performance.now();
    const times = (await Promise.all(phones.map(pull))).sort((a, b) => a - b);
    const burst = { phones: PHONES, events: EVENTS, seconds: Math.round((performance.now() - since) / 100) / 10, p50_ms: at(times, 0.5), p99_ms: at(times, 0.99), memory_before_mib: before, peak_mib: mib(server, "VmHWM") };
    const grew = Math.round((at(large.times, 0.5) / at(small.times, 0.5)) * 100) / 100;
    const said = { burst, small: { events: small.events, p50_ms: at(small.times, 0.5), p99_ms: at(small.times, 0.99) }, large: { events: large.events, p50_ms: at(large.times, 0.5), p99_ms: at(large.times, 0.99) }, grew, limit: GREW };
    console.log(`        ${JSON.stringify(said)}`);
    writeFileSync(join(figures, "pulls.json"), JSON.stringify(said, null, 1));
    expect(grew <= GREW, `a pull takes ${grew} times as long`);
  });
});
