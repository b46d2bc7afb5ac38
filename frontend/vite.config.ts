import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { pinnedLogPolicy } from "./patches/log-policy.mjs";
import { pinnedRoots } from "./patches/roots.mjs";
import { assertPatched } from "./patches/ts-mls-1.6.4.mjs";
import { wordsInParts } from "./patches/words.mjs";

/** Names of ts-mls that accept any credential or any proposal; none may be used by our code. */
const CREDULOUS =
  /\b(unsafeTestingAuthenticationService|defaultAuthenticationService|defaultClientConfig|acceptAll)\b/;

const WORDS = ["./tests/words.ts"];
/** Tests of what keeps nothing between two calls and says nothing: its modules are loaded once. */
const PURE = ["src/**/*.test.ts", "tests/**/*.test.ts", "headless/**/*.test.ts"];
const SCENARIOS = "tests/scenario/**/*.test.ts";
const PAGES = ["ui", "documents", "viewer"].map((folder) => `src/${folder}/**/*.test.ts`);

/** Refuse to build or serve anything on top of an uncorrected ts-mls, or a credulous use of it. */
function mlsAsReviewed(): Plugin {
  return {
    name: "casehub:mls-as-reviewed",
    enforce: "pre",
    buildStart: assertPatched,
    transform(code, id) {
      if (!id.includes("node_modules") && CREDULOUS.test(code)) {
        this.error(`${id} uses what accepts everybody`);
      }
    },
    generateBundle(_options, bundle) {
      for (const [file, chunk] of Object.entries(bundle)) {
        if (chunk.type !== "chunk") continue;
        const wrong = chunk.moduleIds.some((id) => id.endsWith("ts-mls/dist/src/index.js"));
        if (wrong || chunk.code.includes("unsafeTestingAuthenticationService")) {
          this.error(`${file} holds more of ts-mls than src/crypto/tsmls.ts lists`);
        }
      }
    },
  };
}

export default defineConfig({
  base: "/static/app/",
  plugins: [mlsAsReviewed(), pinnedRoots(), pinnedLogPolicy(), wordsInParts(), svelte()],
  build: {
    outDir: "dist",
    manifest: true,
    sourcemap: true,
    target: "es2022",
    // everything by URL: the page's policy allows no inline script, style or data: address
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // optional parts of ts-mls, for cipher suites we do not offer; its import() of them is caught
      external: [/^@noble\/(curves|post-quantum)\b/, /^@hpke\/(?!core|common)/],
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
        // What the first page needs is one file: dozens would each have headers, and a turn.
        codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }] },
      },
    },
  },
  optimizeDeps: { exclude: ["ts-mls"] },
  // Tests that mount a component want Svelte's browser half, as the page has it.
  ...(process.env.VITEST && { resolve: { conditions: ["browser", "module", "development"] } }),
  test: {
    environment: "node",
    testTimeout: 20_000,
    globalSetup: "./tests/global-setup.ts",
    projects: [
      {
        extends: true,
        test: {
          name: "pure",
          include: PURE,
          exclude: [SCENARIOS, ...PAGES],
          isolate: false,
          restoreMocks: true,
        },
      },
      // Clients that begin and end, and pages, whose language is theirs: each file by itself.
      { extends: true, test: { name: "scenarios", include: [SCENARIOS], setupFiles: WORDS } },
      { extends: true, test: { name: "pages", include: PAGES, setupFiles: WORDS } },
    ],
  },
});
