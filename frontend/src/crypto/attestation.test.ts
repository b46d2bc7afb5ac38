import { describe, expect, it } from "vitest";
import { hex, sha256, utf8 } from "../bytes";
import { commitTo, digestOf, type Screened, screenedBy, signScreened } from "./attestation";
import { publicKeyOf, verifies } from "./ed25519";

const seed = new Uint8Array(32).fill(7);
const screened: Screened = {
  request: "0b8d4cb4-6c0e-4f86-9a36-1f3b9d2d8f01",
  version: 3,
  rulebook: "a".repeat(64),
  commitment: new Uint8Array(32).fill(1),
  results: new Uint8Array(32).fill(2),
  disclosed: new Uint8Array(32).fill(3),
  overridden: ["AIDE-MEMOIRE"],
  ready: false,
};

describe("an attestation", () => {
  it("is believed when the device signed it", async () => {
    const signature = await signScreened(screened, seed);
    expect(await screenedBy(await publicKeyOf(seed), screened, signature)).toBe(true);
  });

  it.each([
    ["request", { request: "0b8d4cb4-6c0e-4f86-9a36-1f3b9d2d8f02" }],
    ["version", { version: 4 }],
    ["rulebook", { rulebook: "b".repeat(64) }],
    ["commitment", { commitment: new Uint8Array(32) }],
    ["results", { results: new Uint8Array(32) }],
    ["disclosed", { disclosed: new Uint8Array(32) }],
    ["overridden", { overridden: [] }],
    ["ready", { ready: true }],
  ])("is not believed about another %s", async (_, other) => {
    const signature = await signScreened(screened, seed);
    const key = await publicKeyOf(seed);
    expect(await screenedBy(key, { ...screened, ...other }, signature)).toBe(false);
  });

  it("is of the same bytes as the server's", async () => {
    const signature = await signScreened(screened, seed);
    const bytes = utf8.encode(
      'casehub/attestation/1\0{"commitment":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE",' +
        '"disclosed":"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM",' +
        '"overridden":["AIDE-MEMOIRE"],"ready":false,' +
        '"request":"0b8d4cb4-6c0e-4f86-9a36-1f3b9d2d8f01",' +
        '"results":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI",' +
        `"rulebook":"${"a".repeat(64)}","v":1,"version":3}`,
    );
    expect(await verifies(await publicKeyOf(seed), signature, bytes)).toBe(true);
  });

  it("commits to the draft through the salt", async () => {
    const draft = { v: 1 };
    const salt = new Uint8Array(32).fill(3);
    expect(hex.encode(await commitTo(salt, draft))).toBe(
      hex.encode(await sha256(salt, utf8.encode('{"v":1}'))),
    );
    expect(await commitTo(new Uint8Array(32), draft)).not.toEqual(await commitTo(salt, draft));
    const turned = { measures: ["b", null], deadline: "" };
    expect(await digestOf(turned)).toEqual(
      await sha256(utf8.encode('{"deadline":"","measures":["b",null]}')),
    );
    expect(await digestOf([])).toEqual(await sha256(utf8.encode("[]")));
  });
});
