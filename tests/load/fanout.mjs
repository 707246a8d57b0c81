// From sending to the last of those who follow one thing, deliveries a second when much is sent at once, and memory a follower: ours
// with what it does in life (an officer's action, stored and checked), beside nchan, which stores nothing, and PocketBase.
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually } from "../e2e/lib/cases.mjs";
import { call, registers, uuid7 } from "../e2e/lib/patrol.mjs";
import { freePort } from "../e2e/lib/server.mjs";
import { hires } from "../e2e/lib/staff.mjs";

const MESSAGES = 8;
const BURST = 20;
/** Beyond the moment in which ours gathers. */
const GAP_MS = 400;
const NGINX = "/usr/sbin/nginx";
const MODULE = "/usr/lib/nginx/modules/ngx_nchan_module.so";
const run = async (file, args, options = {}) => (await promisify(execFile)(file, args, { maxBuffer: 1 << 24, timeout: 300_000, ...options })).stdout;

async function measured(loadgen, pid, followers, options) {
  const args = ["fanout", "--subs", followers, "--msgs", MESSAGES, "--burst", BURST, "--gap-ms", GAP_MS, "--pids", pid, ...options.flat()].map(String);
  const said = JSON.parse((await run(loadgen, args)).trim().split("\n").pop());
  if (said.lost) throw new Error(`${said.lost} deliveries were lost`);
  return said;
}

/** A room of ours that is live, with what is to be shown in it waiting: the nth of them with the nth mark. */
async function room(server, place) {
  const { token } = await hires(server, "11");
  const act = (path, body) => call(server.officers, path, { method: "POST", token, key: uuid7(), body });
  const dialogue_id = uuid7();
  await act("/api/v1/dialogues", { dialogue_id, title: "Fråga oss", starts_at: new Date(Date.now() + 3_600_000).toISOString() });
  await act(`/api/v1/dialogues/${dialogue_id}/opening`, { expected_revision: 1 });
  await act(`/api/v1/dialogues/${dialogue_id}/seat`, { expected_revision: 2, seat: "speaker", takes: true });
  const marks = [...Array(MESSAGES).keys(), ...Array.from({ length: BURST }, (_, nth) => 1000 + nth)];
  const lines = [];
  let noa;
  for (const [nth, mark] of marks.entries()) {
    if (nth % 10 === 0) noa = await registers(server);
    const question_id = randomUUID();
    const text = `@@${String(mark).padStart(8, "0")}@@ Vad gör ni om någon hotar mig på nätet?`;
    await call(server.youths, "/api/v1/dialogues/questions", { method: "POST", token: noa.token, key: uuid7(), body: { question_id, dialogue_id, text, accepts_rules: true } });
    lines.push(`${token} ${question_id}`);
  }
  const shows = join(place, `shows-${dialogue_id}.tok`);
  writeFileSync(shows, lines.join("\n"));
  return { dialogue_id, shows };
}

/** nginx with nchan, one worker, as Debian has it. */
async function withNchan(place, work) {
  if (!existsSync(MODULE)) await run("apt-get", ["install", "-y", "--no-install-recommends", "nginx-light", "libnginx-mod-nchan"], { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  const [folder, port] = [join(place, `nchan-${randomUUID()}`), await freePort()];
  mkdirSync(folder);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(" ");
  writeFileSync(
    join(folder, "nginx.conf"),
    `load_module ${MODULE}; daemon off; worker_processes 1; worker_rlimit_nofile 20000; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 19000; }
http { access_log off; ${temporary} server { listen 127.0.0.1:${port} backlog=4096;
  location = /up { return 200; }
  location = /pub { nchan_publisher; nchan_channel_id room; nchan_store_messages off; }
  location = /sub { nchan_subscriber eventsource; nchan_channel_id room; } } }`,
  );
  const child = spawn(NGINX, ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: "ignore" });
  try {
    await eventually(async () => (await fetch(`http://127.0.0.1:${port}/up`)).ok, "nginx did not start", 15_000);
    const worker = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim().split(" ")[0];
    return await work(port, worker);
  } finally {
    child.kill("SIGTERM");
    await new Promise((ended) => (child.exitCode !== null || child.signalCode !== null ? ended() : child.on("exit", ended)));
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function fanout({ compare, loadgen, place, ours, withPocketBase }) {
  const us = (followers) => () =>
    ours(async (server) => {
      const { dialogue_id, shows } = await room(server, place);
      try {
        return await measured(loadgen, server.pid, followers, [
          ["--proto", "sse", "--addr", new URL(server.youths).host, "--path", `/api/v1/dialogues/${dialogue_id}/stream`],
          ["--pub-tokens", shows, "--pub-path", "/api/v1/dialogues/questions/{t1}/showing", "--pub-body", '{"expected_revision":1}'],
          ["--pub-header", "Authorization: Bearer {tok}", "--pub-header", "Idempotency-Key: {uuid7}"],
        ]);
      } finally {
        rmSync(shows);
      }
    });
  const nchan = (followers) => () => withNchan(place, (port, pid) => measured(loadgen, pid, followers, [["--proto", "sse", "--addr", `127.0.0.1:${port}`, "--path", "/sub", "--pub-path", "/pub", "--pub-header", "Content-Type: text/plain"]]));
  const pocketbase = (followers) => () =>
    withPocketBase((port, pid, tokens) =>
      measured(loadgen, pid, followers, [
        ["--proto", "pocketbase", "--addr", `127.0.0.1:${port}`, "--tokens", tokens, "--topic", "messages/*", "--header", "Authorization: {tok}"],
        ["--pub-header", "Authorization: {tok}", "--pub-path", "/api/collections/messages/records", "--pub-body", '{"room":"r1","text":"{m} hello"}'],
      ]),
    );
  // A goal of at most x of a peer's time or memory is a ratio of at least 1/x.
  const last = (followers, gate, goal) => [`sent to the last of ${followers} followers`, "ms", "less", "last_ms", { gate, goal }];
  const bursts = (followers, limit) => [`deliveries when ${BURST} are sent at once to ${followers} followers`, "per second", "more", "burst_deliveries_per_s", limit];
  const memory = (followers, gate, goal) => [`memory a follower, with ${followers}`, "KiB", "less", "kib_per_conn", { gate, goal }];
  return [
    ...(await compare(us(1000), pocketbase(1000), "PocketBase 0.40.6", [last("1,000", 2.86, 5), bursts("1,000", { gate: 15, goal: 20 }), memory("1,000", 3.33, 5.9)])),
    ...(await compare(us(5000), nchan(5000), "nchan 1.3.6, which stores nothing", [last("5,000", 0.77, 1), bursts("5,000", { gate: 2, goal: 4 }), memory("5,000", 0.77, 1.43)])),
    ...(await compare(us(9900), nchan(9900), "nchan 1.3.6, which stores nothing", [last("9,900", 0.77, 1), bursts("9,900", "the goal stands for 5,000"), memory("9,900", 0.77, 1.43)])),
  ];
}
