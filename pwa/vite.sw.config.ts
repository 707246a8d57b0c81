import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { defineConfig } from "vite";

const dist = "dist";
const { version } = JSON.parse(readFileSync("package.json", "utf8"));

/**
 * Writes the list of everything the shell needs, under a sum over it, and gives the sum: other content is another worker, and so an
 * update. The worker fetches the list when it is installed, so its own bytes do not grow with the app.
 */
function shell(): string {
  // A film needs a network, and so what plays it is fetched with it: no phone keeps that for nothing.
  const parts: Record<string, { file: string; name?: string }> = JSON.parse(readFileSync(join(dist, "assets/manifest.json"), "utf8"));
  const player = Object.values(parts).find(({ name }) => name === "hls")?.file;
  if (!player) throw new Error("the app has no part called hls: each phone would keep what plays films");
  const all = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dist, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((file) => !/(^sw\.js|^shell-\w+\.json|\.map|assets\/manifest\.json)$/.test(file) && file !== player)
    .sort();
  const hash = createHash("sha256");
  for (const file of all) hash.update(file).update(readFileSync(join(dist, file)));
  const sum = hash.digest("hex").slice(0, 12);
  writeFileSync(join(dist, `shell-${sum}.json`), JSON.stringify(all.map((file) => (file === "index.html" ? "/" : `/${file}`))));
  return sum;
}

export default defineConfig(() => {
  return {
    publicDir: false as const,
    define: { __VERSION__: JSON.stringify(version), __SUM__: JSON.stringify(shell()) },
    build: {
      target: "es2022",
      emptyOutDir: false,
      modulePreload: false as const,
      rolldownOptions: {
        input: "src/sw/sw.ts",
        output: { format: "iife" as const, entryFileNames: "sw.js" },
      },
    },
  };
});
