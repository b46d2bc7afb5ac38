import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  backoff,
  type Connection,
  type Effect,
  type Event,
  SESSION_OVER,
  step,
} from "./connection";

const off: Connection = { kind: "off" };
const connecting: Connection = { kind: "connecting", failures: 0 };
const online: Connection = { kind: "online" };
const waiting: Connection = { kind: "waiting", failures: 2 };

//  from        event                               to            asks for
const TABLE: [Connection, Event, Connection["kind"], Effect["do"][]][] = [
  [off, { type: "wanted" }, "connecting", ["connect"]],
  [off, { type: "wake" }, "off", []],
  [off, { type: "unwanted" }, "off", []],
  [connecting, { type: "opened" }, "online", []],
  [connecting, { type: "closed", code: 1006 }, "waiting", ["wait"]],
  [connecting, { type: "wanted" }, "connecting", []],
  [connecting, { type: "unwanted" }, "off", ["disconnect"]],
  [online, { type: "closed", code: 1006 }, "waiting", ["wait"]],
  [online, { type: "wake" }, "online", []],
  [online, { type: "closed", code: SESSION_OVER }, "off", ["endSession"]],
  [waiting, { type: "wake" }, "connecting", ["connect"]],
  [waiting, { type: "closed", code: 1006 }, "waiting", []],
];

describe("the connection", () => {
  it.each(TABLE)("from %j, at %j, goes to %s and asks for %j", (from, event, to, asks) => {
    const [state, effects] = step(from, event, 0.5);
    expect([state.kind, effects.map((effect) => effect.do)]).toEqual([to, asks]);
  });

  it("waits longer after each failure, and from the start after a good connection", () => {
    const [failed] = step({ kind: "connecting", failures: 3 }, { type: "closed", code: 0 }, 0);
    expect(failed).toEqual({ kind: "waiting", failures: 4 });
    expect(step(online, { type: "closed", code: 1006 }, 0)[0]).toEqual({
      kind: "waiting",
      failures: 0,
    });
  });

  it("never waits more than a quarter of a minute, nor less than half of its turn", () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, chance) => {
          const wait = backoff(failures, chance);
          expect(wait).toBeGreaterThanOrEqual(250);
          expect(wait).toBeLessThan(15_000);
        },
      ),
    );
  });
});
