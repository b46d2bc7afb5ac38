import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { pinnedLogPolicy } from "../patches/log-policy.mjs";
import { offlineWords } from "../patches/offline-words.mjs";
import { pinnedRoots } from "../patches/roots.mjs";
import { assertPatched } from "../patches/ts-mls-1.6.4.mjs";

/** One file for Node, everything in it, so that a test can run it from anywhere. */
export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  plugins: [
    { name: "casehub:mls-as-reviewed", buildStart: assertPatched },
    offlineWords(),
    pinnedRoots(),
    pinnedLogPolicy(),
  ],
  ssr: { noExternal: true },
  build: {
    ssr: "headless/src/main.ts",
    outDir: "headless/dist",
    emptyOutDir: true,
    minify: false,
    target: "node20",
    rolldownOptions: {
      // optional parts of ts-mls and ws that are not offered here
      external: [
        /^@noble\/(curves|post-quantum)\b/,
        /^@hpke\/(?!core|common)/,
        "bufferutil",
        "utf-8-validate",
      ],
      output: { entryFileNames: "casehub-client.mjs", codeSplitting: false },
    },
  },
});
