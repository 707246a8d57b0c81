import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterwards } from "./cases.mjs";

const made = (name, ...words) => {
  const folder = mkdtempSync(join(tmpdir(), "natpatrull-film-"));
  const path = join(folder, name);
  try {
    execFileSync("ffmpeg", ["-v", "error", ...words, path]);
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** A real film of so many seconds, with sound: its colours and figures change all the time. */
export const aFilm = (seconds = 8) =>
  made(
    "film.mp4",
    ...["-f", "lavfi", "-i", `testsrc2=size=480x270:rate=15:duration=${seconds}`, "-f", "lavfi", "-i", `sine=frequency=330:duration=${seconds}`],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-movflags", "+faststart"],
  );

/** A real photo, `width` pixels wide: large ones get a smaller one beside them. */
export const aPhoto = (width = 1600, height = (width * 3) / 4, seed = 7) =>
  made("photo.jpg", "-f", "lavfi", "-i", `gradients=size=${width}x${height}:seed=${seed}:nb_colors=5`, "-frames:v", "1", "-q:v", "3");

const HLS_TYPES = { m3u8: "application/vnd.apple.mpegurl", ts: "video/mp2t", vtt: "text/vtt" };

/**
 * A real HLS film with captions, shown by a server of its own that any page may read from, as a live engine is one. Gives its address and
 * what was asked for; `falls` until it is told to `rise`.
 */
export async function showsFilm(seconds = 30) {
  const folder = mkdtempSync(join(tmpdir(), "natpatrull-hls-"));
  // Each part has captions of its own, as those of a live engine have: whoever comes in the middle sees them too.
  const at = (second) => `00:${String(second).padStart(2, "0")}.000`;
  const cues = Array.from({ length: seconds / 2 }, (_, n) => `${at(2 * n)} --> ${at(2 * n + 2)}\nVi svarar på era frågor\n`);
  writeFileSync(join(folder, "words.vtt"), ["WEBVTT\n", ...cues].join("\n"));
  execFileSync("ffmpeg", [
    ...["-v", "error", "-f", "lavfi", "-i", `testsrc2=size=320x180:rate=10:duration=${seconds}`, "-f", "lavfi", "-i", `sine=frequency=330:duration=${seconds}`, "-i", join(folder, "words.vtt")],
    ...["-map", "0:v", "-map", "1:a", "-map", "2:s", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "20", "-c:a", "aac", "-c:s", "webvtt"],
    ...["-f", "hls", "-hls_time", "2", "-hls_playlist_type", "vod", "-var_stream_map", "v:0,a:0,s:0,sgroup:subs", "-master_pl_name", "film.m3u8", join(folder, "part-%v.m3u8")],
  ]);
  const asked = [];
  let up = true;
  const server = createServer((request, answer) => {
    const name = basename(new URL(request.url, "http://film").pathname);
    asked.push(name);
    answer.setHeader("access-control-allow-origin", "*");
    try {
      if (!up) throw new Error("down");
      const bytes = readFileSync(join(folder, name));
      answer.setHeader("content-type", HLS_TYPES[name.split(".").at(-1)] ?? "application/octet-stream");
      answer.end(bytes);
    } catch {
      answer.statusCode = 404;
      answer.end();
    }
  });
  await new Promise((go) => server.listen(0, "127.0.0.1", go));
  afterwards(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const host = `localhost:${server.address().port}`;
  return { url: `http://${host}/film.m3u8`, host, asked, falls: () => (up = false), rises: () => (up = true) };
}
