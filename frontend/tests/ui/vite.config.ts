/** Builds the gallery where nothing of it is shipped or kept. */

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { wordsInParts } from "../../patches/words.mjs";

export default defineConfig({
  root: import.meta.dirname,
  base: "/",
  plugins: [wordsInParts(), svelte()],
  build: {
    outDir: "../../node_modules/.cache/gallery",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
