// What may leave no trace: the words, codes and tokens of people, and anybody's address. What a suite's people write, read as a code or
// sign in with is remembered here, and each server is searched for it when it stops.
import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./root.mjs";

/** Shorter ones would be found by chance. */
const SHORTEST = 10;
const secret = new Set();
/** Tips and the demo's town are public words, but no log is the place for them. */
const published = new Set(readFileSync(join(root, "api/src/seed.rs"), "utf8").match(/"[^"\n]{25,}"/g).map((text) => text.slice(1, -1)));

export function remember(text, { open = false } = {}) {
  for (const one of [text, text.replace(/ /g, "")]) if (one.length >= SHORTEST && !secret.has(one)) (open ? published : secret).add(one);
  return text;
}

/** What a request carries of its sender: the bearer, and the code and secret of a device. */
export function rememberRequest(request) {
  const bearer = request.headers().authorization?.slice("Bearer ".length);
  if (bearer) remember(bearer);
  if (!/\/api\/v1\/identity\//.test(request.url())) return;
  const body = request.postData()?.match(/"(code|secret)":"([^"]+)"/g) ?? [];
  for (const pair of body) remember(pair.split('"')[3]);
}

const everywhere = [
  ["an address", /(?<![\d.])\d{1,3}(\.\d{1,3}){3}(?![\d.])|\[::1\]/],
  ["a push address", /wpush\//],
  ["a token", /eyJhbGci[\w-]+|natpatrull_refresh/],
];
const inWords = [
  ["an address", /::1\b/],
  ["a code", /(?<!\.)\b\d{16}\b|\b\d{4} \d{4} \d{4} \d{4}\b/],
  ["a token", /eyJ[\w-]{8,}|(?<![\w-])[\w-]{43}(?![\w-])/],
  ["an address outside", /https:\/\//],
];

const filesUnder = (folder) => readdirSync(folder, { withFileTypes: true, recursive: true }).filter((one) => one.isFile()).map((one) => join(one.parentPath ?? one.path, one.name));

/** A file piece by piece, for a database may be larger than a text can be; what is looked for may lie over two pieces. */
function* piecesOf(file, size = 64 * 1024 * 1024, overlap = 64 * 1024) {
  const handle = openSync(file, "r");
  const piece = Buffer.alloc(size + overlap);
  try {
    for (let at = 0, got = piece.length; got === piece.length; at += size) {
      got = readSync(handle, piece, 0, piece.length, at);
      yield piece.subarray(0, got);
    }
  } finally {
    closeSync(handle);
  }
}

function search(where, bytes, patterns, texts) {
  const found = [];
  const around = (at) => `${where}: …${bytes.subarray(Math.max(0, at - 60), at + 80).toString("latin1").replace(/[^\x20-\x7e]/g, "·")}…`;
  const words = bytes.toString("latin1");
  for (const [what, pattern] of patterns) {
    const at = words.search(pattern);
    if (at >= 0) found.push(`${what} stands in ${around(at)}`);
  }
  for (const text of texts) {
    const at = bytes.indexOf(text);
    if (at >= 0) found.push(`what somebody wrote, or a key of theirs, stands in ${around(at)}`);
  }
  return found;
}

/** What was found of people in a log, the figures and all files of a data folder; nothing, if all is well. */
export function traces({ log, figures, data }) {
  // The program's own listener is no caller, and the demo says its two addresses.
  const own = log.replace(/\b\w*listen=\S+|^ *(Youth|Officers): .*$/gm, "");
  const found = [["the log", own], ["the figures", figures]].flatMap(([where, text]) => search(where, Buffer.from(text), [...everywhere, ...inWords], [...secret, ...published]));
  // The operator's own key lies beside the data until it is taken into the environment.
  const files = data ? filesUnder(data).filter((file) => !file.endsWith("master.key")) : [];
  for (const file of files) for (const piece of piecesOf(file)) found.push(...search(relative(data, file), piece, everywhere, secret));
  return found;
}
