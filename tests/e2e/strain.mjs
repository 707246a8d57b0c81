// Callers who hold on to the program, and its end in the middle of work: nobody else waits, and what was acknowledged is there.
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { eventually, expect, figures, shows, suite } from "./lib/cases.mjs";
import { call, registers, uuid7 } from "./lib/patrol.mjs";
import { startServer } from "./lib/server.mjs";
import { remember } from "./lib/traces.mjs";

const SLOW = 500;
const ASKED = 200;

async function youth(server) {
  const { account_id, device_id, token } = await registers(server);
  const message = (conversation_id, text) => {
    const message_id = uuid7();
    return { action_id: message_id, lane: `conversation:${conversation_id}`, kind: "message-send", v: 1, attempt: 0, after: [], recorded_at: new Date().toISOString(), body: { message_id, conversation_id, text: remember(text) } };
  };
  const push = async (actions) => {
    const envelope = { account_id, device_id, envelope: 1, app_version: "strain", actions };
    const { results } = await call(server.youths, "/api/v1/sync/push", { method: "POST", token, body: envelope });
    return results.map(({ outcome }) => outcome);
  };
  const messages = async (conversation_id) => {
    const all = [];
    let next;
    do {
      const page = await call(server.youths, `/api/v1/chat/conversations/${conversation_id}/messages?limit=100${next ? `&next=${encodeURIComponent(next)}` : ""}`, { token });
      all.push(...page.items.map(({ message_id }) => message_id));
      next = page.next;
    } while (next);
    return all;
  };
  return { message, push, messages };
}

/** How long so many messages took, each sent when the last was acknowledged. */
async function times(noa) {
  const talk = uuid7();
  const took = [];
  for (let i = 0; i < ASKED; i++) {
    const since = performance.now();
    const [outcome] = await noa.push([noa.message(talk, `rad ${i} av många`)]);
    took.push(performance.now() - since);
    expect(outcome === "applied", `message ${i} ended ${outcome}`);
  }
  took.sort((a, b) => a - b);
  const at = (share) => Math.round(took[Math.floor(took.length * share)] * 100) / 100;
  return { median_ms: at(0.5), p95_ms: at(0.95) };
}

const peakMib = ({ pid }) => Math.round((Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmHWM:\s+(\d+)/)[1]) / 1024) * 10) / 10;

await suite("strain", async () => {
  const server = await startServer({ demo: false, name: "strain", settings: { NATPATRULL_ACTIONS_A_MINUTE: "100000" } });

  await shows("five hundred slow headers and five hundred slow bodies keep nobody from writing, and are let go", async () => {
    const noa = await youth(server);
    await times(noa);
    const alone = await times(noa);
    const before = peakMib(server);
    const starts = {
      header: "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
      body: "POST /api/v1/sync/push HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n",
    };
    const open = new Set();
    const callers = Object.values(starts).flatMap((start) => Array.from({ length: SLOW }, () => start));
    await Promise.all(
      callers.map(
        (start) =>
          new Promise((connected, broken) => {
            const socket = connect(server.port, "127.0.0.1", () => {
              open.add(socket);
              socket.write(start);
              connected();
            });
            socket.on("error", broken).on("data", () => {}).on("close", () => open.delete(socket));
          }),
      ),
    );
    const drip = setInterval(() => open.forEach((socket) => socket.write("x")), 500);
    expect(open.size === 2 * SLOW, `only ${open.size} slow callers are there`);
    const beside = await times(noa);
    const heldOn = open.size;
    expect(heldOn >= SLOW, `only ${heldOn} slow callers held on while she wrote`);
    await eventually(() => open.size === 0, () => `${open.size} slow callers are still there`, 60_000);
    clearInterval(drip);
    const said = { slow_headers: SLOW, slow_bodies: SLOW, alone, beside, peak_grew_mib: Math.round((peakMib(server) - before) * 10) / 10 };
    console.log(`        ${JSON.stringify(said)}`);
    writeFileSync(join(figures, "slow-callers.json"), JSON.stringify(said, null, 1));
  });

  await shows("a stop under load loses nothing that was acknowledged", async () => {
    const acknowledged = new Map();
    const count = () => [...acknowledged.values()].reduce((sum, { ids }) => sum + ids.length, 0);
    let over = false;
    const writers = await Promise.all(Array.from({ length: 20 }, () => youth(server)));
    const writing = writers.map(async (noa) => {
      const kept = { talk: uuid7(), ids: [] };
      acknowledged.set(noa, kept);
      while (!over) {
        const actions = Array.from({ length: 3 }, (_, i) => noa.message(kept.talk, `rad ${kept.ids.length + i} i stormen`));
        // Sent again until it is answered, as a phone does.
        const outcomes = await eventually(() => noa.push(actions), "a push was not answered after the new start", 30_000);
        outcomes.forEach((outcome, i) => {
          expect(outcome === "applied" || outcome === "duplicate", `an action ended ${outcome}`);
          kept.ids.push(actions[i].body.message_id);
        });
      }
    });
    await eventually(() => count() > 600, () => `only ${count()} were acknowledged`);
    await server.restart();
    const until = count() + 300;
    await eventually(() => count() > until, () => `only ${count()} were acknowledged after the new start`);
    over = true;
    await Promise.all(writing);
    for (const [noa, { talk, ids }] of acknowledged) {
      const there = await noa.messages(talk);
      expect(JSON.stringify([...there].sort()) === JSON.stringify([...ids].sort()), `${ids.length} were acknowledged and ${there.length} are there`);
    }
    console.log(`        ${count()} messages of 20 writers, a stop in the middle, each there once`);
  });
});
