import { describe, expect, it } from "vitest";
import { concat, utf8 } from "../../src/bytes";
import { canonical } from "../../src/canonical";
import { completeness } from "../../src/effects/log/complete";
import { toBase64 } from "../../src/verify/tlog/text";
import { LogInHand } from "../vectors/log";
import { LogServer, watchOf } from "./server";

const OWN = new Uint8Array(32).fill(1);
const OTHER = new Uint8Array(32).fill(2);

async function tag(key: Uint8Array<ArrayBuffer>, commitment: Uint8Array): Promise<string> {
  const mac = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const said = concat(utf8.encode("casehub-audit-tag/1"), commitment);
  return toBase64(new Uint8Array(await crypto.subtle.sign("HMAC", mac, said)).slice(0, 8));
}

/** 300 entries: the first is a mark, every third one is of another State alone. */
const entries = await Promise.all(
  Array.from({ length: 300 }, async (_, at) => {
    if (at === 0) return canonical({ k: "open", t: 1, v: 1 });
    const c = new Uint8Array(32).fill(at);
    const keys = at % 3 === 0 ? [OTHER] : [OWN, OTHER];
    const g = (await Promise.all(keys.map((key) => tag(key, c)))).sort();
    return canonical({ c: toBase64(c), g, k: "event", t: 1, v: 1 });
  }),
);
const own = entries.flatMap((_, at) => (at > 0 && at % 3 !== 0 ? [at] : []));
const log = await LogInHand.from(entries);

/** What a server shows of a log of which 290 entries are told of, and 300 published. */
async function looked({
  shows = own,
  key = OWN,
  before = 280,
  late = undefined as number[] | undefined,
  change = (one: Uint8Array) => one,
} = {}) {
  const server = new LogServer(log);
  await server.show(before);
  const { watch } = watchOf(server);
  await watch.look();
  await server.show(300);
  let positions = shows.filter((one) => one < 290);
  const asked: unknown[] = [];
  const routes = {
    ask: async (filter: unknown) => {
      asked.push(filter);
      if (asked.length > 1 && late !== undefined) positions = late;
      return { query: "q" } as never;
    },
    export: async () => ({
      export: "e",
      name: "n",
      log: "acts-2026",
      size: 290,
      count: positions.length,
      tag_key: toBase64(key),
    }),
    piece: async (_: string, after: string | null) => {
      const from = after === null ? 0 : Number(after);
      const rows = positions.slice(from, from + 100);
      const text = rows.map((position) => `${JSON.stringify({ log: "acts-2026", position })}\n`);
      const next = from + 100 < positions.length ? String(from + 100) : null;
      return { text: text.join(""), entries: rows.length, next };
    },
  };
  const files = {
    checkpoint: server.checkpoint,
    file: async (name: string, path: string) => change(await server.file(name, path)),
  };
  const read: number[] = [];
  const how = { progress: (done: number) => read.push(done), signal: new AbortController().signal };
  const found = await completeness(routes, files, watch, how);
  return { found, asked, read };
}

describe("what a State's auditor is shown", () => {
  it("is all that carries the State's tag, of all entries up to what is shown", async () => {
    const { found, asked, read } = await looked();
    const count = own.filter((one) => one < 290).length;
    expect(found).toEqual({
      origin: log.origin,
      size: 290,
      tagged: count,
      shown: count,
      hidden: [],
      untagged: [],
    });
    expect(asked).toEqual([{}]); // everything, whatever is filtered on the page
    expect(read).toEqual([256, 300]);
  });

  it("lacks an entry that is hidden, and which one is told", async () => {
    const { found } = await looked({ shows: own.filter((one) => ![4, 287].includes(one)) });
    expect(found.hidden).toEqual([4, 287]);
    expect(found.untagged).toEqual([]);
  });

  it("is held against the tag: with another key nothing fits", async () => {
    const { found } = await looked({ key: new Uint8Array(32).fill(9) });
    expect([found.tagged, found.untagged.length]).toEqual([0, found.shown]);
  });

  it("cannot be made to fit by leaving an entry's tag out of what is read", async () => {
    const change = (bundle: Uint8Array) => {
      const copy = bundle.slice();
      copy[copy.length - 10] = 0x20;
      return copy;
    };
    await expect(looked({ change })).rejects.toThrow();
  });

  it("is counted to no place before what was published when it was asked for", async () => {
    const names = { name: "Unproven" };
    await expect(looked({ before: 291 })).rejects.toMatchObject(names);
  });

  it("hides nothing that came to be between asking and taking: one asks once more", async () => {
    const { found, asked } = await looked({
      shows: own.filter((one) => one < 288),
      late: own.filter((one) => one < 290),
    });
    expect(found).toMatchObject({ hidden: [], untagged: [], shown: found.tagged });
    expect(asked).toHaveLength(2);
  });
});
