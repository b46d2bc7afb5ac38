import { describe, expect, it } from "vitest";
import { liftingOf } from "./lifting";

const UNTIL = "2026-11-23T12:00:00Z";
const NOW = Date.parse(UNTIL) - 1;
const asked = { lift_by: "ana", lift_until: UNTIL, lift_void: null };

describe("lifting a State's stop", () => {
  it("can be asked for while nobody has", () => {
    const stop = { lift_by: null, lift_until: null, lift_void: null };
    expect(liftingOf(stop, "ana", NOW)).toEqual({ word: "none", mayAsk: true });
  });

  it("waits for another person than the first", () => {
    expect(liftingOf(asked, "ana", NOW)).toMatchObject({ word: "waits", mayAsk: false });
    expect(liftingOf(asked, "bea", NOW)).toMatchObject({ word: "waits", mayAsk: true });
  });

  it("can be asked for anew by the first once 72 hours are over, also on a page that stayed open", () => {
    const over = { word: "void", mayAsk: true, why: "too-old" };
    expect(liftingOf(asked, "ana", Date.parse(UNTIL))).toEqual(over);
    expect(liftingOf({ ...asked, lift_void: "too-old" }, "ana", NOW)).toEqual(over);
  });

  it("does not wait on the word of somebody who is out of office", () => {
    const gone = { ...asked, lift_void: "signer-gone" };
    const shown = { word: "void", mayAsk: true, why: "signer-gone" };
    expect(liftingOf(gone, "bea", NOW)).toEqual(shown);
  });
});
