/** Searching many messages in a real IndexedDB, sealed as they are on a device: for the benchmark. */

import type { Core } from "../../src/effects/core";
import { SearchDesk } from "../../src/effects/search/desk";
import { pieces } from "../../src/store/found";
import { indexedDbStores } from "../../src/store/indexeddb";
import { keys, type LineRecord } from "../../src/store/records";
import { storeKey } from "../../src/store/seal";
import { type Tx, Vault } from "../../src/store/vault";

const THREADS = 20;
const BATCH = 200;
/** Letters as they stand one after another in Spanish words, so that beginnings are shared. */
const SYLLABLES = "ca co tra fi mi gran te ru ta fron te ra di ne ro ban co tes ti go".split(" ");

function word(seed: number): string {
  let text = "";
  for (let rest = seed; text.length < 5 || rest > 0; rest = Math.floor(rest / SYLLABLES.length)) {
    text += SYLLABLES[rest % SYLLABLES.length];
  }
  return text;
}

function sentence(at: number): string {
  // Few words are used often and many seldom.
  return Array.from({ length: 24 }, (_, n) => {
    const spread = ((at * 7919 + n * 104729) % 10007) / 10007;
    return word(Math.floor(spread ** 3 * 6000));
  }).join(" ");
}

function line(circle: number, seq: number, at: number): LineRecord {
  const text = `${sentence(circle * 10_000 + seq)}${at === 0 ? " ocelote" : ""}`;
  const date = new Date(Date.UTC(2026, 2, 3) + at * 60_000).toISOString();
  const record = { seq, chain: new Uint8Array(32), at: date, others: 0, id: crypto.randomUUID() };
  return { kind: "message", ...record, person: "p", device: "d", mine: false, text };
}

class Bench {
  readonly #threads = new Map<string, { status: string; seq: number }>();
  readonly #listeners: ((circle: string, seqs: number[]) => void)[] = [];

  private constructor(
    readonly vault: Vault,
    readonly messages: number,
  ) {}

  static async of(messages: number): Promise<Bench> {
    const key = await storeKey(new Uint8Array(32).fill(1), new Uint8Array(32).fill(2));
    const bench = new Bench(new Vault(await indexedDbStores.open("bench-search"), key), messages);
    const each = messages / THREADS;
    for (let circle = 0; circle < THREADS; circle += 1) {
      bench.#threads.set(`c${circle}`, { status: "active", seq: each });
      for (let from = 1; from <= each; from += BATCH) {
        const tx = await bench.vault.begin();
        for (let seq = from; seq < from + BATCH && seq <= each; seq += 1) {
          tx.put(keys.line(`c${circle}`, seq), line(circle, seq, circle * each + seq - 1));
        }
        await tx.persist();
      }
    }
    return bench;
  }

  /** As when the page has just been opened. */
  desk(): SearchDesk {
    const circles = new Map([...this.#threads.keys()].map((id) => [id, { kind: "thread" }]));
    const core = {
      vault: this.vault,
      mirror: {
        threads: this.#threads,
        circles: () => circles,
        onLines: (listener: (circle: string, seqs: number[]) => void) =>
          this.#listeners.push(listener),
      },
      after: () => () => undefined,
      report: (error: unknown) => console.error(error),
      exclusive: async <T>(task: (tx: Tx) => Promise<T>): Promise<T> => {
        const tx = await this.vault.begin();
        const result = await task(tx);
        await tx.persist();
        return result;
      },
    };
    return new SearchDesk(core as unknown as Core);
  }

  /** One message more in the first thread. */
  async add(): Promise<void> {
    const thread = this.#threads.get("c0");
    if (thread === undefined) return;
    thread.seq += 1;
    const tx = await this.vault.begin();
    tx.put(keys.line("c0", thread.seq), line(0, thread.seq, this.messages));
    await tx.persist();
    for (const listener of this.#listeners) listener("c0", [thread.seq]);
  }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

async function bench(messages: number, rounds: number) {
  const made = await Bench.of(messages);
  const build = await timed(() => made.desk().find({ text: "", limit: 0 }));
  const stored = await made.vault.keys(pieces.all);
  const desk = made.desk();
  const open = await timed(() => desk.find({ text: "", limit: 0 }));
  const asked = { rare: "ocelo", common: "tra", two: "cati rute", letter: "c", none: "zzz" };
  const times: Record<string, number[]> = {};
  const totals: Record<string, number> = {};
  for (const [name, text] of Object.entries(asked)) {
    times[name] = [];
    for (let round = 0; round < rounds; round += 1) {
      times[name].push(await timed(() => desk.find({ text, limit: 50 })));
    }
    totals[name] = (await desk.find({ text, limit: 0 })).total;
  }
  const after: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await made.add();
    after.push(await timed(() => desk.find({ text: "ocelo", limit: 50 })));
  }
  return { build, open, pieces: stored.length, times: { ...times, after }, totals };
}

Object.assign(globalThis, { bench });
