import { defineConfig } from "vite";

// The script of the page's head: one file that runs before anything is drawn, which a module never does.
export default defineConfig({
  publicDir: false as const,
  build: {
    target: "es2022",
    emptyOutDir: false,
    modulePreload: false as const,
    rolldownOptions: {
      input: "src/head/head.ts",
      output: { format: "iife" as const, entryFileNames: "head.js" },
    },
  },
});
