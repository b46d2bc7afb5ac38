/** A page that measures the engine where it is used: `await bench(drafts)` in its console. */
import type { Draft } from "../../src/rules/book";
import { loadBook } from "../../src/rules/load";
import { bench } from "./tasks";

Object.assign(window, {
  bench: async (drafts: readonly Draft[]) => bench(await loadBook(), drafts),
});
