import preact from "@preact/preset-vite";
import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));

// The page. The worker is a second pass (vite.sw.config.ts), because it must know what this one made.
export default defineConfig(({ command }) => ({
  plugins: [
    // A build has compiled the messages before (npm run i18n); while developing they follow each change.
    command === "serve" && paraglideVitePlugin({ project: "./project.inlang", outdir: "./src/i18n/generated" }),
    preact(),
  ],
  define: { __VERSION__: JSON.stringify(version) },
  build: {
    target: "es2022",
    // The content policy allows no inline data, and the polyfill would be an inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: "assets/manifest.json",
  },
  server: { proxy: { "/api": "http://localhost:8080" } },
}));
