// The officers' inbox of reports, its filters and its keyed search, at ten thousand and at a million reports on the embedded database. The
// reports come in as youths send them; a hundred of each ten thousand are urgent. No peer: what counts is the limit, and how it grows.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { call, registers, uuid7 } from "../e2e/lib/patrol.mjs";
import { hires } from "../e2e/lib/staff.mjs";

const KINDS = ["threat", "sexual-image", "grooming", "fraud", "hate", "bullying", "recruitment", "drugs", "violence", "party", "other"];
const AREAS = ["2580", "2581", "2480", "2482", "2280", "2281", "2380", "2514", "2583"];
const MARKED = "https://www.instagram.com/den.som.soks";
const SIZES = [10_000, 1_000_000];
const LIMIT_MS = 100;
const GROWTH = 2;

const submit = (report_id, i, links) => ({
  action_id: uuid7(), lane: "bench", kind: "report-submit", v: 2, after: [], recorded_at: "2026-11-24T14:02:11Z", attempt: 1,
  body: {
    report_id, event_kind: KINDS[i % KINDS.length], what: i % 100 === 0 ? "Han har kniv och väntar utanför" : "Någon skriver till mig om kvällarna och vill ha pengar",
    happened: { certainty: "unknown" }, files: [], questionnaire_version: 1, area: AREAS[i % AREAS.length], links,
  },
});

/** Youths with a token each, for the load and for themselves. */
async function youths(server, place, count) {
  const all = [];
  for (let i = 0; i < count; i++) all.push(await registers(server));
  const tokens = join(place, "reports.tok");
  writeFileSync(tokens, all.map((one) => `${one.token} ${one.account_id} ${one.device_id}`).join("\n"));
  return { all, tokens };
}

/** Sends batches of a hundred until there are so many. */
async function fills(server, { loadgen, place }, from, until) {
  const body = join(place, "reports.json");
  const actions = Array.from({ length: 100 }, (_, i) => ({ ...submit("{uuid7}", i, ["https://www.instagram.com/u{id15}"]), action_id: "{uuid7}" }));
  writeFileSync(body, JSON.stringify({ device_id: "{t2}", account_id: "{t1}", envelope: 1, app_version: "bench", actions }));
  let there = from;
  while (there < until) {
    // A token lives five minutes.
    const { tokens } = await youths(server, place, 8);
    const secs = until > 100_000 ? 20 : 1;
    const args = ["http", "--addr", `127.0.0.1:${server.port}`, "--secs", String(secs), "--conns", "8", "--tokens", tokens, "--path", "/api/v1/sync/push", "--header", "Authorization: Bearer {tok}", "--body", `@${body}`];
    const { stdout } = await promisify(execFile)(loadgen, args, { timeout: 120_000 });
    const { ok, non2xx, errs } = JSON.parse(stdout.trim().split("\n").pop());
    if (non2xx || errs) throw new Error(`reports were refused: ${stdout}`);
    there += ok * 100;
    console.log(`  ${there} reports`);
  }
  return there;
}

/** What an officer asks, four at once. */
async function asks(server, { load, place }, number) {
  const kim = await hires(server, number);
  const tokens = join(place, "officer.tok");
  writeFileSync(tokens, kim.token);
  const get = async (path) => call(server.officers, `/api/v1/reports${path}`, { token: kim.token });
  let next = "";
  for (let page = 0; page < 20; page++) next = `&next=${(await get(`?limit=100${next}`)).next}`;
  const { items } = await get("?limit=1&event_kind=fraud");
  const measured = async (more) => (await load(server.port, server.pid, [["--conns", "4", "--tokens", tokens, "--header", "Authorization: Bearer {tok}"], more])).p99_ms;
  const list = (query) => measured(["--method", "GET", "--path", `/api/v1/reports?limit=30${query}`]);
  const search = async (by, wanted) => {
    const body = { reason: "same-person", [by]: wanted };
    const found = await call(server.officers, "/api/v1/reports/search", { method: "POST", token: kim.token, body });
    if (found.items.length === 0) throw new Error(`nothing is found by ${by}`);
    return measured(["--path", "/api/v1/reports/search", "--body", JSON.stringify(body)]);
  };
  return {
    "inbox": await list(""),
    "inbox, far down": await list(next),
    "one kind": await list("&event_kind=fraud"),
    "one area, urgent ones": await list("&area=2580&priority=p2"),
    "one state and kind": await list("&state=being-read&event_kind=grooming"),
    "search by number": await search("number", items[0].number),
    "search by user name": await search("clue", "instagram: den.som.soks"),
  };
}

export async function reports(tools) {
  return tools.ours(async (server) => {
    const figures = [];
    let there = 0;
    for (const [nth, size] of SIZES.entries()) {
      const { all: [noa] } = await youths(server, tools.place, 1);
      const marked = { device_id: noa.device_id, account_id: noa.account_id, envelope: 1, app_version: "bench", actions: [submit(uuid7(), 1, [MARKED])] };
      await call(server.youths, "/api/v1/sync/push", { method: "POST", token: noa.token, body: marked });
      there = await fills(server, tools, there, size);
      figures.push(await asks(server, tools, String(41 + nth)));
      console.log(`  at ${there}: ${JSON.stringify(figures.at(-1))}`);
    }
    const [few, many] = figures;
    const row = (measure, ours, unit, limit) => ({ measure, unit, better: "less", ours, peer: limit, peer_name: "the limit", ratio: Math.round((100 * limit) / ours) / 100, limit: { gate: 1, goal: 1 } });
    return Object.keys(few).flatMap((what) => [
      row(`${what}, ${SIZES[0]} reports, p99`, few[what], "ms", LIMIT_MS),
      row(`${what}, ${SIZES[1]} reports, p99`, many[what], "ms", LIMIT_MS),
      row(`${what}, growth from ${SIZES[0]} to ${SIZES[1]}`, Math.round((100 * many[what]) / few[what]) / 100, "times", GROWTH),
    ]);
  });
}
