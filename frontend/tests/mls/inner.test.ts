/** The signature inside a message, put together again without the library. */

import { describe, expect, it } from "vitest";
import { uuid } from "../../src/bytes";
import { isSignedBy } from "../../src/crypto/innerSignature";
import { type Client, group, Town } from "./clients";

async function talk() {
  const town = new Town();
  const [ana, boris] = [await town.client("ana"), await town.client("boris")];
  await group(ana, boris);
  const thread = uuid.fromBytes(ana.info.groupId);
  const key = (client: Client) => client.keys.signaturePublic;
  return { ana, boris, thread, key };
}

async function heard(from: Client, by: Client, text = "Lo dicho") {
  const read = await by.receive(await from.say(text));
  if (read.kind !== "message") throw new Error("a commit");
  return read.inner;
}

describe("the signature inside a message", () => {
  it("is its author's, of a text of any length", async () => {
    const { ana, boris, thread, key } = await talk();
    for (const length of [1, 63, 64, 16_383, 16_384]) {
      const inner = await heard(ana, boris, "x".repeat(length));
      expect(await isSignedBy(key(ana), thread, inner)).toBe(true);
      expect(await isSignedBy(key(boris), thread, inner)).toBe(false);
    }
  });

  it("is known to its author as well, who cannot read what was sent", async () => {
    const { ana, boris, thread, key } = await talk();
    const made = await ana.engine.encrypt(ana.state, Uint8Array.of(1, 2), Uint8Array.of(3));
    expect(await isSignedBy(key(ana), thread, made.inner)).toBe(true);
    const read = await boris.receive(made.message);
    expect(read.kind === "message" && read.inner).toEqual(made.inner);
  });

  it("covers the text, what stands beside it, thread, epoch, leaf and the group's state", async () => {
    const { ana, boris, thread, key } = await talk();
    const inner = await heard(ana, boris);
    const flipped = (bytes: Uint8Array) => bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte));
    const bent = [
      { ...inner, plaintext: flipped(inner.plaintext) },
      { ...inner, aad: Uint8Array.of(1) },
      { ...inner, epoch: inner.epoch + 1 },
      { ...inner, leaf: inner.leaf + 1 },
      { ...inner, tree: flipped(inner.tree) },
      { ...inner, transcript: flipped(inner.transcript) },
      { ...inner, signature: flipped(inner.signature) },
    ];
    for (const one of bent) expect(await isSignedBy(key(ana), thread, one)).toBe(false);
    expect(await isSignedBy(key(ana), crypto.randomUUID(), inner)).toBe(false);
  });

  it("holds in the epoch in which it was said, also after the group moved on", async () => {
    const { ana, boris, thread, key } = await talk();
    const late = await ana.say("Antes");
    const { commit } = await boris.commit({ update: true });
    const read = await boris.receive(late);
    if (read.kind !== "message") throw new Error("a commit");
    expect(await isSignedBy(key(ana), thread, read.inner)).toBe(true);
    await ana.receive(commit);
    const next = await heard(ana, boris);
    expect(next.epoch).toBe(read.inner.epoch + 1);
    expect(await isSignedBy(key(ana), thread, next)).toBe(true);
  });
});
