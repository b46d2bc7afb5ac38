import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { pinnedLogPolicy } from "../patches/log-policy.mjs";
import { pinnedRoots } from "../patches/roots.mjs";

/** One file for Node: the host that lies, for tests. Nothing of it is in any page. */
export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  plugins: [pinnedRoots(), pinnedLogPolicy()],
  ssr: { noExternal: true },
  build: {
    ssr: "hostile/src/main.ts",
    outDir: "hostile/dist",
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
      output: { entryFileNames: "hostile-host.mjs", codeSplitting: false },
    },
  },
});
