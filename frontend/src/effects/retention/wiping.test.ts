import { describe, expect, it } from "vitest";
import { Disk } from "../../../tests/scenario/stores";
import type { ErasedRow } from "../../api/retention";
import type { CaseFile } from "../../api/schema";
import type { WishRecord } from "../../store/exports";
import {
  type DraftRecord,
  keys,
  type LineRecord,
  type PendingCreation,
  type ThreadRecord,
  type VersionKeyRecord,
} from "../../store/records";
import { type Key, type Tx, Vault } from "../../store/vault";
import type { Core } from "../core";
import { Mirror } from "../mirror";
import { touch } from "./touching";
import { canBeOver, wipe } from "./wiping";

const DAY_MS = 86_400_000;
const YEAR_MS = 366 * DAY_MS;
const NOW = Date.parse("2032-11-24T15:00:00Z");
const AGES_AGO = "2001-01-01T00:00:00Z";

describe("a period", () => {
  it.each([
    ["consultation", 365, true],
    ["consultation", 364, false],
    ["case-file", 5 * 365, true],
    ["case-file", 5 * 365 - 1, false],
    ["assistance", 10 * 365, true],
    ["long", 20 * 365 - 1, false],
    ["unheard-of", 90 * 365, false],
    ["toString", 90 * 365, false],
  ])("of the class %s can be over %i days after the last word: %s", (retention, days, over) => {
    expect(canBeOver(retention, NOW - days * DAY_MS, NOW)).toBe(over);
  });
});

/** A device with its own clock; what the host says of times and cases is the test's. */
async function device() {
  const backend = await new Disk().open("one");
  const usage = ["encrypt", "decrypt"] as const;
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, usage);
  const vault = new Vault(backend, key);
  const mirror = new Mirror(vault);
  const time = { now: NOW };
  const groups = { remove: (tx: Tx, circle: string) => tx.remove(keys.group(circle)) };
  const core = { vault, mirror, groups, deps: { clock: () => time.now } } as unknown as Core;
  vault.before = (batch) => touch(core, batch);
  core.exclusive = async (task) => {
    const tx = await vault.begin();
    const result = await task(tx);
    await tx.persist();
    return result;
  };
  const looked = new Set<string>();
  const put = (write: (tx: Tx) => void) => core.exclusive(async (tx) => write(tx));
  return {
    mirror,
    time,
    put,
    /** An entry came in, whatever time the host stamped on it. */
    hears: (circle: string, kind: "message" | "event" = "message", seq = 1) =>
      put((tx) => {
        tx.put(keys.thread(circle), { circle, lastAt: AGES_AGO } as ThreadRecord);
        tx.put(keys.line(circle, seq), { kind, seq, at: AGES_AGO } as LineRecord);
      }),
    told: (...rows: ErasedRow[]) => wipe(core, rows, looked),
    again: (...rows: ErasedRow[]) => wipe(core, rows, new Set()),
    doubted: (circle: string) => mirror.erased.get(circle)?.doubted ?? false,
    lines: async (circle: string) => (await vault.keys(keys.lines(circle))).length,
    creates: async (circle: string) => (await vault.keys(keys.creation(circle))).length > 0,
    drafts: async () => (await vault.keys(keys.drafting)).length,
    letters: async () =>
      [...(await vault.keys("letter-")), ...(await vault.keys("upload/"))].sort(),
    exports: async () => [...(await vault.keys("made-export/")), ...(await vault.keys("wish/"))],
    /** As on a device from before anything was noted of when it heard something. */
    forgets: (circle: string) => put((tx) => tx.remove(keys.heard(circle))),
  };
}

const gone = (circle: string, more: Partial<ErasedRow> = {}): ErasedRow => ({
  ...{ circle, kind: "thread", case: "case", request: null },
  ...{ retention: "consultation", at: new Date(NOW).toISOString() },
  ...more,
});
const listed = (id: string, circle: string, ...threads: string[]) =>
  ({
    id,
    circle,
    threads: threads.map((one) => ({ circle: one })),
    drafts: [],
  }) as unknown as CaseFile;

describe("a host that says that a period is over", () => {
  it("is not believed of what came in lately, whatever times it stamped on that", async () => {
    const one = await device();
    await one.hears("x");
    one.time.now += 300 * DAY_MS;
    await one.told(gone("x"));
    expect([one.doubted("x"), await one.lines("x")]).toEqual([true, 1]);
    one.time.now += 66 * DAY_MS;
    await one.told(gone("x"));
    expect([one.doubted("x"), await one.lines("x")]).toEqual([false, 0]);
  });

  it("is not believed of a thread in which people came and went lately", async () => {
    const one = await device();
    await one.hears("x");
    one.time.now += YEAR_MS;
    await one.hears("x", "event", 2);
    await one.told(gone("x"));
    expect(await one.lines("x")).toBe(2);
  });

  it("is not believed of a thread of which earlier messages were given here lately", async () => {
    const one = await device();
    await one.hears("x", "event", 9);
    one.time.now += YEAR_MS;
    const given = { person: "ana", at: AGES_AGO, seq: 9 };
    const line = { kind: "message", seq: 1, at: AGES_AGO, given } as LineRecord;
    await one.put((tx) => tx.put(keys.line("x", 1), line));
    await one.told(gone("x"));
    expect([one.doubted("x"), await one.lines("x")]).toEqual([true, 2]);
  });

  it.each<[string, Key<unknown>]>([
    ["a draft", keys.draft("x")],
    ["terms that were chosen", keys.along("x")],
    ["words of a dialog", keys.typed("x", "note")],
  ])("is not believed of a thread in which %s stands since lately", async (_what, key) => {
    const one = await device();
    await one.hears("x");
    one.time.now += YEAR_MS;
    await one.put((tx) => tx.put(key, "a medias"));
    await one.told(gone("x"));
    expect([one.doubted("x"), await one.lines("x")]).toEqual([true, 1]);
  });

  it("takes with a thread the exports of it, and no others", async () => {
    const one = await device();
    const wish = (id: string, circle: string) =>
      one.put((tx) => {
        tx.put(keys.wish(id), { wish: { id, circle } } as WishRecord);
        tx.put(keys.madeExport(id), { contents: {}, manifest: new Uint8Array() });
      });
    await one.hears("x");
    await wish("of-x", "x");
    await wish("of-y", "y");
    one.time.now += YEAR_MS;
    await one.told(gone("x"));
    expect(await one.exports()).toEqual(["made-export/of-y", "wish/of-y"]);
  });

  describe("of a draft", () => {
    const letters = (request: string) => [
      `upload/${request}.free/file`,
      `letter-form/${request}/acknowledge`,
      `letter-out/${request}/2032-waiting`,
      `letter-pair/${request}`,
    ];
    const erased = gone("x", { kind: "drafting", request: null });

    /** A device that knows of which circles two requests are, and has letters about both. */
    async function writing(know: (tx: Tx) => void) {
      const one = await device();
      await one.put((tx) => {
        know(tx);
        for (const key of ["r", "other"].flatMap(letters)) tx.put(key as Key<string>, "a medias");
      });
      one.time.now += YEAR_MS;
      return one;
    }
    const draft = (circle: string) => ({ circle, draft: {} }) as unknown as DraftRecord;
    const version = (request: string) => ({ request }) as VersionKeyRecord;

    it.each<[string, (tx: Tx) => void]>([
      ["written here", (tx) => tx.put(keys.draftOf("r"), draft("x"))],
      ["read here", (tx) => tx.put(keys.versionKey("x", "v"), version("r"))],
    ])("%s takes the letters about its request, and no others", async (_how, know) => {
      const one = await writing((tx) => {
        know(tx);
        tx.put(keys.draftOf("other"), draft("y"));
        tx.put(keys.versionKey("x", "w"), version("other")); // a member's word moves no draft
      });
      await one.hears("x", "event", 1);
      one.time.now += YEAR_MS;
      await one.told(erased);
      expect(one.doubted("x")).toBe(false);
      expect(await one.letters()).toEqual(letters("other").sort());
    });

    it.each(letters("r").slice(0, 3))("is not believed while %s is young", async (key) => {
      const one = await writing((tx) => tx.put(keys.versionKey("x", "v"), version("r")));
      await one.put((tx) => tx.put(key as Key<string>, "hoy"));
      one.time.now += 364 * DAY_MS;
      await one.told(erased);
      expect([one.doubted("x"), (await one.letters()).length]).toEqual([true, 8]);
    });
  });

  it("keeps a silent thread from nobody by hiding the case that goes on beside it", async () => {
    const one = await device();
    one.mirror.cases = [listed("case", "title", "silent", "going")];
    await one.hears("silent");
    await one.hears("going");
    one.time.now += YEAR_MS;
    await one.hears("going", "message", 2);
    one.mirror.cases = [];
    await one.told(gone("silent", { case: null }));
    await one.told(gone("silent", { case: "another" }));
    expect([one.doubted("silent"), await one.lines("silent")]).toEqual([true, 1]);
  });

  it("moves no draft into a circle that is over", async () => {
    const one = await device();
    one.mirror.requests = [{ id: "r", circle: "going", case: "other" }] as never;
    const draft = { draft: {}, base: 1, edit: 1, aside: [] } as unknown as DraftRecord;
    await one.put((tx) => tx.put(keys.draftOf("r"), draft));
    await one.hears("x");
    one.time.now += YEAR_MS;
    one.mirror.requests = [{ id: "r", circle: "x", case: "case" }] as never;
    await one.told(gone("x", { kind: "drafting", request: "r" }));
    expect([await one.lines("x"), await one.drafts()]).toEqual([0, 1]);
    await one.told(gone("going", { kind: "drafting", case: "other" }));
    expect(await one.drafts()).toBe(0);
  });

  it("has what is of unknown age kept for a period from its first claim on", async () => {
    const one = await device();
    await one.hears("x");
    await one.forgets("x");
    one.time.now += 30 * YEAR_MS;
    await one.told(gone("x"));
    expect(one.doubted("x")).toBe(true);
    one.time.now += 364 * DAY_MS;
    await one.told(gone("x"));
    expect(await one.lines("x")).toBe(1);
    one.time.now += DAY_MS;
    await one.told(gone("x"));
    expect(await one.lines("x")).toBe(0);
  });

  it("is not believed the sooner for a clock that was put back", async () => {
    const one = await device();
    await one.hears("x");
    one.time.now -= 2 * YEAR_MS;
    await one.hears("x", "message", 2);
    one.time.now = NOW + 300 * DAY_MS;
    await one.told(gone("x"));
    expect(await one.lines("x")).toBe(2);
  });
});

describe("that the log has proven an old line since", () => {
  it("is nothing new that was said", async () => {
    const one = await device();
    await one.hears("x");
    one.time.now += YEAR_MS;
    const line = { kind: "message", seq: 1, settled: { index: 1, cosigned: 1 } };
    await one.put((tx) => tx.put(keys.line("x", 1), line as unknown as LineRecord));
    await one.told(gone("x"));
    expect(await one.lines("x")).toBe(0);
  });
});

describe("a circle that was noted as deleted", () => {
  async function wiped() {
    const one = await device();
    await one.hears("x");
    one.time.now += YEAR_MS;
    await one.told(gone("x"));
    expect(await one.lines("x")).toBe(0);
    return one;
  }

  it("is wiped again of what was on its way then, at the next start at the latest", async () => {
    const one = await wiped();
    await one.put((tx) => tx.put(keys.line("x", 7), { kind: "message", seq: 7 } as LineRecord));
    await one.again(gone("x"));
    expect([one.doubted("x"), await one.lines("x")]).toEqual([false, 0]);
  });

  it("in advance, when nothing of it was here, is judged anew of what is kept there since", async () => {
    const one = await device();
    await one.told(gone("x"));
    expect(one.doubted("x")).toBe(false);
    await one.put((tx) => tx.put(keys.creation("x"), {} as PendingCreation));
    await one.again(gone("x"));
    expect([one.doubted("x"), await one.creates("x")]).toEqual([true, true]);
    one.time.now += YEAR_MS;
    await one.again(gone("x"));
    expect([one.doubted("x"), await one.creates("x")]).toEqual([false, false]);
  });

  it("stays so however often what was on its way is wiped", async () => {
    const one = await wiped();
    for (const seq of [7, 8]) {
      const line = { kind: "message", seq } as LineRecord;
      await one.put((tx) => tx.put(keys.line("x", seq), line));
      await one.again(gone("x"));
      expect([one.doubted("x"), await one.lines("x")]).toEqual([false, 0]);
    }
  });

  it("is doubted once something is said there again", async () => {
    const one = await wiped();
    await one.hears("x", "message", 8);
    await one.told(gone("x"));
    expect([one.doubted("x"), await one.lines("x")]).toEqual([true, 1]);
  });
});
