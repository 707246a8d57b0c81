// The real program on a free port, with a data folder of its own that goes when it stops.
import { spawn, execFile } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterwards, eventually, proofs } from "./cases.mjs";
import { root } from "./root.mjs";
import { traces } from "./traces.mjs";

const target = process.env.CARGO_TARGET_DIR ?? resolve(root, "target");
export const program = (profile = "debug") => {
  const path = resolve(target, profile, "natpatrull");
  if (!existsSync(path)) throw new Error(`${path} is missing: cargo build --package natpatrull${profile === "release" ? " --release" : ""}`);
  return path;
};

export const freePort = () =>
  new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

/** Starts `natpatrull serve`, waits until it is ready, and stops it by its id when the suite ends. With `ownApp` it has a copy of the
 *  built app, which can be made to come in another version. */
export async function startServer({ demo = true, profile = "debug", settings = {}, name = "server", ownApp = false } = {}) {
  const [port, metrics] = [await freePort(), await freePort()];
  const data = mkdtempSync(join(tmpdir(), "natpatrull-"));
  const log = join(proofs, `${name}-${port}.log`);
  const out = openSync(log, "w");
  const app = ownApp && mkdtempSync(join(tmpdir(), "natpatrull-app-"));
  if (app) cpSync(resolve(root, "pwa/dist"), app, { recursive: true });
  const env = {
    ...process.env,
    NATPATRULL_LISTEN: `127.0.0.1:${port}`,
    NATPATRULL_BASE_URL: `http://localhost:${port}`,
    NATPATRULL_DATA_DIR: data,
    NATPATRULL_PUSH_ALLOW_LOOPBACK: "true",
    NATPATRULL_METRICS_LISTEN: `127.0.0.1:${metrics}`,
    ...(app ? { NATPATRULL_PWA_DIR: app } : {}),
    ...settings,
  };
  let child;
  let ended;
  let stopped = false;
  const start = async () => {
    const since = Date.now();
    ended = null;
    child = spawn(program(profile), demo ? ["serve", "--demo"] : ["serve"], { cwd: root, env, stdio: ["ignore", out, out] });
    child.on("exit", (code, signal) => (ended = `${code ?? signal}`));
    await eventually(async () => ended !== null || (await fetch(`http://127.0.0.1:${port}/readyz`)).ok, `the program was not ready; its log: ${log}`, 60_000);
    if (ended !== null) throw new Error(`the program ended with ${ended}:\n${server.log().split("\n").slice(-12).join("\n")}`);
    server.readyAfter = Date.now() - since;
    server.pid = child.pid;
  };
  const end = async () => {
    if (!child || ended !== null) return;
    child.kill("SIGTERM");
    await eventually(() => ended !== null, "the program did not stop within 10 s of SIGTERM", 10_000).catch((error) => {
      child.kill("SIGKILL");
      throw error;
    });
  };
  const server = {
    port,
    data,
    log: () => readFileSync(log, "utf8"),
    metrics: async () => (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text(),
    officers: `http://localhost:${port}`,
    youths: `http://127.0.0.1:${port}`,
    /** A second start of the program on the same data, for `admin invite` and the like: what it printed. */
    also: async (...words) => (await promisify(execFile)(program(profile), words, { cwd: root, env, timeout: 30_000 })).stdout,
    /** Stops and starts on the same data and port, as for a new version. */
    async restart() {
      await end();
      await start();
    },
    /** Killed in the middle of whatever it does, and started again on the same data. */
    async crash() {
      child.kill("SIGKILL");
      await eventually(() => ended !== null, "the program lives on");
      await start();
    },
    /** Another version of the app: the program reads its files when it starts. */
    async bringsNewVersion() {
      appendFileSync(join(app, "sw.js"), `\n// another version ${Date.now()}\n`);
      await server.restart();
    },
    /** What of people can be found in what the program says and keeps. */
    traces: async () => traces({ log: server.log(), figures: await server.metrics(), data }),
    /** Stops it as its operator would. Whatever a suite did, it may leave no trace of people. */
    async stop() {
      if (stopped) return;
      stopped = true;
      try {
        const figures = child && ended === null ? await server.metrics() : "";
        await end();
        const found = traces({ log: server.log(), figures, data });
        if (found.length) throw new Error(`the program of "${name}" keeps or tells what it must not:\n        ${found.slice(0, 8).join("\n        ")}`);
      } finally {
        for (const folder of [data, app]) if (folder) rmSync(folder, { recursive: true, force: true });
      }
    },
  };
  afterwards(server.stop);
  await start();
  return server;
}
