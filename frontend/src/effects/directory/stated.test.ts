import { describe, expect, it } from "vitest";
import vectors from "../../../../tests/vectors/commit-data.json";
import { asHash, b64u, utf8 } from "../../bytes";
import { Freeze } from "../frozen/freeze";
import { Behind, commitData, isBehind, latest, requireAgreed, statedIn } from "./stated";

const ID = "11111111-2222-4333-8444-555555555555";
const LOG = "dir.casehub.example";
const root = (byte: number) => asHash(new Uint8Array(32).fill(byte));
const stated = (size: number, byte = size, log = LOG) => ({ log, size, root: root(byte) });
/** A device that has replayed `size` entries, each root of its own. */
const replayed = (size: number, origin = LOG) => ({
  origin,
  size,
  rootAt: async (asked: number) => (asked <= size ? root(asked) : null),
});

describe("the authenticated data of a commit", () => {
  it("says what its author had replayed, and is read back", () => {
    expect(statedIn(commitData(ID, stated(7)), ID)).toEqual(stated(7));
  });

  // the server's tests read the same vectors
  it.each(vectors.good)("is read where it $what", ({ data, client_id, directory }) => {
    const said = statedIn(utf8.encode(data), client_id);
    expect(said && { ...said, root: b64u.encode(said.root) }).toEqual(directory);
  });

  it.each(vectors.bad)("is refused with $what", ({ data }) => {
    expect(() => statedIn(utf8.encode(data), ID)).toThrow(new Freeze("commit-id"));
  });

  it("is refused as another commit's", () => {
    const data = commitData(ID.replace("1", "2"), stated(7));
    expect(() => statedIn(data, ID)).toThrow(new Freeze("commit-id"));
  });
});

describe("what a commit states", () => {
  it("holds if this device made the same root of so many entries", async () => {
    await requireAgreed(replayed(9), { log: LOG, size: 5 }, stated(7), false);
  });

  it("is waited for if it is more than this device was shown", async () => {
    await expect(requireAgreed(replayed(6), undefined, stated(7), false)).rejects.toThrow(Behind);
    expect(isBehind(replayed(6), stated(7))).toBe(true);
    expect(isBehind(replayed(7), stated(7))).toBe(false);
  });

  it.each([
    ["another root", "directory-forked", undefined, stated(7, 1)],
    ["less than the commit before", "directory-older", { log: LOG, size: 8 }, stated(7)],
    ["nothing, after a commit that did", "directory-unstated", { log: LOG, size: 8 }, null],
  ])("stops the thread if it is %s", async (_what, why, last, said) => {
    await expect(requireAgreed(replayed(9), last, said, false)).rejects.toMatchObject({ why });
  });

  it("may be nothing in a thread where nobody has stated anything", async () => {
    await requireAgreed(replayed(9), undefined, null, false);
  });

  it("may be less where a device only comes back", async () => {
    await requireAgreed(replayed(9), { log: LOG, size: 8 }, stated(7), true);
    expect(latest({ log: LOG, size: 8 }, stated(7))).toEqual({ log: LOG, size: 8 });
  });

  it("begins anew with the log that takes over, and never goes back to the one before", async () => {
    const next = `${LOG}/2`;
    await requireAgreed(replayed(3, next), { log: LOG, size: 8 }, stated(3, 3, next), false);
    await requireAgreed(replayed(3, next), { log: LOG, size: 8 }, stated(9), false);
    const back = requireAgreed(replayed(3, next), { log: next, size: 2 }, stated(9), false);
    await expect(back).rejects.toMatchObject({ why: "directory-older" });
  });

  it("is of a log that has ended, however many took over since", async () => {
    const newest = replayed(3, `${LOG}/4`);
    expect(isBehind(newest, stated(9))).toBe(false);
    const back = requireAgreed(newest, { log: `${LOG}/4`, size: 2 }, stated(9), false);
    await expect(back).rejects.toMatchObject({ why: "directory-older" });
  });
});
