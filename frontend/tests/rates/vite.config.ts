import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** The page of the benchmark, built as the service's own pages are. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "/",
  logLevel: "warn",
  build: {
    outDir: fileURLToPath(new URL("../../node_modules/.cache/rates", import.meta.url)),
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    target: "es2022",
    chunkSizeWarningLimit: 4096,
    rolldownOptions: {
      external: [/^@noble\/(curves|post-quantum)\b/, /^@hpke\/(?!core|common)/],
    },
  },
});
