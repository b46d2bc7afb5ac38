import { describe, expect, it } from "vitest";
import { hex, utf8 } from "../bytes";
import { newIdentityKey, takeSeed } from "./identityKey";
import { openingPairOf, sealingKeyOf } from "./sealingKey";
import { NotSealedToUs, openSealed, sealTo, shareSealed } from "./sealTo";

const raw = async (key: CryptoKey) => new Uint8Array(await crypto.subtle.exportKey("raw", key));
const INFO = utf8.encode("for this");

/** As the browser's own X25519 finds it, from another point than the one that is computed here. */
async function byTheBrowser(seed: Uint8Array, identityKey: Uint8Array): Promise<string> {
  const { privateKey } = await openingPairOf(seed, identityKey);
  const base = new Uint8Array(32);
  base[0] = 9;
  const point = await crypto.subtle.importKey("raw", base, "X25519", true, []);
  const algorithm = { name: "X25519", public: point };
  return hex.encode(new Uint8Array(await crypto.subtle.deriveBits(algorithm, privateKey, 256)));
}

describe("The sealing key of an identity key", () => {
  it("is the one of RFC 8032's first example as others compute it", () => {
    const key = hex.decode("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    expect(hex.encode(sealingKeyOf(key) ?? new Uint8Array())).toBe(
      "d85e07ec22b0ad881537c2f44d662d1a143cf830c57aca4305d85c7a90f6b62e",
    );
  });

  it("is the other half of what the seed gives", async () => {
    for (let round = 0; round < 8; round++) {
      const { seed, publicKey } = await newIdentityKey();
      const { publicKey: known } = await openingPairOf(seed, publicKey);
      expect(hex.encode(await raw(known))).toBe(await byTheBrowser(seed, publicKey));
    }
  });

  it.each([
    ["the neutral point", `01${"00".repeat(31)}`],
    ["a number that is too large", `${"ff".repeat(31)}7f`],
    ["too few bytes", "0102"],
  ])("is none of %s", (_, bytes) => {
    expect(sealingKeyOf(hex.decode(bytes))).toBeNull();
  });

  it("opens what was sealed to it, and nothing that was sealed to another or for something else", async () => {
    const [one, other] = await Promise.all([newIdentityKey(), newIdentityKey()]);
    const to = sealingKeyOf(one.publicKey) as Uint8Array;
    const { opening } = await takeSeed(one.seed, one.publicKey);
    const { opening: theirs } = await takeSeed(other.seed, other.publicKey);
    const plain = utf8.encode("words");
    const { box, keys } = await sealTo([to], plain, INFO);
    const [key] = keys as [Uint8Array];
    expect(await openSealed(opening, key, box, INFO)).toEqual(new Uint8Array(plain));
    await expect(openSealed(theirs, key, box, INFO)).rejects.toBeInstanceOf(NotSealedToUs);
    await expect(openSealed(opening, key, box, utf8.encode("for that"))).rejects.toBeInstanceOf(
      NotSealedToUs,
    );
  });

  it("shares what it opens with another key, without its content", async () => {
    const [one, other] = await Promise.all([newIdentityKey(), newIdentityKey()]);
    const [to, further] = [sealingKeyOf(one.publicKey), sealingKeyOf(other.publicKey)];
    const { opening } = await takeSeed(one.seed, one.publicKey);
    const { opening: theirs } = await takeSeed(other.seed, other.publicKey);
    const { box, keys } = await sealTo([to as Uint8Array], utf8.encode("words"), INFO);
    const [shared] = await shareSealed(
      opening,
      keys[0] as Uint8Array,
      [further as Uint8Array],
      INFO,
    );
    expect(await openSealed(theirs, shared as Uint8Array, box, INFO)).toEqual(
      new Uint8Array(utf8.encode("words")),
    );
  });
});
