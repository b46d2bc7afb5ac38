import { describe, expect, it } from "vitest";
import { barOf, whatOf } from "./what";

describe("why a thread stopped", () => {
  it.each([
    ["forked", "forked"],
    ["commit-leaf-refused", "leaf"],
    ["directory-older", "directory"],
    ["chain", "host"],
    ["own-altered", "host"],
    ["commit-invalid", "commit"],
    ["roster", "commit"],
    ["something-new", "commit"],
  ])("is said of %s as of %s", (why, what) => {
    expect(whatOf(why)).toBe(what);
  });
});

describe("why a device may not come in", () => {
  it.each([
    ["person-revoked", "revoked"],
    ["device-expired", "expired"],
    ["draft-own-state", "state"],
    ["reads-no-more", "post"],
    ["no-device", "other"],
  ])("is said of %s as %s", (why, word) => {
    expect(barOf(why)).toBe(word);
  });
});
