import { describe, expect, it } from "vitest";
import {
  GROUPS,
  groupsOf,
  KitRefused,
  markOf,
  newSecret,
  openBackup,
  readGroup,
  readSecret,
  sealBackup,
  sealingOf,
} from "./recoveryKit";

const ME = "0b6c9a52-3f0e-4b0f-9d3a-6f2c1c1f7a01";
const OTHER = "d41f0f3e-7a55-4d0e-8f10-52c3a9be7702";
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const PLAIN = new TextEncoder().encode("lo verificado");

describe("The key on paper", () => {
  it("is eight groups of eight letters that read back", () => {
    const secret = newSecret();
    const groups = groupsOf(secret);
    expect(groups).toHaveLength(GROUPS);
    expect(groups.every((group) => /^[0-9A-HJKMNP-TV-Z]{8}$/.test(group))).toBe(true);
    expect(readSecret(groups).secret).toEqual(secret);
  });

  it("is read as people write it: small letters, hyphens, an O for a zero", () => {
    const groups = groupsOf(new Uint8Array(32));
    const typed = groups.map((one) =>
      `${one.slice(0, 4)} - ${one.slice(4)}`
        .toLowerCase()
        .replaceAll("0", "o")
        .replaceAll("1", "l"),
    );
    expect(readSecret(typed).secret).toEqual(new Uint8Array(32));
  });

  it("shows every slip of one letter, in the group where it is", () => {
    const groups = groupsOf(newSecret());
    const [, third = ""] = [groups[1], groups[2]];
    for (let at = 0; at < third.length; at += 1) {
      for (const letter of ALPHABET) {
        if (letter === third[at]) continue;
        expect(readGroup(2, third.slice(0, at) + letter + third.slice(at + 1))).toBeNull();
      }
    }
    const typed = groups.with(2, "00000000");
    const read = readSecret(typed);
    expect(read.secret).toBeNull();
    expect(read.wrong).toEqual([2]);
  });

  it("shows two groups that changed places", () => {
    const groups = groupsOf(newSecret());
    const swapped = groups.with(0, groups[5] ?? "").with(5, groups[0] ?? "");
    expect(readSecret(swapped).wrong).toEqual([0, 5]);
  });

  it("has a mark of its own, which is not what it seals with", async () => {
    const [one, other] = [await sealingOf(newSecret()), await sealingOf(new Uint8Array(32))];
    const mark = await markOf(other);
    // Made by another program (HKDF-SHA256 twice, of 32 zero bytes).
    expect(mark).toBe("22acb10d0ac502466ed2847b172fc9947bbbaaab58870a769fe2c09635e9b8e5");
    expect(await markOf(one)).not.toBe(mark);
  });
});

describe("What the kit seals", () => {
  it("is opened by what follows from the paper", async () => {
    const secret = newSecret();
    const body = await sealBackup(await sealingOf(secret), ME, PLAIN);
    expect(await openBackup(await sealingOf(secret), ME, body)).toEqual(PLAIN);
  });

  it("is of a size that tells little", async () => {
    const sealing = await sealingOf(newSecret());
    const sizes = [0, 13, 4000].map(async (size) => {
      return (await sealBackup(sealing, ME, new Uint8Array(size))).length;
    });
    expect(new Set(await Promise.all(sizes)).size).toBe(1);
  });

  it("is opened by no other kit, for nobody else, and not once changed", async () => {
    const sealing = await sealingOf(newSecret());
    const body = await sealBackup(sealing, ME, PLAIN);
    const refused = await Promise.allSettled([
      openBackup(await sealingOf(newSecret()), ME, body),
      openBackup(sealing, OTHER, body),
      openBackup(sealing, ME, body.with(40, (body[40] ?? 0) ^ 1)),
      openBackup(sealing, ME, body.subarray(0, 10)),
      openBackup(sealing, ME, new Uint8Array()),
    ]);
    for (const one of refused) {
      expect(one.status === "rejected" && one.reason).toBeInstanceOf(KitRefused);
    }
  });
});
