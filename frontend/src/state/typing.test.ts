import { describe, expect, it } from "vitest";
import { AGAIN_MS, heard, isDue, SHOWN_MS, shownOf, spoken, type Writer } from "./typing";

const NOW = 1_000_000;
const THREAD = new Set(["ana", "boris", "carla"]);

/** Who is heard, one after the other, each a second after the one before. */
function heardOf(...people: string[]): readonly Writer[] {
  return people.reduce<readonly Writer[]>(
    (writers, person, at) => heard(writers, person, { now: NOW + at * 1_000, after: 4 }),
    [],
  );
}

describe("saying that one writes", () => {
  it.each([
    ["for the first time", undefined, true],
    ["just after", NOW - 1, false],
    ["a moment too early", NOW - AGAIN_MS + 1, false],
    ["five seconds later", NOW - AGAIN_MS, true],
    ["by a clock that was put back", NOW + 60_000, true],
  ])("%s", (_when, last, due) => {
    expect(isDue(last, NOW)).toBe(due);
  });
});

describe("who writes", () => {
  it("is shown until eight seconds after the last that was heard of them", () => {
    const writers = heardOf("boris", "boris");
    const last = NOW + 1_000;
    expect(shownOf(writers, THREAD, last + SHOWN_MS - 1)).toEqual(["boris"]);
    expect(shownOf(writers, THREAD, last + SHOWN_MS)).toEqual([]);
  });

  it("outlasts a signal that was lost, for the next one comes before that", () => {
    expect(SHOWN_MS).toBeGreaterThan(AGAIN_MS);
    expect(SHOWN_MS).toBeLessThan(2 * AGAIN_MS);
  });

  it("stands once, in the order in which they began", () => {
    expect(shownOf(heardOf("carla", "boris", "carla"), THREAD, NOW + 3_000)).toEqual([
      "carla",
      "boris",
    ]);
  });

  it("is believed of nobody who does not stand in the thread", () => {
    expect(shownOf(heardOf("mala", "boris"), THREAD, NOW + 2_000)).toEqual(["boris"]);
  });

  it("is not shown for ever where the clock was put back", () => {
    expect(shownOf(heardOf("boris"), THREAD, NOW - 60_000)).toEqual([]);
  });
});

describe("whoever has said it", () => {
  //  what was said, and who writes on
  it.each([
    ["a message of theirs that came since", [{ person: "boris", seq: 5 }], ["carla"]],
    ["one that was there before", [{ person: "boris", seq: 4 }], ["boris", "carla"]],
    ["somebody else's", [{ person: "ana", seq: 5 }], ["boris", "carla"]],
    ["nothing", [], ["boris", "carla"]],
  ])("is done with it at once: %s", (_what, said, left) => {
    const writers = heardOf("boris", "carla");
    expect(shownOf(spoken(writers, said), THREAD, NOW + 2_000)).toEqual(left);
  });
});
