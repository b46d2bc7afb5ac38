import { beforeEach, describe, expect, it } from "vitest";
import { type Client, group, Town } from "../../tests/mls/clients";
import { utf8 } from "../bytes";
import { MlsRefused, makeEngine } from "./engine";
import { decodeGroupInfo, decodeKeyPackage, decodeMessage } from "./wire";

const NO_AAD = new Uint8Array();

/** Expect a refusal with this reason, and that the client's state still works as before. */
async function refuses(client: Client, bytes: Uint8Array, reason: string): Promise<void> {
  const before = client.engine.serialise(client.state);
  await expect(client.engine.process(client.state, bytes)).rejects.toMatchObject({
    name: "MlsRefused",
    reason,
  });
  expect(client.engine.serialise(client.state)).toEqual(before);
}

let town: Town;
let ana: Client;
let ben: Client;
let cam: Client;

beforeEach(async () => {
  town = new Town();
  ana = await town.client("ana");
  ben = await town.client("ben");
  cam = await town.client("cam");
  await group(ana, ben, cam);
});

describe("a removed member", () => {
  it("cannot read the next message, nor process the commit into the next epoch", async () => {
    const stale = cam.engine.deserialise(cam.engine.serialise(cam.state));
    const { commit } = await ana.commit({ remove: [cam.info.ownLeaf] });
    await ben.receive(commit);
    const seen = await cam.receive(commit);
    const secret = await ana.say("after cam was removed");
    expect(seen).toMatchObject({ kind: "commit", selfRemoved: true, added: [] });
    expect(await ben.hear(secret)).toBe("after cam was removed");
    await expect(cam.engine.process(cam.state, secret)).rejects.toThrow(MlsRefused);
    await expect(cam.engine.process(stale, secret)).rejects.toThrow(MlsRefused);
  });

  it("is removed by a commit that carries fresh secrets", async () => {
    const { commit } = await ana.commit({ remove: [cam.info.ownLeaf] });
    const message = decodeMessage(commit);
    if (message.wireformat !== "mls_public_message") throw new Error("not public");
    const { content } = message.publicMessage;
    expect(content.contentType === "commit" && content.commit.path).toBeDefined();
  });

  it("can neither write, commit, nor come back by itself", async () => {
    const { commit, groupInfo } = await ana.commit({ remove: [cam.info.ownLeaf] });
    await cam.receive(commit);
    await expect(cam.say("hello?")).rejects.toMatchObject({ reason: "removed" });
    await expect(cam.commit({ update: true })).rejects.toMatchObject({ reason: "removed" });
    await expect(cam.engine.rejoin(groupInfo, cam.keys)).rejects.toMatchObject({
      reason: "not-a-member",
    });
    expect(cam.info.active).toBe(false);
  });

  it("stays removed when stored and read again", async () => {
    const { commit } = await ana.commit({ remove: [cam.info.ownLeaf] });
    await cam.receive(commit);
    const again = cam.engine.deserialise(cam.engine.serialise(cam.state));
    expect(cam.engine.info(again).active).toBe(false);
  });
});

describe("a message", () => {
  it("names its author by the leaf that the sender data holds", async () => {
    const seen = await ana.receive(await cam.say("hola"));
    expect(seen).toMatchObject({ kind: "message", sender: cam.info.ownLeaf, epoch: 1 });
    expect(seen.author).toEqual({
      leaf: cam.info.ownLeaf,
      credential: utf8.encode("cam"),
      signatureKey: cam.keys.signaturePublic,
    });
  });

  it("carries its authenticated data unchanged", async () => {
    const { message } = await ana.engine.encrypt(ana.state, utf8.encode("x"), utf8.encode("{}"));
    const seen = await ben.receive(message);
    expect(utf8.decode(seen.aad)).toBe("{}");
  });

  it("is read once", async () => {
    const message = await ana.say("once");
    await ben.hear(message);
    await refuses(ben, message, "invalid");
  });

  it("is not read by its own sender", async () => {
    await refuses(ana, await ana.say("mine"), "own-message");
  });

  it("is read again by an older state of its sender, under its signature", async () => {
    const older = ana.engine.deserialise(ana.engine.serialise(ana.state));
    const message = await ana.say("forgotten");
    const read = await ana.engine.reread(older, message);
    expect(utf8.decode(read.plaintext)).toBe("forgotten");
    const foreign = await ben.say("somebody else's");
    await expect(ana.engine.reread(read.state, foreign)).rejects.toMatchObject({
      reason: "not-own",
    });
    const rubbish = Uint8Array.from(message).fill(7, message.length - 40);
    await expect(ana.engine.reread(older, rubbish)).rejects.toMatchObject({ reason: "invalid" });
  });

  it("can be read out of order", async () => {
    const first = await ana.say("first");
    const second = await ana.say("second");
    expect(await ben.hear(second)).toBe("second");
    expect(await ben.hear(first)).toBe("first");
  });

  it("can be read for four epochs more, and not a fifth", async () => {
    const letters = [await ana.say("a"), await ana.say("b")] as const;
    for (let epoch = 0; epoch < 4; epoch += 1) {
      const { commit } = await ben.commit({ update: true });
      for (const client of [ana, cam]) await client.receive(commit);
    }
    expect(await cam.hear(letters[0])).toBe("a");
    await cam.receive((await ben.commit({ update: true })).commit);
    await refuses(cam, letters[1], "stale-epoch");
  });

  it("is refused from the future and from another group", async () => {
    const other = await town.client("dan");
    await other.create(Uint8Array.of(9));
    await refuses(ana, await other.say("elsewhere"), "wrong-group");
    await ben.commit({ update: true });
    await refuses(ana, await ben.say("early"), "future-epoch");
  });

  it("is refused with any byte changed, lost or added", async () => {
    const message = await ana.say("intact");
    for (let at = 0; at < message.length; at += 5) {
      const forged = message.slice();
      forged[at] = (forged[at] ?? 0) ^ 1;
      await expect(ben.engine.process(ben.state, forged)).rejects.toThrow(MlsRefused);
    }
    await refuses(ben, message.slice(0, -1), "malformed");
    await refuses(ben, Uint8Array.from([...message, 0]), "malformed");
    expect(await ben.hear(message)).toBe("intact");
  });
});

describe("a commit", () => {
  it("says whom it added and removed, and who made it", async () => {
    const dan = await town.client("dan");
    const made = await ana.commit({ add: [await dan.keyPackage()] });
    const seen = await ben.receive(made.commit);
    await cam.receive(made.commit);
    await dan.join(made.welcome ?? new Uint8Array());
    expect(seen).toMatchObject({ kind: "commit", sender: 0, removed: [], selfRemoved: false });
    if (seen.kind !== "commit") throw new Error();
    expect(seen.added.map(({ credential }) => utf8.decode(credential))).toEqual(["dan"]);
    expect(utf8.decode(seen.author.credential)).toBe("ana");
    const removal = await dan.commit({ remove: [ben.info.ownLeaf] });
    const after = await cam.receive(removal.commit);
    expect(after).toMatchObject({ added: [], removed: [{ leaf: 1 }], sender: 3 });
  });

  it("leaves the state it was made from usable, for the case that another one wins", async () => {
    const lost = await ana.engine.commit(ana.state, { update: true }, NO_AAD);
    const won = await ben.commit({ update: true });
    await ana.receive(won.commit);
    expect(ana.info.epochAuthenticator).toEqual(ben.info.epochAuthenticator);
    await refuses(ana, lost.commit, "stale-epoch");
  });

  it("is refused with any byte changed, and the state stays", async () => {
    const { commit } = await ana.commit({ update: true });
    for (let at = 0; at < commit.length; at += 11) {
      const forged = commit.slice();
      forged[at] = (forged[at] ?? 0) ^ 1;
      await expect(ben.engine.process(ben.state, forged)).rejects.toThrow(MlsRefused);
    }
    await ben.receive(commit);
    expect(ben.info.epoch).toBe(2);
  });

  it("is refused when it is one's own, or out of its epoch", async () => {
    const before = ana.engine.deserialise(ana.engine.serialise(ana.state));
    const { commit } = await ana.commit({ update: true });
    ana.state = before;
    await refuses(ana, commit, "own-message");
    await ben.receive(commit);
    await refuses(ben, commit, "stale-epoch");
  });

  it("needs something to do, and members to do it to", async () => {
    await expect(ana.commit({ add: [] })).rejects.toMatchObject({ reason: "nothing-to-commit" });
    await expect(ana.commit({ remove: [] })).rejects.toMatchObject({ reason: "nothing-to-commit" });
    await expect(ana.commit({ remove: [0] })).rejects.toMatchObject({ reason: "not-a-member" });
    await expect(ana.commit({ remove: [7] })).rejects.toMatchObject({ reason: "not-a-member" });
  });

  it("cannot add a device that is there already", async () => {
    const again = await ben.keyPackage();
    await expect(ana.commit({ add: [again] })).rejects.toMatchObject({ reason: "invalid" });
  });

  it("comes with a GroupInfo of the next epoch, with tree and external key", async () => {
    const { groupInfo } = await ana.commit({ update: true });
    const { groupContext, extensions } = decodeGroupInfo(groupInfo);
    expect(Number(groupContext.epoch)).toBe(2);
    expect(extensions.map(({ extensionType }) => extensionType).sort()).toEqual([
      "external_pub",
      "ratchet_tree",
    ]);
  });
});

describe("a ghost", () => {
  it("is refused by honest members when a dishonest one adds it", async () => {
    const traitor = await town.client("traitor", { credulous: true });
    const ghost = await town.client("ghost", { ghost: true });
    const made = await ana.commit({ add: [await traitor.keyPackage()] });
    for (const client of [ben, cam]) await client.receive(made.commit);
    await traitor.join(made.welcome ?? new Uint8Array());
    const { commit } = await traitor.commit({ add: [await ghost.keyPackage()] });
    await refuses(ben, commit, "leaf-refused");
    expect(await ben.hear(await ana.say("still here"))).toBe("still here");
  });

  it("is refused as the author of the key package", async () => {
    const ghost = await town.client("ghost", { ghost: true });
    const packed = await ghost.keyPackage();
    await expect(ana.commit({ add: [packed] })).rejects.toMatchObject({ reason: "leaf-refused" });
  });

  it("keeps a newcomer from joining the tree it stands in", async () => {
    const traitor = await town.client("traitor", { credulous: true });
    const ghost = await town.client("ghost", { ghost: true });
    await traitor.create(Uint8Array.of(5));
    await traitor.commit({ add: [await ghost.keyPackage()] });
    const dan = await town.client("dan");
    const { welcome } = await traitor.commit({ add: [await dan.keyPackage()] });
    await expect(dan.join(welcome ?? new Uint8Array())).rejects.toMatchObject({
      reason: "leaf-refused",
    });
  });

  it("is what a member becomes when its chain no longer holds", async () => {
    town.strike("ben");
    const { commit } = await ben.commit({ update: true });
    await refuses(ana, commit, "leaf-refused");
  });

  it("is not what a failing check makes of anybody: its error comes out as it was", async () => {
    const offline = new Error("the directory cannot be reached");
    const engine = await makeEngine(async () => {
      throw offline;
    });
    const { commit } = await ben.commit({ update: true });
    const state = engine.deserialise(ana.engine.serialise(ana.state));
    await expect(engine.process(state, commit)).rejects.toBe(offline);
  });
});

describe("a device that comes back", () => {
  it("takes its own old leaf's place by an external commit", async () => {
    const { groupInfo } = await ana.commit({ update: true }).then(async (made) => {
      for (const client of [ben, cam]) await client.receive(made.commit);
      return made;
    });
    const back = await cam.rejoin(groupInfo);
    for (const client of [ana, ben]) {
      const seen = await client.receive(back.commit);
      expect(seen).toMatchObject({
        sender: "external",
        removed: [{ leaf: 2 }],
        added: [{ leaf: 2 }],
      });
    }
    expect(await ana.hear(await cam.say("back"))).toBe("back");
    expect(ana.info.roster).toHaveLength(3);
  });

  it("ends the state it had elsewhere", async () => {
    const { groupInfo, commit } = await ana.commit({ update: true });
    await cam.receive(commit);
    const elsewhere = cam.engine.deserialise(cam.engine.serialise(cam.state));
    const back = await cam.rejoin(groupInfo);
    const seen = await cam.engine.process(elsewhere, back.commit);
    expect(seen).toMatchObject({ sender: "external", selfRemoved: true, removed: [{ leaf: 2 }] });
    expect(cam.engine.info(seen.state).active).toBe(false);
  });

  it("needs a GroupInfo that its signer's leaf signed", async () => {
    const { groupInfo } = await ana.commit({ update: true });
    const forged = groupInfo.slice();
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    await expect(cam.engine.rejoin(forged, cam.keys)).rejects.toMatchObject({ reason: "invalid" });
  });
});

describe("a state", () => {
  it("comes back from its stored form, and goes on", async () => {
    const stored = ana.engine.serialise(ana.state);
    ana.state = ana.engine.deserialise(stored);
    expect(ana.engine.serialise(ana.state)).toEqual(stored);
    expect(await ben.hear(await ana.say("stored"))).toBe("stored");
  });

  it("is refused when cut short, lengthened, or of another format or suite", async () => {
    const stored = ana.engine.serialise(ana.state);
    const changed = (at: number) => stored.map((byte, index) => (index === at ? byte + 1 : byte));
    const refusal = (bytes: Uint8Array) => () => ana.engine.deserialise(bytes);
    expect(refusal(stored.slice(0, -1))).toThrow("malformed");
    expect(refusal(Uint8Array.from([...stored, 0]))).toThrow("malformed");
    expect(refusal(new Uint8Array())).toThrow("malformed");
    expect(refusal(changed(0))).toThrow("malformed");
    expect(refusal(changed(2))).toThrow("wrong-suite");
  });

  it("is spent once forgotten, and its ratchet secret is gone", async () => {
    const previous = ana.state;
    const { next } = await ana.engine.encrypt(previous, utf8.encode("x"), NO_AAD);
    const held = previous.mls.secretTree[0]?.application.secret;
    ana.engine.forget(previous, next);
    expect(held).toEqual(new Uint8Array(32));
    expect(() => ana.engine.info(previous)).toThrow("spent-state");
    await expect(ana.engine.encrypt(previous, NO_AAD, NO_AAD)).rejects.toThrow("spent-state");
    ana.state = next;
    expect(await ben.hear(await ana.say("on we go"))).toBe("on we go");
  });

  it("does not touch the bytes it was read from when it forgets", async () => {
    const stored = ana.engine.serialise(ana.state);
    const copy = stored.slice();
    const previous = ana.engine.deserialise(stored);
    const { next } = await ana.engine.encrypt(previous, NO_AAD, NO_AAD);
    ana.engine.forget(previous, next);
    expect(stored).toEqual(copy);
  });
});

describe("a key package", () => {
  it("lives exactly as long as asked, from an hour ago", async () => {
    const now = Date.UTC(2026, 10, 24);
    const engine = await makeEngine(town.check, () => now);
    const { package: packed } = await engine.keyPackage(ana.keys, 84);
    const { leafNode } = decodeKeyPackage(packed);
    if (leafNode.leafNodeSource !== "key_package") throw new Error();
    const { notBefore, notAfter } = leafNode.lifetime;
    expect(Number(notAfter - notBefore)).toBe(84 * 86_400);
    expect(Number(notBefore)).toBe(now / 1000 - 3600);
  });

  it("opens only the welcome that names it, and only with its own secret", async () => {
    const dan = await town.client("dan");
    const [used, unused] = [await dan.keyPackage(), await dan.engine.keyPackage(dan.keys, 30)];
    const { welcome } = await ana.commit({ add: [used] });
    const letter = welcome ?? new Uint8Array();
    const open = dan.engine.join(letter, unused, dan.keys);
    await expect(open).rejects.toMatchObject({ reason: "invalid" });
    const mixed = { package: used, secret: unused.secret };
    await expect(dan.engine.join(letter, mixed, dan.keys)).rejects.toThrow(MlsRefused);
  });
});
