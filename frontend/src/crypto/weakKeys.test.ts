import * as v from "valibot";
import { describe, expect, it } from "vitest";
import weak from "../../../tests/vectors/weak-keys.json";
import { b64u, hex } from "../bytes";
import { Key, SigningKey } from "./identity";

const POINTS = weak.keys.map((point) => hex.decode(point));
const SIGNED = POINTS.map((point) => point.with(31, (point[31] ?? 0) | 0x80));

describe("a key under which anybody can sign", () => {
  it.each([...POINTS, ...SIGNED].map((point) => [hex.encode(point), point] as const))(
    "is nobody's: %s",
    (_, point) => {
      const text = b64u.encode(point);
      expect(v.is(Key, text)).toBe(true);
      expect(v.is(SigningKey, text)).toBe(false);
    },
  );

  it("is none that somebody made", async () => {
    const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign"])) as CryptoKeyPair;
    const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    expect(v.is(SigningKey, b64u.encode(raw))).toBe(true);
  });
});
