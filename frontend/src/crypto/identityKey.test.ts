import { describe, expect, it } from "vitest";
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

  it("is not taken beside another public key", async () => {
    const [one, other] = await Promise.all([newIdentityKey(), newIdentityKey()]);
    await expect(takeSeed(one.seed, other.publicKey)).rejects.toBeInstanceOf(KeyMismatch);
  });
});
