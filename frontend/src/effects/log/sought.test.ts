import { describe, expect, it } from "vitest";
import { keys, type SoughtRecord } from "../../store/records";
import type { Core } from "../core";
import { MOST_ASKS, Sought } from "./sought";

type Place = { circle: string; seq: number };
const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/** A device with these own messages, time that passes as told, and what it posts again. */
function device(places: readonly Place[], muted: ReadonlySet<string> = new Set()) {
  const records = new Map<string, SoughtRecord>();
  for (const { circle, seq } of places) {
    const rest = { id: `${circle} ${seq}`, epoch: 1, body: new Uint8Array(), act: null, asked: 0 };
    records.set(keys.sought(circle, seq), { circle, seq, ...rest });
  }
  let now = 0;
  const timers = new Set<{ at: number; run: () => void }>();
  const tx = {
    get: async (key: string) => records.get(key) ?? { status: "active" },
    put: (key: string, record: SoughtRecord) => records.set(key, record),
    remove: (key: string) => records.delete(key),
  };
  const core = {
    vault: { list: async () => [...records] },
    after: (ms: number, run: () => void) => {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    exclusive: async (act: (with_: typeof tx) => Promise<unknown>) => act(tx),
    report: (error: unknown) => {
      throw error;
    },
  } as unknown as Core;
  const posted: [at: number, id: string][] = [];
  const tab = () =>
    new Sought(core, ({ circle, id }) => {
      if (muted.has(circle)) return false;
      posted.push([now, id]);
      return true;
    });
  const passes = async (ms: number) => {
    const end = now + ms;
    for (;;) {
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      const [next] = [...timers].sort((a, b) => a.at - b.at);
      if (next === undefined || next.at > end) break;
      timers.delete(next);
      now = next.at;
      next.run();
    }
    now = end;
  };
  return { records, posted, tab, passes };
}

describe("an own message of which no answer came", () => {
  it("is posted again after ten seconds, one minute, ten minutes and an hour, and no more", async () => {
    const { posted, tab, passes, records } = device([{ circle: "t", seq: 1 }]);
    tab().plan();
    await passes(4 * HOUR);
    const at = [10 * SECOND, MINUTE, 10 * MINUTE, HOUR];
    const sums = at.map((_, n) => at.slice(0, n + 1).reduce((sum, one) => sum + one, 0));
    expect(posted.map(([when]) => when)).toEqual(sums);
    expect([posted.length, records.size]).toEqual([MOST_ASKS, 0]);
  });

  it("is not kept waiting by those of a thread in which nothing can be posted", async () => {
    const others = Array.from({ length: 9 }, (_, seq) => ({ circle: "behind", seq }));
    const { posted, tab, passes } = device(
      [...others, { circle: "t", seq: 1 }],
      new Set(["behind"]),
    );
    tab().plan();
    await passes(MINUTE);
    expect(posted).toEqual([[10 * SECOND, "t 1"]]);
  });

  it("is not asked about more often by two tabs than by one", async () => {
    const { posted, tab, passes } = device([{ circle: "t", seq: 1 }]);
    for (const one of [tab(), tab()]) one.plan();
    await passes(MINUTE);
    expect(posted).toHaveLength(1);
  });

  it("is one of five at a time, after a long outage", async () => {
    const all = Array.from({ length: 12 }, (_, seq) => ({ circle: "t", seq }));
    const { posted, tab, passes } = device(all);
    tab().plan();
    await passes(10 * SECOND);
    expect(posted).toHaveLength(5);
    await passes(20 * SECOND);
    expect(new Set(posted.map(([, id]) => id)).size).toBe(12);
  });

  it("is asked about again once its thread can post, which had nothing to ask", async () => {
    const muted = new Set(["t"]);
    const { posted, tab, passes } = device([{ circle: "t", seq: 1 }], muted);
    const sought = tab();
    sought.plan();
    await passes(HOUR);
    expect(posted).toEqual([]);
    muted.clear();
    sought.plan();
    await passes(10 * SECOND);
    expect(posted).toHaveLength(1);
  });
});
