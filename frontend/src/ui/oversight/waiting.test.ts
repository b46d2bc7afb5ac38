import { describe, expect, it } from "vitest";
import type { Unmasking } from "../client";
import { openWish, waitingForMe } from "./waiting";

const wish = (over: Partial<Unmasking>): Unmasking =>
  ({ pseudonym: "P-7K3Q9XY0", state: "open", mine: false, deferrals: [], ...over }) as Unmasking;

describe("what waits for an auditor", () => {
  it("is what another has asked and nobody has answered", () => {
    const all = [wish({}), wish({ mine: true }), wish({ state: "refused" })];
    expect(waitingForMe(all)).toBe(1);
  });

  it("is a deferral too", () => {
    const deferral = { state: "open", mine: false } as Unmasking["deferrals"][number];
    expect(waitingForMe([wish({ state: "agreed", deferrals: [deferral] })])).toBe(1);
  });

  it("is found by the pseudonym that it is about, the own one first", () => {
    const all = [
      wish({ id: "a" }),
      wish({ id: "b", mine: true }),
      wish({ id: "c", state: "over" }),
    ];
    expect(openWish(all, "P-7K3Q9XY0")?.id).toBe("b");
    expect(openWish(all, "P-00000000")).toBeNull();
  });
});
