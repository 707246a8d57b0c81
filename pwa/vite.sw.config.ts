import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { defineConfig } from "vite";

const dist = "dist";
const { version } = JSON.parse(readFileSync("package.json", "utf8"));

/** Everything the shell needs, with a sum over it: other content is another worker, and so an update. */
function shell(): { files: string[]; sum: string } {
  const all = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dist, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((file) => !/(^sw\.js|\.map|assets\/manifest\.json)$/.test(file))
    .sort();
  const hash = createHash("sha256");
  for (const file of all) hash.update(file).update(readFileSync(join(dist, file)));
  return { files: all.map((file) => (file === "index.html" ? "/" : `/${file}`)), sum: hash.digest("hex").slice(0, 12) };
}

export default defineConfig(() => {
  const { files, sum } = shell();
  return {
    publicDir: false as const,
    define: { __VERSION__: JSON.stringify(version), __SHELL__: JSON.stringify(files), __SUM__: JSON.stringify(sum) },
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
