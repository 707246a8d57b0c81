import { defineConfig } from "vitest/config";
import { texts } from "./vite.texts.mjs";

export default defineConfig({
  plugins: [texts],
  test: { include: ["src/**/*.test.ts"], environment: "node", testTimeout: 30_000 },
});
