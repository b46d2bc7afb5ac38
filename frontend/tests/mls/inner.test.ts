/** The signature inside a message, put together again without the library. */

import { describe, expect, it } from "vitest";
import { uuid } from "../../src/bytes";
import { isSignedBy } from "../../src/crypto/innerSignature";
import { unsealed } from "../../src/crypto/sealedMessage";
import { decodeMessage } from "../../src/crypto/wire";
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

describe("a message as it lies in the log", () => {
  it("is opened by its own key as the library opens it, in every size", async () => {
    const { ana, boris } = await talk();
    for (const length of [1, 63, 64, 16_383, 16_384]) {
      const body = await ana.say("x".repeat(length));
      const read = await boris.receive(body);
      if (read.kind !== "message") throw new Error("a commit");
      const { opener = new Uint8Array() } = read.inner;
      const opened = await unsealed(body, opener);
      const message = decodeMessage(body);
      if (message.wireformat !== "mls_private_message") throw new Error("in clear");
      const { groupId, epoch, authenticatedData } = message.privateMessage;
      expect(opened.groupId).toEqual(groupId);
      expect(opened.epoch).toBe(Number(epoch));
      expect(opened.aad).toEqual(authenticatedData);
      expect(opened.plaintext).toEqual(read.inner.plaintext);
      expect(opened.signature).toEqual(read.inner.signature);
    }
  });

  it("is opened by no other key, and not if a byte of it is another one", async () => {
    const { ana, boris } = await talk();
    const [body, other] = [await ana.say("Uno"), await ana.say("Dos")];
    const openers = [];
    for (const one of [body, other]) {
      const read = await boris.receive(one);
      if (read.kind !== "message") throw new Error("a commit");
      openers.push(read.inner.opener ?? new Uint8Array());
    }
    const [opener = new Uint8Array(), theirs = new Uint8Array()] = openers;
    await expect(unsealed(body, theirs)).rejects.toMatchObject({ reason: "invalid" });
    await expect(unsealed(body, opener.slice(1))).rejects.toMatchObject({ reason: "invalid" });
    for (let at = 0; at < body.length; at += 1) {
      const bent = body.map((byte, place) => (place === at ? byte ^ 1 : byte));
      // Who sent it is sealed under another key: nobody here looks at it.
      const read = await unsealed(bent, opener).catch((error: unknown) => error);
      if (!(read instanceof Error)) expect(await isDifferentSender(body, bent)).toBe(true);
    }
    await expect(unsealed(body.slice(0, -1), opener)).rejects.toThrow();
    await expect(unsealed(Uint8Array.of(...body, 0), opener)).rejects.toThrow();
  });
});

/** Whether two messages differ in nothing but their sealed sender. */
async function isDifferentSender(one: Uint8Array, other: Uint8Array): Promise<boolean> {
  const [a, b] = [decodeMessage(one), decodeMessage(other)];
  if (a.wireformat !== "mls_private_message" || b.wireformat !== a.wireformat) return false;
  const { encryptedSenderData: _a, ...rest } = a.privateMessage;
  const { encryptedSenderData: _b, ...also } = b.privateMessage;
  expect(also).toEqual(rest);
  return true;
}
