import { describe, expect, it } from "vitest";
import { actOf, handlerOf, offer } from "./keys";

const plain = { ctrlKey: false, metaKey: false, altKey: false, isComposing: false };

describe("actOf", () => {
  it.each([
    ["j", "next"],
    ["k", "previous"],
    ["/", "search"],
    ["s", "find"],
    ["n", "create"],
    ["m", "write"],
    ["?", "help"],
    ["x", null],
  ])("reads %j as %s", (key, act) => {
    expect(actOf({ ...plain, key }, false, false)).toBe(act);
  });

  it("does nothing while somebody types, in a dialog, or with a modifier", () => {
    expect(actOf({ ...plain, key: "n" }, true, false)).toBeNull();
    expect(actOf({ ...plain, key: "n" }, false, true)).toBeNull();
    expect(actOf({ ...plain, key: "n", ctrlKey: true }, false, false)).toBeNull();
    expect(actOf({ ...plain, key: "n", isComposing: true }, false, false)).toBeNull();
  });
});

describe("offer", () => {
  it("lets the latest page win and falls back when it leaves", () => {
    const outer = (): void => undefined;
    const inner = (): void => undefined;
    const leaveOuter = offer({ create: outer, help: outer });
    const leaveInner = offer({ create: inner });
    expect(handlerOf("create")).toBe(inner);
    expect(handlerOf("help")).toBe(outer);
    leaveInner();
    expect(handlerOf("create")).toBe(outer);
    leaveOuter();
    expect(handlerOf("create")).toBeNull();
  });
});
