import { describe, expect, it } from "vitest";
import { dueNow, type Presence, secondsLeft } from "./idle";

const MINUTE = 60_000;
const base: Presence = { now: 0, usedAt: 0, toldAt: 0, endsAt: 15 * MINUTE, lasts: 15 * MINUTE };

describe("dueNow", () => {
  const TABLE: ReadonlyArray<[string, Partial<Presence>, string]> = [
    ["nobody touched anything", { now: 10 * MINUTE }, "nothing"],
    ["a key within the first minute", { now: 59_000, usedAt: 58_000 }, "nothing"],
    ["a key after a minute", { now: 61_000, usedAt: 60_500 }, "tell"],
    [
      "a key before the server was told",
      { now: 5 * MINUTE, usedAt: 1000, toldAt: 2000 },
      "nothing",
    ],
    ["two minutes left", { now: 13 * MINUTE }, "ask"],
    [
      "two minutes left, asked a moment ago",
      { now: 13 * MINUTE, toldAt: 13 * MINUTE - 1 },
      "nothing",
    ],
    ["a key while two minutes are left", { now: 14 * MINUTE, usedAt: 14 * MINUTE - 1 }, "tell"],
    ["over, and nobody here", { now: 15 * MINUTE }, "lock"],
    [
      "over after a sleep that began before the server was told of a key",
      { now: 480 * MINUTE, usedAt: 30_000 },
      "lock",
    ],
    [
      "over for the server, which did not hear that somebody is here",
      { now: 16 * MINUTE, usedAt: 10 * MINUTE, toldAt: 15 * MINUTE },
      "ask",
    ],
  ];
  it.each(TABLE)("with %s", (_name, over, due) => {
    expect(dueNow({ ...base, ...over })).toBe(due);
  });
});

describe("secondsLeft", () => {
  const TABLE: ReadonlyArray<[string, Partial<Presence>, number | null]> = [
    ["more than two minutes left", { now: 12 * MINUTE }, null],
    ["two minutes left", { now: 13 * MINUTE }, 120],
    ["a second left", { now: 15 * MINUTE - 900 }, 1],
    ["no time left", { now: 15 * MINUTE + 1 }, 0],
    ["somebody at the keyboard", { now: 14 * MINUTE, usedAt: 14 * MINUTE - 1 }, null],
  ];
  it.each(TABLE)("with %s", (_name, over, left) => {
    expect(secondsLeft({ ...base, ...over })).toBe(left);
  });
});
