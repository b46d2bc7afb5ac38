import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { offlineWords } from "./patches/offline-words.mjs";
import { asOneFile } from "./patches/one-file.mjs";

/** Beside the pages that the server hands out: `vite build` empties the folder first. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  plugins: [
    offlineWords(),
    svelte({ emitCss: true }),
    asOneFile("verify.html", "trusted-types svelte-trusted-html"),
  ],
  build: {
    outDir: "dist",
    emptyOutDir: false,
    copyPublicDir: false,
    target: "es2022",
    cssCodeSplit: false,
    modulePreload: false,
    rolldownOptions: {
      input: fileURLToPath(new URL("src/offline/main.ts", import.meta.url)),
      output: { format: "iife", codeSplitting: false },
    },
  },
});
