// A room that a thousand follow, ask and vote in; five thousand who come back at once; and five hundred who read a byte a second.
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setPriority } from "node:os";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { eventually, expect, figures, shows, suite } from "./lib/cases.mjs";
import { call, onDuty, registers, uuid7 } from "./lib/patrol.mjs";
import { startServer } from "./lib/server.mjs";

const FOLLOWERS = 1000;
const SECONDS = Number(process.env.SECONDS ?? 60);
const BACK = 5000;
const SLOW = 500;
const [QUIET_ROUNDS, ROUNDS] = [10, 20];
const LAST_P99_MS = 500;
const CHAT_P99 = 2;
const MEMORY_MIB = 250;

const at = (times, share) => Math.round([...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] * 10) / 10;
const rss = ({ pid }) => Math.round(Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) / 102.4) / 10;
const sleep = (ms) => new Promise((go) => setTimeout(go, Math.max(0, ms)));
const some = (list) => list[Math.floor(Math.random() * list.length)];

/** Runs `work` so many times at once. */
async function together(count, many, work) {
  let next = 0;
  await Promise.all(Array.from({ length: many }, async () => { while (next < count) await work(next++); }));
}

/** Somebody who writes to us, in a thread of her own: what the followers' side has to do does not count as her waiting. */
const writer = () =>
  parentPort.on("message", async ({ url, token, conversation_id, ends }) => {
    const times = [];
    while (Atomics.load(ends, 0) === 0) {
      const since = performance.now();
      await call(url, "/api/v1/chat/messages", { method: "POST", token, key: uuid7(), body: { message_id: uuid7(), conversation_id, text: "hej" } });
      times.push(performance.now() - since);
      await sleep(20);
    }
    parentPort.postMessage(times);
  });

/** A follower: what it was told of questions, by when, and how many follow as it heard last. */
class Follower {
  told = new Map();
  twice = 0;
  disorder = 0;
  began = 0;
  pos = 0;
  viewers = 0;
  ended = false;
  #rest = "";

  constructor(port, dialogue_id, reads = true) {
    this.here = new Promise((go) => (this.#begins = go));
    this.socket = connect(port, "127.0.0.1", () => this.socket.write(`GET /api/v1/dialogues/${dialogue_id}/stream HTTP/1.1\r\nhost: localhost\r\n\r\n`));
    this.socket.setEncoding("utf8");
    const hears = (part) => this.#hears(part);
    this.socket.on("data", hears);
    this.socket.on("error", () => (this.ended = true));
    this.socket.on("close", () => (this.ended = true));
    if (!reads)
      void this.here.then(() => {
        this.socket.off("data", hears);
        this.socket.pause();
        const reading = setInterval(() => (this.ended ? clearInterval(reading) : this.socket.read(1)), 1000);
      });
  }

  #begins;

  #hears(part) {
    const now = performance.now();
    const pieces = (this.#rest + part).split("\n\n");
    this.#rest = pieces.pop();
    for (const piece of pieces) {
      const data = piece.slice(piece.indexOf("data: ") + 6);
      if (piece.startsWith("event: told")) this.#tells(data, now);
      else if (piece.startsWith("event: here") || piece.startsWith("event: viewers")) {
        const { pos, viewers } = JSON.parse(data);
        this.viewers = viewers;
        if (pos === undefined) continue;
        this.began = this.pos = pos;
        this.#begins(pos);
      }
    }
  }

  #tells(data, now) {
    const pos = Number(data.match(/"pos":(\d+)/)[1]);
    this.disorder += pos <= this.pos ? 1 : 0;
    this.pos = pos;
    const question = data.match(/"question_id":"([^"]+)"/)?.[1];
    if (question === undefined) return;
    const key = `${question}:${data.match(/"state":"([^"]+)"/)[1]}`;
    this.twice += this.told.has(key) ? 1 : 0;
    this.told.set(key, now);
  }
}

const suites = async () => {
  const server = await startServer({ profile: "release", name: "full-room", settings: { NATPATRULL_ACTIONS_A_MINUTE: "1000000" } });
  const port = Number(new URL(server.youths).port);
  // Followers are on other machines in life: what they do here gives way to the server and to who writes.
  const thread = new Worker(new URL(import.meta.url));
  await new Promise((go) => thread.once("online", go));
  setPriority(19);
  const note = (name, figure) => {
    console.log(`        ${name}: ${JSON.stringify(figure)}`);
    writeFileSync(join(figures, `full-room-${name}.json`), JSON.stringify(figure, null, 1));
  };
  const youths = [];
  await together(FOLLOWERS, 16, async () => youths.push(await registers(server)));
  const asks = async (dialogue_id, noa, text) => {
    const question_id = crypto.randomUUID();
    const body = { question_id, dialogue_id, text, accepts_rules: true };
    const { outcome } = await call(server.youths, "/api/v1/dialogues/questions", { method: "POST", token: noa.token, key: uuid7(), body });
    expect(outcome === "applied", `a question ended ${outcome}`);
    return question_id;
  };
  const follow = async (dialogue_id, count, reads = true) => {
    const all = [];
    for (let n = 0; n < count; n += 250) {
      const more = Array.from({ length: Math.min(250, count - n) }, () => new Follower(port, dialogue_id, reads));
      await Promise.all(more.map(({ here }) => here));
      all.push(...more);
    }
    return all;
  };
  const leave = (all) => all.forEach(({ socket }) => socket.destroy());

  await shows("a thousand follow who also ask ten questions and vote a hundred times a second, and each sees all that is shown once and in order", async () => {
    const desk = await onDuty(server, "07");
    const dialogue_id = await desk.opensRoom({ title: "Fråga oss" });
    const all = await follow(dialogue_id, FOLLOWERS);
    const [shown, votes, faults] = [new Map(), new Set(), []];
    const failed = (error) => faults.push(String(error.message ?? error));
    const since = performance.now();
    const until = since + SECONDS * 1000;
    const paced = async (each, work) => {
      const going = [];
      for (let nth = 0; ; nth++) {
        await sleep(since + nth * each - performance.now());
        if (performance.now() >= until) return Promise.all(going);
        going.push(work(nth).catch(failed));
      }
    };
    await Promise.all([
      paced(100, async (nth) => {
        const question_id = await asks(dialogue_id, youths[nth % youths.length], `Fråga nummer ${nth}: vad gör ni om någon hotar mig på nätet?`);
        const sent = performance.now();
        await desk.decides({ question_id, revision: 1 }, "showing");
        shown.set(question_id, sent);
      }),
      paced(10, async () => {
        const [question_id, noa] = [some([...shown.keys()].slice(-50)), some(youths)];
        if (question_id === undefined || votes.has(question_id + noa.account_id)) return;
        votes.add(question_id + noa.account_id);
        try {
          await call(server.youths, `/api/v1/dialogues/questions/${question_id}/vote`, { method: "POST", token: noa.token });
        } catch (error) {
          // She asked it herself: it has her vote.
          if (!error.message.includes("voted-already")) throw error;
        }
      }),
    ]);
    const keys = [...shown.keys()].map((id) => `${id}:shown`);
    await eventually(() => all.every(({ told }) => keys.every((key) => told.has(key))), "somebody was not told of all that is shown", 20_000);
    const last = [...shown].map(([id, sent]) => Math.max(...all.map(({ told }) => told.get(`${id}:shown`))) - sent);
    note("room", { followers: FOLLOWERS, seconds: SECONDS, shown: shown.size, votes: votes.size, faults: faults.length, last_p50_ms: at(last, 0.5), last_p99_ms: at(last, 0.99), limit_ms: LAST_P99_MS, memory_mib: rss(server) });
    expect(faults.length === 0, `${faults.length} were refused, the first: ${faults[0]}`);
    expect(all.every(({ twice, disorder }) => twice === 0 && disorder === 0), "something was told twice, or out of order");
    expect(at(last, 0.99) < LAST_P99_MS, "the last follower waits too long");
    leave(all);
  });

  await shows("five thousand come back within five seconds, read what they missed, and delay nobody who writes to us", async () => {
    const desk = await onDuty(server, "07");
    const dialogue_id = await desk.opensRoom({ title: "Fråga oss igen" });
    for (let nth = 0; nth < 60; nth++) await desk.decides({ question_id: await asks(dialogue_id, youths[nth], `Fråga ${nth}`), revision: 1 }, "showing");
    const noa = await registers(server);
    /** How long each message takes her that she writes until `work` is done. */
    const writesWhile = async (work) => {
      const ends = new Int32Array(new SharedArrayBuffer(4));
      const times = new Promise((go, fails) => thread.once("message", go).once("error", fails));
      thread.postMessage({ url: server.youths, token: noa.token, conversation_id: uuid7(), ends });
      const done = await work();
      Atomics.store(ends, 0, 1);
      return [await times, done];
    };
    const before = await follow(dialogue_id, BACK);
    const places = before.map(({ pos }) => pos);
    leave(before);
    const [watches] = await follow(dialogue_id, 1);
    await eventually(() => watches.viewers === 1, "those who left are still counted", 30_000);
    leave([watches]);
    const away = [];
    for (let nth = 60; nth < 80; nth++) {
      const question_id = await asks(dialogue_id, youths[nth], `Fråga ${nth}`);
      await desk.decides({ question_id, revision: 1 }, "showing");
      away.push(question_id);
    }
    const [quiet] = await writesWhile(() => sleep(6000));
    const missed = { followers: 0, events: 0 };
    const comes = async (place) => {
      await sleep(Math.random() * 5000);
      const follower = new Follower(port, dialogue_id);
      await follower.here;
      const told = [];
      for (let page = Math.floor(place / 100); page * 100 < follower.began; page++) told.push(...(await call(server.youths, `/api/v1/dialogues/${dialogue_id}/events?page=${page}`)).items);
      const lacks = away.filter((id) => !told.some(({ pos, question }) => pos > place && question?.question_id === id)).length;
      missed.followers += lacks > 0 ? 1 : 0;
      missed.events += lacks;
      return follower;
    };
    const [meanwhile, all] = await writesWhile(() => Promise.all(places.map(comes)));
    const figure = { followers: BACK, missed, memory_mib: rss(server), memory_limit_mib: MEMORY_MIB, quiet: { messages: quiet.length, p50_ms: at(quiet, 0.5), p99_ms: at(quiet, 0.99) }, meanwhile: { messages: meanwhile.length, p50_ms: at(meanwhile, 0.5), p99_ms: at(meanwhile, 0.99) }, limit: CHAT_P99 };
    note("storm", figure);
    expect(missed.followers === 0, `${missed.followers} lack ${missed.events} of what they missed`);
    leave(all);
    expect(figure.memory_mib < MEMORY_MIB, "the server holds too much");
    expect(figure.meanwhile.p99_ms < CHAT_P99 * figure.quiet.p99_ms, "who writes to us waits");
  });

  await shows("five hundred who read a byte a second are let go, and the others are told as before", async () => {
    const desk = await onDuty(server, "07");
    const dialogue_id = await desk.opensRoom({ title: "Fråga oss till sist" });
    const reads = await follow(dialogue_id, SLOW);
    const asked = [];
    for (let nth = 0; nth < 26 * (ROUNDS + QUIET_ROUNDS); nth++) {
      const question_id = await asks(dialogue_id, youths[nth], `Fråga ${nth}`);
      await desk.decides({ question_id, revision: 1 }, "showing");
      asked.push(question_id);
    }
    const answers = (question_id) => desk.decides({ question_id, revision: 2 }, "answer", { answer: "å".repeat(1000), answer_en: "å".repeat(1000) });
    /** Twenty-five long answers at once, and how long one that follows takes to the last of those who read. */
    const round = async () => {
      await together(25, 8, () => answers(asked.pop()));
      const [question_id, sent] = [asked.pop(), performance.now()];
      await answers(question_id);
      const key = `${question_id}:answered`;
      await eventually(() => reads.every(({ told }) => told.has(key)), "somebody who reads is not told", 20_000);
      return Math.max(...reads.map(({ told }) => told.get(key))) - sent;
    };
    const [before, meanwhile, held] = [[], [], []];
    for (let nth = 0; nth < QUIET_ROUNDS; nth++) before.push(await round());
    const slow = await follow(dialogue_id, SLOW, false);
    await eventually(() => reads[0].viewers === 2 * SLOW, "the slow are not counted", 20_000);
    // More for each than the system holds, and a mebibyte beyond.
    for (let nth = 0; nth < ROUNDS; nth++) {
      meanwhile.push(await round());
      held.push(reads[0].viewers - SLOW);
    }
    await eventually(() => reads[0].viewers === SLOW, "who takes nothing is not let go", 60_000);
    const figure = { readers: SLOW, slow: SLOW, before: before.map(Math.round), meanwhile: meanwhile.map(Math.round), held, before_p50_ms: at(before, 0.5), meanwhile_p50_ms: at(meanwhile.filter((_, nth) => held[nth] > 0), 0.5), memory_mib: rss(server) };
    note("slow", figure);
    expect(figure.meanwhile_p50_ms < 1.5 * figure.before_p50_ms, "the others wait for the slow");
    expect(reads.every(({ twice, disorder }) => twice === 0 && disorder === 0), "something was told twice, or out of order");
    const { pos } = await call(server.youths, `/api/v1/dialogues/${dialogue_id}/questions`);
    let read = 0;
    for (let page = 0; page * 100 < pos; page++) read += (await call(server.youths, `/api/v1/dialogues/${dialogue_id}/events?page=${page}`)).items.filter(({ question }) => question).length;
    expect(read >= 26 * (ROUNDS + QUIET_ROUNDS), `the pages hold ${read}`);
    leave([...reads, ...slow]);
  });
  await thread.terminate();
};

await (isMainThread ? suite("full-room", suites) : writer());
