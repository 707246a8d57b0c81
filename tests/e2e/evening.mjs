// A Friday evening at the API: many youths wait, officers work, and everybody listens. No error, every place in the queue right, and nothing
// that was said is missing or there twice. With --whole it is 500 youths and 20 officers for two minutes, and how long a message takes
// from its writer to the other side's hands is written down and has a limit.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, figures, shows, suite } from "./lib/cases.mjs";
import { call, registers, solves, uuid7 } from "./lib/patrol.mjs";
import { startServer } from "./lib/server.mjs";
import { hires, listens } from "./lib/staff.mjs";
import { remember } from "./lib/traces.mjs";

const whole = process.argv.includes("--whole");
const [YOUTHS, OFFICERS, SECONDS] = whole ? [500, 20, 120] : [60, 4, 15];
/** How often all stand still and the places are compared. */
const LOOKS = whole ? 6 : 2;
const P99_MS = 300;
const ROUNDS = 3;

const ANSWERS = [
  [0.05, "p1", { danger: "yes" }],
  [0.2, "p2", { danger: "unsure" }],
  [0.7, "p3", { danger: "no" }],
  [1, "p4", { danger: "only-asking" }],
];

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const between = (least, most) => pause(least + Math.random() * (most - least));
const at = (times, share) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] * 10) / 10;

/** What went wrong beside the awaited path. */
const faults = [];

/** Somebody with a token, who follows talks by pulling what the stream told of. */
class Person {
  constructor(base, device_id, token) {
    Object.assign(this, { base, device_id, token, talks: new Map(), asked: new Set(), pulling: false });
  }
  asks = (path) => call(this.base, path, { token: this.token });
  does = (path, body) => call(this.base, path, { method: "POST", token: this.token, key: uuid7(), body });
  says = (conversation_id, text, more = {}) => {
    const message_id = uuid7();
    sent.set(message_id, performance.now());
    return this.does("/api/v1/chat/messages", { message_id, conversation_id, text: remember(text), ...more });
  };
  follows(talk, heard, cursor = { tail: 200 }) {
    this.talks.set(talk, { cursor, heard });
  }
  /** One pull at a time; what grows meanwhile is asked for in the next. */
  async grew(talk) {
    if (talk && this.talks.has(talk)) this.asked.add(talk);
    if (this.pulling || !this.asked.size) return;
    this.pulling = true;
    try {
      while (this.asked.size) {
        const talks = [...this.asked].slice(0, 50);
        for (const one of talks) this.asked.delete(one);
        const streams = Object.fromEntries(talks.filter((one) => this.talks.has(one)).map((one) => [`conversation:${one}`, this.talks.get(one).cursor]));
        const answer = await call(this.base, "/api/v1/sync/pull", { method: "POST", token: this.token, body: { device_id: this.device_id, envelope: 1, streams } });
        for (const [name, { epoch, events, head, more }] of Object.entries(answer.streams)) {
          const talk = name.slice("conversation:".length);
          const followed = this.talks.get(talk);
          if (!followed) continue;
          followed.cursor = { epoch, pos: events.at(-1)?.pos ?? head };
          if (more) this.asked.add(talk);
          for (const { message } of events) if (message && !message.mine) this.gets(message, followed);
        }
      }
    } finally {
      this.pulling = false;
    }
  }
  gets(message, { heard }) {
    expect(!this[message.message_id], "a message came twice");
    this[message.message_id] = true;
    took.push(performance.now() - sent.get(message.message_id));
    arrived.add(message.message_id);
    heard(message);
  }
}

const sent = new Map();
const arrived = new Set();
const took = [];

await suite("evening", async () => {
  const server = await startServer({ demo: false, profile: whole ? "release" : "debug", name: "evening", settings: { NATPATRULL_ACTIONS_A_MINUTE: "1000000" } });
  await shows(`${YOUTHS} youths wait, ${OFFICERS} officers work: no error, every place right, and each word there once`, async () => {
    const lead = await hires(server, "900", "lead");
    const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    const today = new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Stockholm" });
    await call(server.officers, "/api/v1/quarters/hours", { method: "PUT", token: lead.token, body: { valid_from: today, intervals: days.map((weekday) => ({ weekday, opens: "00:00", closes: "24:00" })) } });

    const over = new AbortController();
    /** Every talk with whose it is and how urgent, from before the desk can see it. */
    const opened = new Map();
    /** Those that wait, as their youths know it. */
    const waiting = new Set();
    const taken = new Set();
    let still;
    let moving = 0;
    /** Runs one act of somebody; while places are compared nobody begins one. */
    const act = async (what) => {
      while (still) await still;
      moving += 1;
      try {
        return await what();
      } finally {
        moving -= 1;
      }
    };
    const counts = { talks: 0, proofs: 0, closed: 0, lost_races: 0, looks: 0, places: 0 };

    /** Pulls what the live stream says has grown. */
    const follows = (who, talkOf) => {
      const failed = (error) => faults.push(error);
      const heard = (event, at) => (event === "poke" ? void who.grew(talkOf(at.stream)).catch(failed) : failed(new Error(`a stream said ${event}`)));
      return listens(`${who.base}/api/v1/sync/stream`, { authorization: `Bearer ${who.token}` }, heard, failed, over.signal);
    };
    const opensTalk = async (noa) => {
      const talk = uuid7();
      const lot = Math.random();
      const [, priority, triage] = ANSWERS.find(([most]) => lot < most);
      noa.talk = talk;
      noa.follows(talk, () => {
        // She answers whatever an officer says.
        if (noa.talk !== talk || over.signal.aborted) return;
        const answers = between(200, 1500).then(() => act(async () => noa.talk === talk && noa.says(talk, "Tack. Jag är kvar här."))).catch((error) => faults.push(error));
        noa.answering = Promise.all([noa.answering, answers]);
      });
      opened.set(talk, { priority, noa });
      await noa.says(talk, "Det är någon som inte slutar skriva till mig.", { triage });
      const { proof_bits } = await noa.asks(`/api/v1/chat/conversations/${talk}/wait`);
      if (proof_bits !== undefined) {
        expect(priority !== "p1", "danger is asked for a proof");
        await call(noa.base, "/api/v1/chat/proof", { method: "PUT", token: noa.token, body: await solves(server, proof_bits) });
        counts.proofs += 1;
      }
      // Somebody may have been quick.
      if (!taken.has(talk)) waiting.add(talk);
      counts.talks += 1;
    };

    const youths = [];
    let coming = YOUTHS;
    const comes = async () => {
      const { token, device_id } = await registers(server);
      const noa = new Person(server.youths, device_id, token);
      youths.push(noa);
      await follows(noa, () => noa.talk);
      await opensTalk(noa);
    };
    await Promise.all(Array.from({ length: 8 }, async () => { while (coming-- > 0) await comes(); }));
    const officers = [];
    for (let nth = 0; nth < OFFICERS; nth++) {
      const { device_id, token } = await hires(server, String(10 + nth));
      const kim = new Person(server.officers, device_id, token);
      await follows(kim, (stream) => stream.replace("conversation:", ""));
      await kim.does("/api/v1/quarters/shifts", { shift_id: uuid7(), device_id: kim.device_id, ends_at: new Date(Date.now() + 3_600_000).toISOString(), quarters: [] });
      officers.push(kim);
    }

    /** One officer's evening: the first that waits, three answers, and an end. */
    const works = async (kim) => {
      while (!over.signal.aborted) {
        await act(async () => {
          const { items } = await kim.asks("/api/v1/chat/conversations?state=waiting&limit=20");
          for (const { conversation_id, revision } of items) {
            try {
              await kim.does(`/api/v1/chat/conversations/${conversation_id}/take`, { expected_revision: revision });
            } catch (error) {
              if (!/conversation-taken|revision-conflict/.test(error.message)) throw error;
              counts.lost_races += 1;
              continue;
            }
            kim.holds = { talk: conversation_id, noa: opened.get(conversation_id).noa };
            taken.add(conversation_id);
            waiting.delete(conversation_id);
            break;
          }
        });
        if (!kim.holds) {
          await pause(200);
          continue;
        }
        const { talk, noa } = kim.holds;
        // The first words stood there before; from here on she hears what is new.
        const { head } = await act(() => kim.asks(`/api/v1/chat/conversations/${talk}`));
        kim.follows(talk, () => kim.heard(), { epoch: 1, pos: head });
        for (let round = 0; round < ROUNDS && !over.signal.aborted; round++) {
          const answered = new Promise((done) => (kim.heard = done));
          await between(200, 800);
          await act(() => kim.says(talk, "Jag är här. Berätta vad som händer, i din takt."));
          await Promise.race([answered, pause(10_000)]);
        }
        // A word that came after the end would open the talk again.
        noa.talk = null;
        await noa.answering;
        await act(async () => {
          const { head } = await kim.asks(`/api/v1/chat/conversations/${talk}`);
          await kim.does(`/api/v1/chat/conversations/${talk}/read`, { pos: head });
          const { revision } = await kim.asks(`/api/v1/chat/conversations/${talk}`);
          await kim.does(`/api/v1/chat/conversations/${talk}/close`, { expected_revision: revision, outcome: "advice-given" });
          kim.talks.delete(talk);
          kim.holds = null;
          counts.closed += 1;
        });
        if (!over.signal.aborted) await act(() => opensTalk(noa));
      }
    };

    const goesWell = () => expect(faults.length === 0, `${faults.length} faults, the first: ${faults[0]?.stack}`);

    /** Everybody stands still: the list goes by urgency and then by age, it is all that wait, and each youth is told her place in it. */
    const comparesPlaces = async () => {
      let goOn;
      still = new Promise((done) => (goOn = done));
      while (moving) await pause(5);
      // An act that failed may have been done all the same, and then the places differ because of it.
      goesWell();
      const list = [];
      let next;
      do {
        const page = await officers[0].asks(`/api/v1/chat/conversations?state=waiting&limit=100${next ? `&next=${encodeURIComponent(next)}` : ""}`);
        list.push(...page.items);
        next = page.next;
      } while (next);
      expect(list.length === waiting.size && list.every(({ conversation_id }) => waiting.has(conversation_id)), `${list.length} talks wait at the desk, and ${waiting.size} do`);
      const rank = ({ conversation_id, waiting_since }) => `${opened.get(conversation_id).priority} ${waiting_since}`;
      for (let i = 1; i < list.length; i++) expect(rank(list[i - 1]) <= rank(list[i]), `${rank(list[i - 1])} stands before ${rank(list[i])}`);
      await Promise.all(
        list.map(async ({ conversation_id }, i) => {
          const { place } = await opened.get(conversation_id).noa.asks(`/api/v1/chat/conversations/${conversation_id}/wait`);
          expect(place === i + 1, `she is told place ${place} and stands at ${i + 1}`);
        }),
      );
      counts.looks += 1;
      counts.places += list.length;
      still = null;
      goOn();
    };

    const since = performance.now();
    await comparesPlaces();
    const working = officers.map((kim) => works(kim).catch((error) => faults.push(error)));
    const looking = youths.map(async (noa) => {
      await between(0, 15_000);
      while (!over.signal.aborted) {
        const talk = noa.talk;
        // Her screen asks for her place as the app does.
        if (talk && waiting.has(talk)) await act(() => noa.asks(`/api/v1/chat/conversations/${talk}/wait`)).catch((error) => faults.push(error));
        await pause(15_000);
      }
    });
    for (let look = 1; look <= LOOKS; look++) {
      await pause((SECONDS * 1000) / LOOKS);
      await comparesPlaces();
    }
    const seconds = (performance.now() - since) / 1000;
    const messages = took.length;
    const times = [...took].sort((a, b) => a - b);
    over.abort();
    await Promise.all(working);
    void looking;
    goesWell();

    // Nothing that was said is missing: every talk that was opened can be read by its officers, each message once.
    const all = [];
    let next;
    do {
      const page = await officers[0].asks(`/api/v1/chat/conversations?limit=100${next ? `&next=${encodeURIComponent(next)}` : ""}`);
      all.push(...page.items);
      next = page.next;
    } while (next);
    expect(all.length === counts.talks, `${counts.talks} talks were opened and ${all.length} are there`);
    const there = [];
    for (const { conversation_id } of all) there.push(...(await officers[0].asks(`/api/v1/chat/conversations/${conversation_id}/messages?limit=100`)).items.map(({ message_id }) => message_id));
    expect(new Set(there).size === there.length && there.length === sent.size && there.every((one) => sent.has(one)), `${sent.size} messages were sent and ${there.length} are there`);
    expect(counts.closed > 0 && messages > 0, "nobody did anything");

    const memory = Math.round(Number(readFileSync(`/proc/${server.pid}/status`, "utf8").match(/VmHWM:\s+(\d+)/)[1]) / 1024);
    const said = { youths: YOUTHS, officers: OFFICERS, seconds: Math.round(seconds), ...counts, delivered: messages, p50_ms: at(times, 0.5), p99_ms: at(times, 0.99), most_ms: at(times, 1), peak_mib: memory, limit_p99_ms: P99_MS };
    console.log(`        ${JSON.stringify(said)}`);
    if (!whole) return;
    writeFileSync(join(figures, "evening.json"), JSON.stringify(said, null, 1));
    expect(said.p99_ms <= P99_MS, `a message takes ${said.p99_ms} ms to the other side (p99)`);
  });
});
