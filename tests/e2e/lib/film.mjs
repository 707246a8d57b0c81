import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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
