// A film from a bad network: cut in the middle of parts, the program killed in between, and it arrives once and whole; and one that a post
// shows, read by many at once. `--whole` sends 100 MB, shows 50 MB, by the release build, and writes down how it went.
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, expect, figures, shows, suite } from "./lib/cases.mjs";
import { call, onDuty, registers, sha256, uuid7 } from "./lib/patrol.mjs";
import { startServer } from "./lib/server.mjs";

const WHOLE = process.argv.includes("--whole");
const SIZE = WHOLE ? 100_000_000 : 6_000_000;
const PART = 256 * 1024;
const [CUTS, KILLS] = [20, 3];
/** What a post shows, in bytes; how many read the whole of it at once, and how often somebody looks at another place. */
const SHOWN = WHOLE ? 50_000_000 : 20_000_000;
const [READERS, SEEKS] = WHOLE ? [20, 200] : [3, 40];
/** What the program may hold more while it takes the film, makes it ready, and shows it: less than the film. */
const MORE_MIB = WHOLE ? 30 : 18;

/** A youth whose phone gets a new token by its own secret whenever it needs one. */
async function youth(server) {
  const { account } = await registers(server);
  return { token: async () => (await call(server.youths, "/api/v1/identity/devices", { method: "POST", body: account })).access_token };
}

/** Sends a part, or breaks the connection when half of it has gone. */
const sends = (server, token, file_id, offset, bytes, cut) =>
  new Promise((done, broken) => {
    const headers = { authorization: `Bearer ${token}`, "upload-offset": offset, "content-type": "application/octet-stream", "content-length": bytes.length };
    const asking = request({ host: "127.0.0.1", port: server.port, method: "PATCH", path: `/api/v1/files/${file_id}`, headers }, (answer) => {
      let text = "";
      answer.on("data", (more) => (text += more)).on("end", () => done({ status: answer.statusCode, ...JSON.parse(text) })).on("error", broken);
    });
    asking.on("error", broken);
    if (!cut) return asking.end(bytes);
    asking.write(bytes.subarray(0, bytes.length / 2), () => asking.destroy(new Error("cut")));
  });

/** Reads an answer whole or up to a point, or only its hash. */
const reads = (server, path, headers, { cutAfter = Infinity, hashed = false } = {}) =>
  new Promise((done, broken) => {
    const asking = request({ host: "127.0.0.1", port: server.port, path, headers }, (answer) => {
      const [parts, hash] = [[], createHash("sha256")];
      let length = 0;
      const ends = () => done({ status: answer.statusCode, etag: answer.headers.etag, bytes: Buffer.concat(parts), hash: hash.digest("hex") });
      answer.on("data", (more) => {
        hash.update(more);
        if (!hashed) parts.push(more);
        length += more.length;
        if (length > cutAfter) {
          answer.destroy();
          ends();
        }
      });
      answer.on("end", ends).on("error", broken);
    });
    asking.on("error", broken).end();
  });

/** A film of about so many bytes that a browser would play: noise, which packs badly. */
function realFilm(size) {
  const folder = mkdtempSync(join(tmpdir(), "natpatrull-film-"));
  const path = join(folder, "film.mp4");
  const draws = ["-f", "lavfi", "-i", "testsrc2=s=1280x720:r=25", "-vf", "noise=alls=70:allf=t", "-t", "120", "-c:v", "libx264", "-preset", "ultrafast", "-b:v", "25M"];
  execFileSync("ffmpeg", ["-loglevel", "error", ...draws, "-pix_fmt", "yuv420p", "-fs", `${size}`, path]);
  const bytes = readFileSync(path);
  rmSync(folder, { recursive: true });
  return bytes;
}

const round = (number) => Math.round(number * 10) / 10;
/** The most memory that the program has held, in MiB, since it was last forgotten. */
const peak = (server) => Math.round(Number(readFileSync(`/proc/${server.pid}/status`, "utf8").match(/VmHWM:\s+(\d+)/)[1]) / 1024);
const forgetsPeak = (server) => writeFileSync(`/proc/${server.pid}/clear_refs`, "5");

const paths = (folder) => readdirSync(folder, { recursive: true });

await suite("big-file", async () => {
  const server = await startServer({ name: "big-file", profile: WHOLE ? "release" : "debug", settings: { NATPATRULL_ACTIONS_A_MINUTE: "100000" } });

  async function named(noa, bytes, hash = sha256(bytes)) {
    const [report_id, file_id] = [uuid7(), uuid7()];
    const file = { file_id, sha256: hash, size: bytes.length, media_type: "video/mp4" };
    const body = { report_id, event_kind: "threat", what: "Filmen visar det", happened: { certainty: "unknown" }, files: [file] };
    await call(server.youths, "/api/v1/reports", { method: "POST", token: await noa.token(), key: uuid7(), body });
    return { report_id, file };
  }
  const stands = (token, { report_id, file }) => call(server.youths, "/api/v1/files", { method: "POST", token, body: { report_id, ...file } });
  const film = (size) => Buffer.concat([Buffer.from("00000018667479706d70343200000000", "hex"), randomBytes(size - 16)]);

  await shows(`${SIZE / 1e6} MB arrive once and whole through ${CUTS} cut connections and ${KILLS} kills`, async () => {
    const noa = await youth(server);
    const bytes = film(SIZE);
    const sent = await named(noa, bytes);
    const parts = Math.ceil(SIZE / PART);
    const spread = (count, shift) => new Set(Array.from({ length: count }, (_, i) => Math.floor(((i + shift) * parts) / count)));
    const [cuts, kills] = [spread(CUTS, 0.3), spread(KILLS, 0.7)];
    const since = Date.now();
    let token = await noa.token();
    let asked = Date.now();
    let { offset } = await stands(token, sent);
    expect(offset === 0, `it begins at ${offset}`);
    let again = 0;
    let complete = false;
    for (let n = 0; !complete; n = Math.floor(offset / PART)) {
      if (Date.now() - asked > 200_000) [token, asked] = [await noa.token(), Date.now()];
      const part = bytes.subarray(offset, offset + PART);
      const [cut, kill] = [cuts.delete(n), kills.delete(n)];
      const sending = sends(server, token, sent.file.file_id, offset, part, cut);
      if (kill) await Promise.all([server.crash(), sending.catch(() => {})]);
      const answer = await sending.catch(() => null);
      if (answer) {
        expect(answer.status === 200, `a part was answered ${JSON.stringify(answer)}`);
        ({ offset, complete } = answer);
        continue;
      }
      again += 1;
      const before = offset;
      ({ offset, complete } = await eventually(() => stands(token, sent), "the phone cannot ask where to go on", 30_000));
      expect(offset === before || offset === before + part.length, `it stood at ${before}, and after a broken part at ${offset}`);
    }
    expect(cuts.size === 0 && kills.size === 0 && again >= CUTS, `${again} parts broke off, ${cuts.size} cuts and ${kills.size} kills did not come`);
    const seconds = (Date.now() - since) / 1000;
    const patrol = await onDuty(server);
    const there = await patrol.picture(sent.file.file_id);
    expect(sha256(there) === sent.file.sha256, "what an officer gets is another film");
    const reports = (await patrol.reports()).filter(({ report_id }) => report_id === sent.report_id);
    expect(reports.length === 1 && reports[0].files.length === 1 && reports[0].files[0].complete, `the report says ${JSON.stringify(reports)}`);
    const kept = paths(server.data).filter((path) => path.includes(`/files/${sent.file.file_id}/`)).length;
    expect(kept === parts, `${kept} objects are kept of a film of ${parts} parts`);
    const once = await sends(server, token, sent.file.file_id, 0, bytes.subarray(0, PART), false);
    expect(once.complete === true && once.offset === SIZE, `a part that comes again is answered ${JSON.stringify(once)}`);
    const said = { megabytes: SIZE / 1e6, parts, broken_off: again, kills: KILLS, seconds: Math.round(seconds * 10) / 10, objects: kept };
    console.log(`        ${JSON.stringify(said)}`);
    if (WHOLE) writeFileSync(join(figures, "big-file.json"), JSON.stringify(said, null, 1));
  });

  await shows(`a film of ${SHOWN / 1e6} MB in a post is made ready and read in parts by ${READERS} at once, and is never in memory as a whole`, async () => {
    const patrol = await onDuty(server);
    const bytes = realFilm(SHOWN);
    const file = { file_id: uuid7(), sha256: sha256(bytes), size: bytes.length, media_type: "video/mp4" };
    const post_id = await patrol.publishesFilm(file);
    await patrol.plannedPosts();
    const before = peak(server);
    let since = Date.now();
    let cuts = 0;
    for (let offset = 0, part = 0; offset < bytes.length; part++) {
      const token = await patrol.bearer();
      const cut = part % 10 === 5 && cuts < part;
      const answer = await sends(server, token, file.file_id, offset, bytes.subarray(offset, offset + PART), cut).catch(() => null);
      if (answer) expect(answer.status === 200, `a part was answered ${JSON.stringify(answer)}`);
      else cuts += 1;
      ({ offset } = answer ?? (await call(server.officers, "/api/v1/files", { method: "POST", token, body: { post_id, ...file } })));
    }
    const sent = Date.now() - since;
    const path = `/api/v1/posts/${post_id}`;
    since = Date.now();
    const post = await eventually(() => call(server.youths, path), "the film is not made ready", 300_000);
    const ready = Date.now() - since;
    const taking = peak(server) - before;
    const [shown] = post.files;
    expect(shown.renditions.length === 2 && !post.film_as_sent, `of the film there is ${JSON.stringify(post)}`);

    const address = `${path}/files/${file.file_id}/full`;
    const first = await reads(server, address, {});
    expect(first.status === 200 && first.bytes.length === shown.size, `the whole film has ${first.bytes.length} bytes instead of ${shown.size}`);
    const sum = sha256(first.bytes);
    forgetsPeak(server);
    const idle = peak(server);
    since = Date.now();
    const sums = await Promise.all(Array.from({ length: READERS }, () => reads(server, address, {}, { hashed: true })));
    expect(sums.every(({ hash }) => hash === sum), "one of them got another film");
    const together = Date.now() - since;
    const showing = peak(server) - idle;
    const times = [];
    for (let n = 0; n < SEEKS; n++) {
      const from = Math.floor(Math.random() * (shown.size - PART));
      const asked = performance.now();
      const part = await reads(server, address, { range: `bytes=${from}-${from + PART - 1}` });
      times.push(performance.now() - asked);
      expect(part.status === 206 && part.bytes.equals(first.bytes.subarray(from, from + PART)), `the part from ${from} is another`);
    }
    times.sort((a, b) => a - b);
    // The network goes in the middle; the rest is asked for from there.
    const half = await reads(server, address, {}, { cutAfter: shown.size / 2 });
    const rest = await reads(server, address, { range: `bytes=${half.bytes.length}-`, "if-range": first.etag });
    expect(half.bytes.length < shown.size && sha256(Buffer.concat([half.bytes, rest.bytes])) === sum, "both halves are not the film");
    const said = {
      megabytes: Math.round(bytes.length / 1e5) / 10, cut: cuts, sent_s: sent / 1000, ready_s: ready / 1000, before_mib: before, taking_mib: taking,
      readers: READERS, together_s: together / 1000, showing_mib: showing, seeks: SEEKS, seek_p50_ms: round(times[SEEKS / 2]), seek_p99_ms: round(times[Math.floor(SEEKS * 0.99)]),
      small_mb: round(shown.renditions.find(({ rendition }) => rendition === "small").size / 1e6),
    };
    console.log(`        ${JSON.stringify(said)}`);
    if (WHOLE) writeFileSync(join(figures, "post-film.json"), JSON.stringify(said, null, 1));
    expect(taking < MORE_MIB && showing < MORE_MIB, `memory grew by ${taking} MiB while the film was taken, and by ${showing} MiB while it was shown`);
  });

  await shows("a film that is not the announced one is refused for good, and so is a part too many", async () => {
    const noa = await youth(server);
    const token = await noa.token();
    const bytes = film(2 * PART);
    const other = await named(noa, bytes, sha256(film(2 * PART)));
    await sends(server, token, other.file.file_id, 0, bytes.subarray(0, PART));
    const last = await sends(server, token, other.file.file_id, PART, bytes.subarray(PART));
    expect(last.kind === "file-mismatch", `a wrong film ended ${JSON.stringify(last)}`);
    const asked = await stands(token, other).then(JSON.stringify, (error) => error.message);
    expect(asked.includes("file-mismatch"), `asked again, it is ${asked}`);
    const good = await named(noa, bytes);
    await sends(server, token, good.file.file_id, 0, bytes.subarray(0, PART));
    const more = await sends(server, token, good.file.file_id, PART, Buffer.concat([bytes.subarray(PART), Buffer.from("x")]));
    expect(more.status >= 400, `a part too many ended ${JSON.stringify(more)}`);
    const { offset } = await stands(token, good);
    expect(offset === PART, `it goes on at ${offset}`);
    const whole = await sends(server, token, good.file.file_id, PART, bytes.subarray(PART));
    expect(whole.complete === true, `the right part ended ${JSON.stringify(whole)}`);
  });
});
