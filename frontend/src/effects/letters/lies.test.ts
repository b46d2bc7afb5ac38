/** Letters over a host, and among readers, who lie. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  browser,
  type Device,
  drafter,
  FOUND,
  id,
  NOTHING,
  reader,
  type Scene,
  scene,
  someone,
  type Who,
} from "../../../tests/letters";
import { chain, directory, dossier } from "../../../tests/moves";
import type { MoveRow } from "../../api/dossiers";
import { b64u, utf8 } from "../../bytes";
import { publicKeyOf, signWith } from "../../crypto/ed25519";
import { letterInput, sealLetter } from "../../crypto/letter";
import { sealingKeyOf } from "../../crypto/sealingKey";
import type { Directory } from "../../verify/chain";

let { server, people, all } = {} as Scene;
beforeEach(async () => {
  ({ server, people, all } = await scene());
});

/** A letter of theirs, whatever it says. */
async function put(by: Who, to: Who, n: number, over: object, signs = true): Promise<void> {
  const letter = {
    request: FOUND.id,
    id: id(n),
    step: 0,
    person: by.person,
    state: by.state,
    requesting_state: "SV",
    requested_state: "MX",
    issued: "2026-11-24T15:00:00Z",
    text: "words",
    handling: null,
    ...over,
  };
  const key = b64u.encode(by.key);
  const input = signs ? letterInput(letter) : utf8.encode("nothing");
  const { signature } = await signWith(by.seed.slice(), input);
  const public_ = sealingKeyOf(to.key) as Uint8Array;
  const signed = { letter, device: null, key, signature: b64u.encode(signature) };
  const { box, keys } = await sealLetter(signed, [public_]);
  const wrapped = b64u.encode(keys[0] as Uint8Array);
  const sealed = [{ person: to.person, key: b64u.encode(public_), wrapped }];
  const { person, name, state } = by;
  const row = { id: id(n), person, name, state, step: letter.step, at: letter.issued, sealed };
  server.rows.push({ ...row, body: b64u.encode(box) });
}

describe("a host that lies", () => {
  it("has nothing sealed to whom the directory does not vouch for", async () => {
    const [one, other, third] = all();
    const stranger = await someone(14, "MX");
    const abroad = await someone(15, "GT");
    const known = [...people, abroad];
    server.readers.push(reader(stranger), reader(abroad), { ...reader(third), name: "another" });
    const hers = await browser(one, server, known);
    await hers.write(FOUND, "free", { ...NOTHING, text: "words" });
    const told = await hers.read();
    expect(told.doubted.map(({ person }) => person)).toEqual([id(14), id(15), id(13)]);
    expect(server.rows[0]?.sealed.map(({ person }) => person)).toEqual([one.person, other.person]);
  });

  it("puts words of its own in nobody's mouth", async () => {
    const [one, other] = all();
    const forger = new Uint8Array(32).fill(99);
    const forged = { ...other, seed: forger, key: await publicKeyOf(forger.slice()) };
    const hers = await browser(one, server, people);
    await put(forged, one, 50, { text: "Send it to this address" }, false);
    expect((await hers.read()).letters[0]?.verdict).toBe("signature");
    const [row] = server.rows as [(typeof server.rows)[number]];
    server.rows = [{ ...row, id: id(51) }];
    expect((await hers.read()).letters[0]).toMatchObject({ letter: null, verdict: "malformed" });
    server.rows = [];
    await put(forged, one, 52, { text: "Send it to this address" });
    expect((await hers.read()).letters[0]?.verdict).toBe("key");
  });

  it("gives no letter another author, nor another step", async () => {
    const [one, other, third] = all();
    const [hers, his] = [await browser(one, server, people), await browser(other, server, people)];
    await his.write(FOUND, "free", { ...NOTHING, text: "words", number: 2 });
    await his.read();
    const [row] = server.rows as [(typeof server.rows)[number]];
    server.rows = [{ ...row, person: third.person, name: third.name }];
    expect((await hers.read()).letters[0]?.verdict).toBe("key");
    server.rows = [{ ...row, step: 1 }];
    expect((await hers.read()).letters[0]?.verdict).toBe("malformed");
  });

  it("has nothing sealed by a record that is not true, or that is of other States than before", async () => {
    const [one, other, third] = all();
    const abroad = await someone(15, "GT");
    const hers = await browser(one, server, [...people, abroad]);
    await hers.write(FOUND, "free", { ...NOTHING, text: "before" });
    expect((await hers.read()).held).toBeNull();
    server.readers.push(reader(third), reader(abroad));
    server.isSound = false;
    expect((await hers.read()).held).toBe("untrue");
    await expect(hers.write(FOUND, "free", { ...NOTHING, text: "x" })).rejects.toMatchObject({
      code: "record-untrue",
    });
    server.isSound = true;
    const moved = { ...FOUND, requested_state: "GT" };
    expect((await hers.read(moved)).held).toBe("pair");
    await expect(hers.write(moved, "free", { ...NOTHING, text: "x" })).rejects.toMatchObject({
      code: "record-pair",
    });
    await hers.read();
    const sealed = () => server.rows.map((row) => row.sealed.map(({ person }) => person));
    // What was to be given on before would have been before this.
    await vi.waitFor(() => expect(sealed()[0]).toContain(third.person));
    expect(sealed()).toEqual([[one.person, other.person, third.person]]);
  });

  it("takes no list down by naming one letter twice", async () => {
    const [one] = all();
    const hers = await browser(one, server, people);
    await hers.write(FOUND, "free", { ...NOTHING, text: "words" });
    await hers.read();
    server.rows.push({ ...server.rows[0], name: "another" } as (typeof server.rows)[number]);
    expect((await hers.read()).letters).toMatchObject([{ name: one.name }]);
  });

  it("has nothing sealed to whom the directory has as something else", async () => {
    const [one, other] = all();
    const [revoked, unnamed, abroad, home] = await Promise.all([
      drafter(16, "SV"),
      drafter(17, "SV"),
      drafter(18, "MX"),
      drafter(19, "SV"),
    ]);
    if (revoked.device) revoked.device.isRevoked = true;
    const { device: _, ...bare } = unnamed;
    const hers = await browser(one, server, [...people, revoked, bare, abroad, home]);
    const drafts = [revoked, unnamed, abroad, home].map(reader);
    server.readers = [reader(one), { ...reader(other), central: false }, ...drafts];
    await hers.write(FOUND, "free", { ...NOTHING, text: "words" });
    const told = await hers.read();
    const doubted = [other, revoked, unnamed, abroad].map(({ person }) => person);
    expect(told.doubted.map(({ person }) => person)).toEqual(doubted);
    expect(server.rows[0]?.sealed.map(({ person }) => person)).toEqual([one.person, home.person]);
  });

  it("has nothing sealed after a step whose signature is of something else", async () => {
    const [one] = all();
    const moves = await chain();
    const known = directory() as Directory;
    server.readers = [];
    const by = { sound: undefined, replayed: async () => known };
    const hers = await browser(one, server, people, undefined, by);
    const found = { ...FOUND, ...dossier(moves) };
    expect((await hers.read(found)).held).toBeNull();
    const forged = { ...moves[2], on: "2026-11-25" } as MoveRow;
    const other = { ...FOUND, ...dossier([...moves.slice(0, 2), forged]) };
    expect((await hers.read(other)).held).toBe("untrue");
    await expect(hers.write(other, "free", { ...NOTHING, text: "x" })).rejects.toMatchObject({
      code: "record-untrue",
    });
  });

  it("shows no letter of one request in another, though this browser has opened it", async () => {
    const [one, other] = all();
    const [hers, his] = [await browser(one, server, people), await browser(other, server, people)];
    await his.write(FOUND, "free", { ...NOTHING, text: "Execute it" });
    await his.read();
    expect((await hers.read()).letters[0]?.verdict).toBe("ok");
    const elsewhere = { ...FOUND, id: id(2) };
    expect((await hers.read(elsewhere)).letters[0]).toMatchObject({
      letter: null,
      verdict: "malformed",
    });
  });

  it("destroys no words by saying that nobody reads them, or that it has what it does not list", async () => {
    const [one, other] = all();
    const hers = await browser(one, server, people);
    server.readers = [reader(other)];
    await hers.write(FOUND, "free", { ...NOTHING, text: "words" });
    expect((await hers.read()).waiting).toMatchObject([{ text: "words" }]);
    expect(server.bodies).toEqual([]);
    server.readers = [reader(one), reader(other)];
    server.hides = true;
    expect((await hers.read()).waiting).toMatchObject([{ text: "words" }]);
    server.hides = false;
    expect((await hers.read()).waiting).toEqual([]);
    expect(await (await browser(other, server, people)).words()).toEqual(["words"]);
  });
});

describe("who drafts", () => {
  it("reads and is read by device, and signs as no device but their own", async () => {
    const [one] = all();
    const [hers, his] = await Promise.all([drafter(16, "SV"), drafter(17, "SV")]);
    const known = [...people, hers, his];
    server.readers.push(reader(hers), reader(his));
    const page = await browser(hers, server, known);
    await page.write(FOUND, "free", { ...NOTHING, text: "words" });
    await page.read();
    for (const each of [one, his]) {
      const { letters } = await (await browser(each, server, known)).read();
      expect(letters).toMatchObject([{ verdict: "ok", letter: { text: "words" } }]);
    }
    const other = await browser({ ...hers, device: his.device as Device }, server, known);
    await other.write(FOUND, "free", { ...NOTHING, text: "as another" });
    await other.read();
    const { letters } = await (await browser(one, server, known)).read();
    expect(letters.map(({ verdict }) => verdict)).toEqual(["ok", "key"]);
  });
});

describe("a reader who lies", () => {
  it.each([
    ["of a day that no calendar has", { issued: "2026-13-01T00:00:00Z" }, "malformed"],
    ["between other States", { requested_state: "GT" }, "malformed"],
    [
      "from before the step that it goes with",
      { step: 2, issued: "2026-11-01T09:00:00Z" },
      "dated",
    ],
    ["of a day to come", { issued: "2026-11-25T15:00:00Z" }, "dated"],
  ])("writes none %s", async (_what, over, verdict) => {
    const [one, other] = all();
    await put(other, one, 60, over);
    await put(other, one, 61, { text: "the next one" });
    const { letters } = await (await browser(one, server, people)).read();
    expect(letters.map((each) => each.verdict)).toEqual([verdict, "ok"]);
  });

  it("keeps nobody else from reading by a device whose key is worthless", async () => {
    const [one, other] = all();
    const drafter = { ...(await someone(16, "SV", "liaison")), history: new Uint8Array(32) };
    server.readers.push(reader(drafter));
    const hers = await browser(one, server, [...people, drafter]);
    await hers.write(FOUND, "free", { ...NOTHING, text: "words" });
    expect((await hers.read()).doubted.map(({ person }) => person)).toEqual([drafter.person]);
    expect(await (await browser(other, server, people)).words()).toEqual(["words"]);
  });

  it("hides no other letter behind one that is none", async () => {
    const [one, other] = all();
    await put(other, one, 61, { text: "the next one" });
    const [good] = server.rows as [(typeof server.rows)[number]];
    const torn = good.sealed.map((key) => ({ ...key, wrapped: "***" }));
    server.rows.unshift({ ...good, id: id(62), sealed: torn }, { ...good, id: id(63), body: "*" });
    const { letters } = await (await browser(one, server, people)).read();
    expect(letters.map((each) => each.verdict)).toEqual(["malformed", "malformed", "ok"]);
  });
});
