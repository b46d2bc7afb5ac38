/** A thread that must stop, whom that is laid to, and what there is to show for it. */

import { verifyFramedContentSignature } from "ts-mls/framedContent.js";
import { decodeGroupContext } from "ts-mls/groupContext.js";
import { afterEach, describe, expect, it } from "vitest";
import { b64u } from "../../src/bytes";
import { loadSuite } from "../../src/crypto/suite";
import { decodeMessage } from "../../src/crypto/wire";
import { nextChain } from "../../src/state/chain";
import { spoiltTag } from "../mls/spoil";
import { cutOff, frozen, reconnect, replaceLast, stoppedByMala, withMala } from "./hostile";
import { accepted, talking, texts, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

/** The commit that Ana made while Boris was away comes to him changed. */
async function changedOnTheWay(change: (body: Uint8Array) => Uint8Array) {
  world = await World.make();
  const made = await talking(world);
  const { ana, boris, circle } = made;
  await boris.client.renewKeys(circle);
  cutOff(world, boris);
  await ana.client.renewKeys(circle);
  await replaceLast(world, circle, ({ body }) => ({ body: change(body) }));
  reconnect(world, boris);
  await until("stopped", () => frozen(boris, circle) !== null);
  return made;
}

describe("what stopped a thread", () => {
  it("is laid to the member who signed and sealed it", async () => {
    world = await World.make();
    const { boris, mala, circle } = await stoppedByMala(world);
    expect(frozen(boris, circle)).toMatchObject({
      why: "commit-invalid",
      by: { person: mala.person },
      proof: "proven",
      leftOut: [mala.person],
    });
  });

  it("is in doubt where the signature does not cover what is wrong", async () => {
    const { ana, boris, circle } = await changedOnTheWay((body) => spoiltTag(body, "confirmation"));
    const found = frozen(boris, circle);
    expect(found).toMatchObject({ by: { person: ana.person }, proof: "doubtful" });
    expect(found?.leftOut).toEqual([ana.person]);
  });

  it("is laid to nobody by the host's word alone, who then leaves nobody out", async () => {
    const { ana, boris, circle } = await changedOnTheWay((body) => spoiltTag(body, "signature"));
    const found = frozen(boris, circle);
    expect(found).toMatchObject({ by: { person: ana.person }, proof: "named", leftOut: [] });
    expect(found?.proposed).toEqual([ana.person]);
  });

  it("is a claim of another history, with both at that place", async () => {
    world = await World.make();
    const { ana, boris, mala, bad, circle } = await withMala(world);
    bad.lies = true;
    await mala.client.send(circle, "otra historia");
    for (const desk of [ana, boris]) await until("stopped", () => frozen(desk, circle) !== null);
    expect(frozen(boris, circle)).toMatchObject({
      why: "forked",
      by: { person: mala.person },
      proof: "read",
    });
    expect(frozen(boris, circle)?.claimedAt).toBeGreaterThan(0);
  });

  it("is never thawed, neither by a reload nor by the host calling the device behind", async () => {
    world = await World.make();
    const { boris, circle } = await stoppedByMala(world);
    const length = world.service.group(circle).log.length;
    for (const place of world.service.group(circle).roster) {
      world.service.acks.set(`${place.device} ${circle}`, 9_999);
    }
    await boris.reopen();
    await until("online", () => boris.client.view().connection === "online");
    await boris.client.askSession();
    expect(threadOf(boris.client, circle)?.status).toBe("frozen");
    expect(world.service.group(circle).log.length).toBe(length);
  });
});

describe("a store that was put back", () => {
  it("does not come back into a thread that must stop", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    await boris.client.renewKeys(circle);
    const old = boris.disk.snapshot();
    await boris.client.send(circle, "olvidado");
    await until("read", async () => (await texts(ana.client, circle)).includes("olvidado"));
    boris.kill();
    await ana.client.renewKeys(circle);
    await replaceLast(world, circle, ({ body }) => ({ body: spoiltTag(body, "confirmation") }));
    boris.disk.restore(old);
    await boris.reopen();
    await until("stopped", () => frozen(boris, circle) !== null);
    const length = world.service.group(circle).log.length;
    await boris.reopen();
    await until("online", () => boris.client.view().connection === "online");
    await boris.client.askSession();
    expect(threadOf(boris.client, circle)?.status).toBe("frozen");
    expect(world.service.group(circle).log.length).toBe(length);
  });
});

type Evidence = {
  here: { epoch: number; seq: number; chain: string; roster: { person: string; key: string }[] };
  group_context: string;
  entries: {
    seq: number;
    epoch: number;
    kind: "commit";
    device: string;
    id: string;
    body: string;
    chain: string;
    expected_chain: string;
  }[];
  finding: { from: { person: string } };
};

describe("the evidence", () => {
  it("lets anybody check whose signature it is, and that it follows from the log", async () => {
    world = await World.make();
    const { boris, mala, circle } = await stoppedByMala(world);
    const file = JSON.parse(JSON.stringify(await boris.client.evidence(circle))) as Evidence;
    const [entry] = file.entries;
    if (entry === undefined) throw new Error("no entry");
    const body = b64u.decode(entry.body);
    const chain = await nextChain(b64u.decode(file.here.chain), { ...entry, body });
    expect([b64u.encode(chain), entry.seq]).toEqual([entry.chain, file.here.seq + 1]);
    expect(entry.epoch).toBe(file.here.epoch);
    const message = decodeMessage(body);
    const [context] = decodeGroupContext(b64u.decode(file.group_context), 0) ?? [];
    const key = file.here.roster.find(({ person }) => person === mala.person)?.key ?? "";
    if (message.wireformat !== "mls_public_message" || !context) throw new Error("not public");
    const { content, auth } = message.publicMessage;
    const { signature } = await loadSuite();
    const format = "mls_public_message";
    const good = verifyFramedContentSignature(
      b64u.decode(key),
      format,
      content,
      auth,
      context,
      signature,
    );
    expect(await good).toBe(true);
    expect(file.finding.from.person).toBe(mala.person);
  });

  it("says which chain value was to be expected when the host's is another", async () => {
    world = await World.make();
    const { ana, boris, circle } = await talking(world);
    await boris.client.renewKeys(circle);
    cutOff(world, boris);
    await ana.client.send(circle, "uno");
    await until("sent", async () => (await accepted(ana.client, circle)).length === 1);
    const last = world.service.group(circle).log.at(-1);
    if (last) last.chain = last.chain.map((byte) => byte ^ 1);
    reconnect(world, boris);
    await until("stopped", () => frozen(boris, circle) !== null);
    const { entries } = (await boris.client.evidence(circle)) as unknown as Evidence;
    expect(entries[0]?.chain).not.toBe(entries[0]?.expected_chain);
  });

  it("holds no text, no title and no secret", async () => {
    world = await World.make();
    const { boris, circle } = await stoppedByMala(world);
    boris.client.setDraft(circle, "canario-en-borrador");
    await boris.client.saveDrafts();
    const file = JSON.stringify(await boris.client.evidence(circle));
    for (const said of ["antes del fallo", "Traslado", "Caso Río", "canario"]) {
      expect(file).not.toContain(said);
    }
    const identity = world.authority.identity.get(boris.person) ?? new Uint8Array();
    expect(file).not.toContain(b64u.encode(identity));
    const names = [...file.matchAll(/"([a-z_]+)":/g)].map(([, name]) => name);
    expect(names.filter((name) => /private|secret|seed/.test(name ?? ""))).toEqual([]);
  });

  it("is there only of a thread that stopped", async () => {
    world = await World.make();
    const { ana, circle } = await talking(world);
    await expect(ana.client.evidence(circle)).rejects.toMatchObject({
      code: "thread-not-frozen",
    });
  });
});

describe("the keys of a thread that stopped", () => {
  it("are forgotten", async () => {
    world = await World.make();
    const { boris, circle } = await stoppedByMala(world);
    const before = boris.disk.snapshot();
    const names = [...before.values()].flatMap((records) =>
      [...records.all()].map(({ key }) => key),
    );
    expect(names.some((name) => name === `refused/${circle}`)).toBe(true);
    expect(names.some((name) => name === `group/${circle}`)).toBe(false);
  });
});
