import { describe, expect, it } from "vitest";
import { of, within } from "./circle";
import { keys } from "./records";

/** That it is gone, which stays when it goes. */
const STAYS = new Set(["erased"]);

const about = Object.entries(keys).flatMap(([name, key]) =>
  typeof key === "function" && /^\(circle\b/.test(String(key)) && !STAYS.has(name)
    ? [[name, key as (circle: string, ...rest: unknown[]) => string] as const]
    : [],
);

describe("What a device keeps of one circle", () => {
  it("is found by the first argument of its name", () => expect(about.length).toBeGreaterThan(20));

  it.each(about)("goes with it: %s", (_, key) => {
    const name = key("c", 1, 1);
    expect(of("c").includes(name) || within("c").some((one) => name.startsWith(one))).toBe(true);
  });
});
