/**
 * Runs the browser's engine for tests in Python: `node run.mjs RULEBOOK [bench]`.
 *
 * Each line of input is a task, `[name, ...arguments]`, each line of output its answer in canonical
 * JSON. With `bench` the only line of input is a list of drafts and the only answer its times.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));

/** The engine's sources as one module, in a folder that lasts as long as this process. */
async function engine() {
  const folder = await mkdtemp(join(tmpdir(), "casehub-rules-"));
  try {
    await build({
      configFile: false,
      logLevel: "error",
      root: here,
      build: {
        outDir: folder,
        ssr: join(here, "engine.ts"),
        target: "node20",
        rolldownOptions: { output: { entryFileNames: "engine.mjs" } },
      },
      ssr: { noExternal: true },
    });
    return await import(pathToFileURL(join(folder, "engine.mjs")).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const { canonical, decide, disclosed, propose, readBook, Screener, screen } = await engine();
const [, , path, mode] = process.argv;
const book = await readBook(await readFile(path, "utf8"));

const tasks = {
  screen: (draft, stage) => screen(book, draft, stage),
  decide: (rule, facts) => decide(book, book.rule(rule), facts),
  disclosed,
  propose: (...pair) => propose(book, ...pair),
  version: () => book.version,
};

/** Milliseconds of a fixed piece of work, which tells how fast this machine is just now. */
function reference() {
  const start = performance.now();
  let sum = 0;
  for (let round = 0; round < 3_000_000; round += 1) sum = (sum * 31 + round) % 1_000_003;
  if (sum < 0) throw new Error("unreachable");
  return performance.now() - start;
}

function median(times) {
  return times.sort((one, other) => one - other)[Math.floor(times.length / 2)];
}

function timed(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Each draft whole, by an engine that has run before; and one more word typed into each. */
function bench(drafts) {
  const whole = [];
  const typed = [];
  for (let round = 0; round < 5; round += 1) {
    for (const draft of drafts) {
      whole.push(timed(() => screen(book, draft, "draft")));
      const screener = new Screener(book);
      screener.screen(draft, "draft");
      const facts = { ...draft.facts, summary: `${draft.facts?.summary ?? ""} word` };
      typed.push(timed(() => screener.screen({ ...draft, facts }, "draft")));
    }
  }
  const [first] = whole;
  return {
    first: first ?? 0,
    whole: median(whole),
    typed: median(typed),
    reference: median([reference(), reference(), reference()]),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const input = JSON.parse(line);
  if (mode === "bench") {
    console.log(JSON.stringify(bench(input)));
  } else {
    const [name, ...given] = input;
    console.log(new TextDecoder().decode(canonical(tasks[name](...given))));
  }
}
