import { describe, expect, it, vi } from "vitest";
import { utf8 } from "../bytes";
import { verifies } from "./ed25519";
import { KeyMismatch, newIdentityKey, takeSeed } from "./identityKey";

describe("An identity key in use", () => {
  it("signs what its public half verifies", async () => {
    const { seed, publicKey } = await newIdentityKey();
    const key = await takeSeed(seed, publicKey);
    const input = utf8.encode("casehub/device/1\0{}");
    expect(await verifies(publicKey, await key.sign(input), input)).toBe(true);
  });

  it("leaves nothing of its seed where it was", async () => {
    const { seed, publicKey } = await newIdentityKey();
    const key = await takeSeed(seed, publicKey);
    expect(seed).toEqual(new Uint8Array(32));
    expect(JSON.stringify(key)).not.toContain("seed");
  });

  it("is held by WebCrypto, which gives it back to nobody", async () => {
    const { seed, publicKey } = await newIdentityKey();
    const imported = vi.spyOn(crypto.subtle, "importKey");
    await takeSeed(seed, publicKey);
    const keys = await Promise.all(imported.mock.results.map(({ value }) => value as CryptoKey));
    imported.mockRestore();
    const held = keys.filter(({ type }) => type === "private");
    const uses = held.map(({ extractable, usages }) => [extractable, ...usages].join());
    expect(uses.sort()).toEqual(["false,deriveBits", "false,sign"]);
    for (const key of held)
      for (const format of ["pkcs8", "jwk"] as const)
        await expect(crypto.subtle.exportKey(format, key)).rejects.toThrow();
  });

  it("is not taken beside another public key", async () => {
    const [one, other] = await Promise.all([newIdentityKey(), newIdentityKey()]);
    await expect(takeSeed(one.seed, other.publicKey)).rejects.toBeInstanceOf(KeyMismatch);
  });
});
