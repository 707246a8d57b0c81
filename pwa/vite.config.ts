import preact from "@preact/preset-vite";
import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { readFileSync } from "node:fs";
import { defineConfig } from "vite";
import { texts } from "./vite.texts.mjs";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));

/** What the first page needs is one file: cut into pieces by who else needs them, the same code weighs more. */
function whole(id: string, graph: { getModuleInfo(id: string): { isEntry: boolean; importers: readonly string[] } | null }): string | null {
  const seen = new Set<string>();
  const first = (at: string): boolean => {
    if (seen.has(at)) return false;
    seen.add(at);
    const module = graph.getModuleInfo(at);
    return module !== null && (module.isEntry ? at.endsWith("/index.html") : module.importers.some(first));
  };
  // A text goes where it is used; all are named in one list.
  return !id.includes("/i18n/generated/") && first(id) ? "first" : null;
}

/** What fetches parts serves the page of a quick exit as well, which must not wait for the app. */
const fetches = { name: "parts", test: /preload-helper/, priority: 1 };

// The page. The worker is a second pass (vite.sw.config.ts), because it must know what this one made.
export default defineConfig(({ command }) => ({
  plugins: [
    // A build has compiled the messages before (npm run i18n); while developing they follow each change.
    command === "serve" && paraglideVitePlugin({ project: "./project.inlang", outdir: "./src/i18n/generated" }),
    texts,
    preact(),
  ],
  define: { __VERSION__: JSON.stringify(version) },
  build: {
    target: "es2022",
    // The content policy allows no inline data, and the polyfill would be an inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: "assets/manifest.json",
    rolldownOptions: {
      input: ["index.html", "calendar.html"],
      output: {
        // The first page carries the list of all parts: what they are called would be most of it.
        chunkFileNames: "assets/[hash].js",
        codeSplitting: { groups: [fetches, { name: whole }] },
      },
    },
  },
  server: { proxy: { "/api": "http://localhost:8080" } },
}));
