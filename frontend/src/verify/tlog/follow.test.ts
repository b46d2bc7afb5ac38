import { describe, expect, it } from "vitest";
import { entry, leavesOf, naiveRoot, rootOf, TLOG } from "../../../tests/vectors/tlog";
import { concat, hex, sha256, utf8 } from "../../bytes";
import { signWith } from "../../crypto/ed25519";
import { entriesIn, rootOfEntries } from "./entries";
import { Forked, follow, verifyEntries } from "./follow";
import { Policy } from "./policy";
import { Malformed, Unproven } from "./refusal";
import { toBase64 } from "./text";
import { pathOf } from "./tiles";

const { name, seed, vkey } = TLOG.log;
const leaves = await leavesOf(300);
const policy = await Policy.parse(`log ${vkey}\nquorum none\n`);

async function noteOf(size: number, root?: Uint8Array): Promise<string> {
  const hash = root ?? (await naiveRoot(leaves.slice(0, size)));
  const text = `${name}\n${size}\n${toBase64(hash)}\n`;
  const { key, signature } = await signWith(hex.decode(seed), utf8.encode(text));
  const id = (await sha256(utf8.encode(`${name}\n`), Uint8Array.of(1), key)).slice(0, 4);
  return `${text}\n— ${name} ${toBase64(concat(id, signature))}\n`;
}

function bundle(from: number, to: number): Uint8Array {
  return concat(
    ...Array.from({ length: to - from }, (_, at) => {
      const one = entry(from + at);
      return concat(Uint8Array.of(one.length >> 8, one.length & 255), one);
    }),
  );
}

const files = new Map<string, Uint8Array>([
  [pathOf(0, 0, 256), concat(...leaves.slice(0, 256))],
  [pathOf(0, 1, 44), concat(...leaves.slice(256))],
  [pathOf(1, 0, 1), await naiveRoot(leaves.slice(0, 256))],
  [pathOf(null, 0, 256), bundle(0, 256)],
  [pathOf(null, 1, 44), bundle(256, 300)],
]);
const read = async (path: string) => files.get(path) ?? new Uint8Array();

describe("a log", () => {
  it("is taken as it is the first time", async () => {
    const { checkpoint } = await follow(policy, name, null, await noteOf(300), read);
    expect(checkpoint).toEqual({ origin: name, size: 300, root: rootOf(300) });
  });

  it("may grow, or stay", async () => {
    const note = await noteOf(300);
    for (const before of [await noteOf(7), await noteOf(256), note]) {
      expect((await follow(policy, name, before, note, read)).checkpoint.size).toBe(300);
    }
  });

  it("that shrank leaves both notes as evidence", async () => {
    const [before, after] = [await noteOf(300), await noteOf(256)];
    const error = await follow(policy, name, before, after, read).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(Forked);
    expect(error).toMatchObject({ before, after });
  });

  it("is not another log of the same policy, whatever the server calls it", async () => {
    const note = await noteOf(300);
    await expect(follow(policy, "dir.example", null, note, read)).rejects.toThrow(Unproven);
    await expect(follow(policy, "dir.example", note, note, read)).rejects.toThrow(Unproven);
  });

  it("whose files are cut short is accused of nothing", async () => {
    const short = async (path: string) => (await read(path)).slice(0, 64);
    const followed = follow(policy, name, await noteOf(7), await noteOf(300), short);
    const error = await followed.catch((one: unknown) => one);
    expect(error).not.toBeInstanceOf(Forked);
    expect([Unproven, Malformed].some((kind) => error instanceof kind)).toBe(true);
  });

  it("that has other entries than before does not go on", async () => {
    const other = await noteOf(256, leaves[0]);
    await expect(follow(policy, name, other, await noteOf(300), read)).rejects.toThrow(Forked);
    const same = await noteOf(300, leaves[0]);
    await expect(follow(policy, name, same, await noteOf(300), read)).rejects.toThrow(Forked);
  });

  it("of another key is not believed", async () => {
    const strangers = await Policy.parse(`log ${TLOG.spec_note.vkey}\nquorum none\n`);
    await expect(follow(strangers, name, null, await noteOf(300), read)).rejects.toThrow(Unproven);
  });
});

describe("the entries", () => {
  it("lie in their file as in the vectors, and are read back", async () => {
    const [made, wanted] = [bundle(256, 300), TLOG.bundle_256_300];
    expect(pathOf(null, 1, 44)).toBe(wanted.path);
    expect(made).toHaveLength(wanted.length);
    expect(hex.encode(made.slice(0, 16))).toBe(wanted.first16);
    expect(hex.encode(await sha256(made))).toBe(wanted.sha256);
    expect(entriesIn(made)).toEqual(Array.from({ length: 44 }, (_, at) => entry(256 + at)));
  });

  it("make the signed root", async () => {
    expect(await rootOfEntries(300, read)).toEqual(rootOf(300));
    await verifyEntries({ origin: name, size: 300, root: rootOf(300) }, read);
    expect(await rootOfEntries(0, read)).toEqual(await sha256());
  });

  it("with one changed, or one missing, do not", async () => {
    const checkpoint = { origin: name, size: 300, root: rootOf(300) };
    const [first, short] = [bundle(0, 256), bundle(256, 299)];
    const bent = first.with(8, (first[8] ?? 0) ^ 1);
    const lying = (path: string, file: Uint8Array) => async (asked: string) =>
      asked === path ? file : read(asked);
    for (const one of [lying(pathOf(null, 0, 256), bent), lying(pathOf(null, 1, 44), short)]) {
      await expect(verifyEntries(checkpoint, one)).rejects.toThrow(Unproven);
    }
  });

  it.each([[Uint8Array.of(0)], [Uint8Array.of(0, 2, 1)]])(
    "in a bundle cut short are none",
    (cut) => {
      expect(() => entriesIn(cut)).toThrow(Malformed);
    },
  );
});
