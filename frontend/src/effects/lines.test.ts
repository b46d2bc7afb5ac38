import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Disk } from "../../tests/scenario/stores";
import { keys, type LineRecord } from "../store/records";
import { Vault } from "../store/vault";
import type { Core } from "./core";
import { Lines } from "./lines";
import { Mirror } from "./mirror";

const CIRCLE = "c";
const FIRST = 50; // where this device came in
const BEGAN = Date.parse("2026-11-01T06:00:00Z");
const MINUTE = 60_000;
const at = (seq: number): string => new Date(BEGAN + seq * MINUTE).toISOString();

/** A line of every entry from the 50th on; every tenth shows nothing. */
function recordOf(seq: number): LineRecord {
  const place = { seq, chain: new Uint8Array(32), at: at(seq), others: seq };
  if (seq % 10 === 0) return { ...place, kind: "silent" };
  const whose = { person: "ana", device: "d", mine: false };
  return { ...place, kind: "message", id: `m${seq}`, ...whose, text: `Mensaje ${seq}` };
}

/** A device that has read `count` entries, and how many records were opened since. */
async function reading(count: number) {
  const backend = await new Disk().open("long");
  const asked = { records: 0 };
  const counted: typeof backend = {
    ...backend,
    range: async (range) => {
      const found = await backend.range(range);
      asked.records += found.length;
      return found;
    },
  };
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  const vault = new Vault(counted, key);
  const tx = await vault.begin();
  for (let seq = FIRST; seq < FIRST + count; seq += 1)
    tx.put(keys.line(CIRCLE, seq), recordOf(seq));
  await tx.persist();
  const mirror = new Mirror(vault);
  const after = (_ms: number, what: () => void) => void queueMicrotask(what);
  const report = (error: unknown) => void reported.push(error);
  const core = { vault, mirror, after, report, people: { size: 0 } } as unknown as Core;
  asked.records = 0;
  return { lines: new Lines(core), asked, vault };
}

/** What whoever watches the thread is shown, now and from now on. */
async function watching({ lines }: Awaited<ReturnType<typeof reading>>) {
  const told: { last: Awaited<ReturnType<Lines["read"]>> | null } = { last: null };
  lines.on(CIRCLE, (now) => {
    told.last = now;
  });
  await vi.waitUntil(() => told.last !== null);
  return told;
}

/** A message that was given of the time before this device came in. */
async function given(vault: Vault, seq: number): Promise<void> {
  const tx = await vault.begin();
  tx.put(keys.line(CIRCLE, seq), recordOf(seq));
  await tx.persist();
}

const seqsOf = (lines: Awaited<ReturnType<Lines["read"]>>): (number | null)[] =>
  lines.map((line) => (line.kind === "message" ? line.message.seq : line.seq));

const reported: unknown[] = [];

let long: Awaited<ReturnType<typeof reading>>;
beforeAll(async () => {
  long = await reading(2000);
});
beforeEach(() => {
  long.asked.records = 0;
});

describe("a long thread", () => {
  it("opens by its newest lines, and opens no record before them", async () => {
    const { lines, asked } = long;
    const found = await lines.read(CIRCLE);
    expect(found).toHaveLength(500);
    expect(seqsOf(found).at(-1)).toBe(FIRST + 1999);
    expect(asked.records).toBeLessThan(700);
  });

  it("gives what stands before a line in one go, as far back as is asked for", async () => {
    const { lines } = long;
    const found = await lines.read(CIRCLE, { before: 1551, limit: 1000 });
    expect(found).toHaveLength(1000);
    expect(seqsOf(found).at(-1)).toBe(1549);
    expect(seqsOf(found)).toEqual(seqsOf(found).toSorted((a, b) => (a ?? 0) - (b ?? 0)));
  });

  it("gives fewer than were asked for only where there are no more", async () => {
    const { lines } = await reading(300);
    expect(await lines.read(CIRCLE, { limit: 271 })).toHaveLength(270);
    expect(await lines.read(CIRCLE, { limit: 270 })).toHaveLength(270);
    expect(await lines.read(CIRCLE, { before: FIRST + 1, limit: 5 })).toEqual([]);
    expect(await lines.read("another")).toEqual([]);
  });
});

describe("a thread that is watched", () => {
  it("is told to whoever begins to watch later, too, once, and to nobody who stopped", async () => {
    const scene = await reading(5);
    const first = await watching(scene);
    const told: number[] = [];
    scene.lines.on(CIRCLE, (now) => told.push(now.length));
    scene.lines.on(CIRCLE, () => told.push(-1))();
    await vi.waitUntil(() => told.length > 0, { timeout: 500 }).catch(() => undefined);
    expect(told).toEqual([first.last?.length]);
  });

  it("shows what is given of the time before its first line, at once", async () => {
    const scene = await reading(5);
    const told = await watching(scene);
    await given(scene.vault, FIRST - 7);
    await vi.waitUntil(() => told.last !== null && seqsOf(told.last)[0] === FIRST - 7);
    expect(seqsOf(told.last ?? [])).toEqual([43, 51, 52, 53, 54]);
  });

  it("shows nothing of what is given before more than it shows of it, until that is read", async () => {
    const scene = await reading(1000);
    const told = await watching(scene);
    await given(scene.vault, FIRST - 7);
    await given(scene.vault, FIRST + 999);
    await vi.waitUntil(() => told.last?.length === 500);
    expect(seqsOf(told.last ?? [])[0]).toBeGreaterThan(FIRST);
    const [first] = seqsOf(told.last ?? []);
    const earlier = await scene.lines.read(CIRCLE, { before: first ?? 0, limit: 1000 });
    expect(seqsOf(earlier)[0]).toBe(FIRST - 7);
    await given(scene.vault, FIRST - 9);
    await vi.waitUntil(() => told.last !== null && seqsOf(told.last)[0] === FIRST - 9);
    expect(reported).toEqual([]);
  });
});

describe("the first message since a moment", () => {
  //  what, since when, and the entry found
  const TABLE: ReadonlyArray<[string, string, number | null]> = [
    ["at that very moment", at(777), 777],
    ["after it, where nothing was said then", at(779.5), 781],
    ["before all that is here", "2020-01-01T00:00:00Z", 51],
    ["the last one", at(FIRST + 1999), FIRST + 1999],
    ["after all that is here", at(FIRST + 2000), null],
  ];
  it.each(TABLE)("%s", async (_name, since, seq) => {
    const { lines, asked } = long;
    const found = await lines.firstSince(CIRCLE, since);
    expect(found?.seq ?? null).toBe(seq);
    expect(asked.records).toBeLessThan(600); // never the whole thread
  });

  it("is none in a thread without lines", async () => {
    const { lines } = await reading(0);
    expect(await lines.firstSince(CIRCLE, at(1))).toBeNull();
  });
});
