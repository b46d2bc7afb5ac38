/** What run.mjs does for tests in Python: one answer a task, or the times of many. */
import { canonical, type Json } from "../../src/canonical";
import type { Book, Draft } from "../../src/rules/book";
import type { Table } from "../../src/rules/cel";
import { disclosed } from "../../src/rules/disclosed";
import { AIM, decide, Screener, screen } from "../../src/rules/engine";
import { readBook } from "../../src/rules/load";
import { propose } from "../../src/rules/propose";
import { flawOf } from "../../src/rules/shape";

export { readBook };

export type Task =
  | readonly ["screen", draft: Draft, stage: string]
  | readonly ["decide", rule: string, facts: Table]
  | readonly ["disclosed", draft: Draft]
  | readonly ["flaw", draft: Draft]
  | readonly [
      "propose",
      one: string,
      other: string,
      date: string,
      categories: string[],
      measures: string[],
    ]
  | readonly ["version"];

function done(book: Book, task: Task): Json {
  switch (task[0]) {
    case "screen":
      return screen(book, task[1], task[2]);
    case "decide": {
      const rule = book.rule(task[1]);
      return rule === undefined ? null : decide(book, rule, task[2]);
    }
    case "disclosed":
      return disclosed(task[1]);
    case "flaw":
      return flawOf(task[1], task[1].requesting_state, book);
    case "propose":
      return propose(book, task[1], task[2], task[3], task[4], task[5]);
    case "version":
      return book.version;
  }
}

/** The answer in canonical JSON. */
export const answer = (book: Book, task: Task): string =>
  new TextDecoder().decode(canonical(done(book, task)));

/** A fixed piece of work, which tells how fast this machine is just now; bench/ does the same. */
function reference(): void {
  let sum = 0;
  for (let round = 0; round < 3_000_000; round += 1) sum = (sum * 31 + round) % 1_000_003;
  if (sum < 0) throw new Error("unreachable");
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const median = (times: number[]): number =>
  times.sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;

function oneMoreWord(draft: Draft): Draft {
  const facts = typeof draft.facts === "object" ? draft.facts : {};
  return { ...draft, facts: { ...facts, summary: `${Object.values(facts ?? {}).join(" ")} word` } };
}

/** Milliseconds for the first draft, for a draft whole, and for a word typed into a known one. */
export function bench(book: Book, drafts: readonly Draft[]): Json {
  const whole: number[] = [];
  const typed: number[] = [];
  const loop: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    for (const draft of drafts) {
      whole.push(timed(() => screen(book, draft, AIM)));
      const screener = new Screener(book);
      screener.screen(draft, AIM);
      typed.push(timed(() => screener.screen(oneMoreWord(draft), AIM)));
    }
    loop.push(timed(reference));
  }
  const [first = 0] = whole;
  return { first, whole: median(whole), typed: median(typed), reference: median(loop) };
}
