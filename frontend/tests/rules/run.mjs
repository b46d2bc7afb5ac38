/**
 * Runs the browser's engine for tests in Python: `node run.mjs RULEBOOK [bench]`.
 *
 * Each line of input is a task, each line of output its answer in canonical JSON (tasks.ts). With
 * `bench` the only line of input is a list of drafts and the only answer its times.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));

/**
 * The engine's sources as one module, built into a folder that is gone when it is loaded.
 *
 * @returns {Promise<typeof import("./tasks")>}
 */
async function engine() {
  const folder = await mkdtemp(join(tmpdir(), "casehub-rules-"));
  try {
    await build({
      configFile: false,
      logLevel: "error",
      root: here,
      build: {
        outDir: folder,
        ssr: join(here, "tasks.ts"),
        target: "node20",
        rolldownOptions: {
          output: { entryFileNames: "engine.mjs", codeSplitting: false },
          external: /rulebook\.json/, // it is named on the command line
        },
      },
      ssr: { noExternal: true },
    });
    return await import(pathToFileURL(join(folder, "engine.mjs")).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const { answer, bench, readBook } = await engine();
const [, , path = "", mode] = process.argv;
const book = await readBook(await readFile(path, "utf8"));

for await (const line of createInterface({ input: process.stdin })) {
  const input = JSON.parse(line);
  console.log(mode === "bench" ? JSON.stringify(bench(book, input)) : answer(book, input));
}
