// Pushes a second from one core, encrypted, signed and posted to a sink on the other, beside the senders that are used most and the
// limit. How long one tip takes to a hundred thousand phones is shown by make proof, part told.
import { execFile, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { eventually } from "../e2e/lib/cases.mjs";
import { root } from "../e2e/lib/root.mjs";
import { freePort, program } from "../e2e/lib/server.mjs";

const AT_ONCE = "32";
const run = async (file, args, options = {}) => (await promisify(execFile)(file, args, { timeout: 300_000, ...options })).stdout;
const pinned = async (core, words) => JSON.parse((await run("taskset", ["-c", core, ...words])).trim().split("\n").pop());

/** A push service that takes everything, on the second core. */
async function withSink(loadgen, work) {
  const port = await freePort();
  const sink = spawn("taskset", ["-c", "1", loadgen, "sink", "--addr", `127.0.0.1:${port}`, "--secs", "3600"], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    await eventually(async () => (await fetch(`http://127.0.0.1:${port}/`, { method: "POST" })).status === 201, "the sink did not start");
    return await work(port);
  } finally {
    sink.kill("SIGKILL");
    await new Promise((ended) => (sink.exitCode !== null || sink.signalCode !== null ? ended() : sink.on("exit", ended)));
  }
}

async function npm(place) {
  const folder = join(place, "node_modules/web-push");
  if (!existsSync(folder)) await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", place, "web-push@3.6.7"]);
  return createRequire(join(place, "package.json")).resolve("web-push");
}

async function python(place) {
  const venv = join(place, "pywebpush");
  if (!existsSync(join(venv, "bin/pip"))) await run("python3", ["-m", "venv", venv]);
  await run(join(venv, "bin/pip"), ["install", "--quiet", "pywebpush==2.5.0"]);
  return join(venv, "bin/python");
}

export async function push({ compare, loadgen, place, seconds }) {
  const secs = String(seconds);
  const peers = join(place, "build/release/peers");
  const sinks = (words) => () => withSink(loadgen, async (port) => pinned("0", await words(port)));
  const us = sinks((port) => [program("release"), "push-load", `http://127.0.0.1:${port}`, "--secs", secs, "--at-once", AT_ONCE]);
  const measure = (gate, goal) => [["pushes, encrypted, signed and posted, one core", "per second", "more", "rps", { gate, goal }]];
  const scripts = (name) => resolve(root, "tests/load", name);
  return [
    ...(await compare(us, sinks(async (port) => ["node", scripts("push_npm.cjs"), await npm(place), String(port), secs, AT_ONCE]), "npm web-push 3.6.7", measure(4, 7))),
    ...(await compare(us, sinks(async (port) => [await python(place), scripts("push_py.py"), String(port), secs]), "pywebpush 2.5.0, one pooled session", measure(4, 8))),
    ...(await compare(us, sinks((port) => [peers, "web-push", `http://127.0.0.1:${port}`, secs, AT_ONCE]), "the crate web-push 0.11, its own pooled client", measure(2, 4))),
    ...(await compare(us, () => pinned("0", [peers, "limit", secs]), "a fresh P-256 key and a key agreement each (ring)", measure(null, 0.6))),
  ];
}
