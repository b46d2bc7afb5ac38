import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Effect, type Event, type Sending, step } from "./sending";

const idle: Sending = { kind: "idle" };
const taking: Sending = { kind: "sending", id: null, more: false, tries: 0 };
const posted: Sending = { kind: "sending", id: "m", more: false, tries: 0 };
const paused: Sending = { kind: "paused" };
const halted: Sending = { kind: "halted", why: "removed" };
const catching: Sending = { kind: "catchingUp", tries: 1 };

const refused = (code: string, retryMs: number | null = null): Event => ({
  type: "refused",
  id: "m",
  code,
  retryMs,
});

//  from      event                              to            asks for
const TABLE: [Sending, Event, Sending["kind"], Effect["do"][]][] = [
  [idle, { type: "submitted" }, "sending", ["transmit"]],
  [idle, { type: "connected" }, "sending", ["transmit"]],
  [idle, { type: "accepted", id: "m" }, "idle", []],
  [taking, { type: "posted", id: "m" }, "sending", []],
  [taking, { type: "emptied" }, "idle", []],
  [posted, { type: "accepted", id: "m" }, "sending", ["transmit"]],
  [posted, { type: "accepted", id: "other" }, "sending", []],
  [posted, { type: "unanswered" }, "paused", ["pause"]],
  [posted, { type: "disconnected" }, "paused", []],
  [posted, refused("stale-epoch"), "catchingUp", ["catchUp"]],
  [posted, refused("id-reused"), "catchingUp", ["catchUp"]],
  [posted, refused("too-many", 2000), "paused", ["pause"]],
  [posted, refused("not-allowed"), "sending", ["giveUp", "transmit"]],
  [posted, { ...refused("not-allowed"), id: "other" } as Event, "sending", []],
  [catching, { type: "caughtUp" }, "sending", ["transmit"]],
  [catching, { type: "unanswered" }, "paused", ["pause"]],
  [catching, { type: "submitted" }, "catchingUp", []],
  [paused, { type: "submitted" }, "paused", []],
  [paused, { type: "connected" }, "sending", ["transmit"]],
  [posted, { type: "halted", why: "frozen" }, "halted", []],
  [halted, { type: "submitted" }, "halted", []],
  [halted, { type: "disconnected" }, "halted", []],
  [halted, { type: "revived" }, "sending", ["transmit"]],
];

describe("sending the queue of a thread", () => {
  it.each(TABLE)("from %j, at %j, goes to %s and asks for %j", (from, event, to, asks) => {
    const [state, effects] = step(from, event);
    expect([state.kind, effects.map((effect) => effect.do)]).toEqual([to, asks]);
  });

  it("looks at the queue again when something was queued while it was found empty", () => {
    const [more] = step(taking, { type: "submitted" });
    expect(step(more, { type: "emptied" })[1]).toEqual([{ do: "transmit" }]);
  });

  it("does not catch up for ever for one message", () => {
    let state: Sending = posted;
    for (let round = 0; round < 20 && state.kind === "sending"; round += 1) {
      [state] = step(state, refused("stale-epoch"));
      if (state.kind !== "catchingUp") break;
      [state] = step(state, { type: "caughtUp" });
      [state] = step(state, { type: "posted", id: "m" });
    }
    expect(state.kind).toBe("paused");
  });

  it("takes a fresh id only when the old one was used for other bytes", () => {
    const asks = (code: string) => step(posted, refused(code))[1];
    expect(asks("id-reused")).toEqual([{ do: "catchUp", id: "m", renew: true }]);
    expect(asks("stale-epoch")).toEqual([{ do: "catchUp", id: "m", renew: false }]);
  });

  it("never has two messages on the way at once", () => {
    const events = fc.constantFrom<Event>(
      { type: "submitted" },
      { type: "posted", id: "m" },
      { type: "emptied" },
      { type: "accepted", id: "m" },
      refused("stale-epoch"),
      refused("too-many", 1),
      { type: "caughtUp" },
      { type: "unanswered" },
      { type: "disconnected" },
      { type: "connected" },
    );
    fc.assert(
      fc.property(fc.array(events, { maxLength: 60 }), (all) => {
        let state: Sending = idle;
        for (const event of all) {
          const before: Sending = state;
          const [next, effects] = step(before, event);
          const transmits = effects.filter((effect) => effect.do === "transmit").length;
          expect(transmits).toBeLessThanOrEqual(1);
          if (transmits === 1) expect(next).toMatchObject({ kind: "sending", id: null });
          state = next;
        }
      }),
    );
  });
});
