import { describe, expect, it } from "vitest";
import { locks } from "./locks";

describe("the keys that lock", () => {
  const chord = {
    code: "KeyL",
    altKey: true,
    shiftKey: true,
    ctrlKey: false,
    metaKey: false,
  };

  it("are Alt, Shift and the place of L, whatever letter Alt makes of it", () => {
    expect(locks(chord)).toBe(true);
  });

  it.each([
    { altKey: false },
    { shiftKey: false },
    { ctrlKey: true },
    { metaKey: true },
    { code: "KeyK" },
  ])("are no others: %o", (over) => {
    expect(locks({ ...chord, ...over })).toBe(false);
  });
});
