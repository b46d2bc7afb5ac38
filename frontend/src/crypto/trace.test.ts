import { beforeEach, describe, expect, it } from "vitest";
import { type Client, group, Town } from "../../tests/mls/clients";
import { resealed, spoiltTag } from "../../tests/mls/spoil";
import { utf8 } from "../bytes";

let ana: Client;
let ben: Client;
let cam: Client;

beforeEach(async () => {
  const town = new Town();
  ana = await town.client("ana");
  ben = await town.client("ben");
  cam = await town.client("cam");
  await group(ana, ben, cam);
});

const nameOf = (credential: Uint8Array | undefined) => credential && utf8.decode(credential);

describe("what was refused", () => {
  it("is laid to the member who signed and sealed it, though nobody can follow it", async () => {
    const { commit } = await ana.engine.commit(ana.state, { update: true }, new Uint8Array());
    const bad = await resealed(spoiltTag(commit, "confirmation"), ana.state);
    await expect(ben.engine.process(ben.state, bad)).rejects.toMatchObject({ reason: "invalid" });
    const { member, signed, sealed } = await ben.engine.trace(ben.state, bad);
    expect([nameOf(member?.credential), signed, sealed]).toEqual(["ana", true, true]);
  });

  it.each(["confirmation", "membership"] as const)(
    "is signed but not sealed by that member when its %s tag was spoilt on the way",
    async (tag) => {
      const { commit } = await ana.engine.commit(ana.state, { update: true }, new Uint8Array());
      const { member, signed, sealed } = await ben.engine.trace(ben.state, spoiltTag(commit, tag));
      expect([nameOf(member?.credential), signed, sealed]).toEqual(["ana", true, false]);
    },
  );

  it("proves nothing against the member it names without their signature", async () => {
    const { commit } = await ana.engine.commit(ana.state, { update: true }, new Uint8Array());
    const { member, signed } = await ben.engine.trace(ben.state, spoiltTag(commit, "signature"));
    expect([nameOf(member?.credential), signed]).toEqual(["ana", false]);
  });

  it("names nobody when it is no message at all", async () => {
    const { member, signed, sealed } = await ben.engine.trace(ben.state, new Uint8Array(9));
    expect([member, signed, sealed]).toEqual([undefined, false, false]);
  });

  it("says of a device that comes back whose it is", async () => {
    const { groupInfo } = await ana.commit({ update: true });
    const back = await cam.engine.rejoin(groupInfo, cam.keys);
    const { member, signed } = await ana.engine.trace(ana.state, back.commit);
    expect([nameOf(member?.credential), signed]).toEqual(["cam", true]);
  });
});
