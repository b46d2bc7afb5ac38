/** Letters over a host, and among readers, who lie. */

import { beforeEach, describe, expect, it } from "vitest";
import {
  browser,
  FOUND,
  id,
  NOTHING,
  reader,
  type Scene,
  scene,
  someone,
  type Who,
} from "../../../tests/letters";
import { b64u, utf8 } from "../../bytes";
import { publicKeyOf, signWith } from "../../crypto/ed25519";
import { letterInput, sealLetter } from "../../crypto/letter";
import { sealingKeyOf } from "../../crypto/sealingKey";

let { server, people, all } = {} as Scene;
beforeEach(async () => {
  ({ server, people, all } = await scene());
});

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
    const hers = await browser(one, server, people);
    const forger = new Uint8Array(32).fill(99);
    const letter = {
      request: FOUND.id,
      id: id(50),
      step: 0,
      person: other.person,
      state: "MX",
      requesting_state: "SV",
      requested_state: "MX",
      issued: "2026-11-24T15:00:00Z",
      text: "Send it to this address",
      handling: null,
    };
    const key = b64u.encode(await publicKeyOf(forger.slice()));
    const made = await signWith(forger.slice(), utf8.encode("something else"));
    const signed = { letter, device: null, key, signature: b64u.encode(made.signature) };
    const to = sealingKeyOf(one.key) as Uint8Array;
    const { box, keys } = await sealLetter(signed, [to]);
    const sealed = [
      { person: one.person, key: b64u.encode(to), wrapped: b64u.encode(keys[0] as Uint8Array) },
    ];
    const { person, name, state } = other;
    const row = { id: id(50), person, name, state, step: 0, at: letter.issued, sealed };
    server.rows.push({ ...row, body: b64u.encode(box) });
    expect((await hers.read()).letters[0]?.verdict).toBe("signature");
    server.rows[0] = { ...row, id: id(51), body: b64u.encode(box) };
    expect((await hers.read()).letters[0]).toMatchObject({ letter: null, verdict: "malformed" });
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
    await hers.read();
    server.readers.push(reader(third), reader(abroad));
    server.isSound = false;
    await hers.read();
    await expect(hers.write(FOUND, "free", { ...NOTHING, text: "x" })).rejects.toMatchObject({
      code: "record-untrue",
    });
    server.isSound = true;
    const moved = { ...FOUND, requested_state: "GT" };
    await hers.read(moved);
    await expect(hers.write(moved, "free", { ...NOTHING, text: "x" })).rejects.toMatchObject({
      code: "record-untrue",
    });
    await new Promise((done) => setTimeout(done, 50));
    const sealed = server.rows.map((row) => row.sealed.map(({ person }) => person));
    expect(sealed).toEqual([[one.person, other.person]]);
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

describe("a reader who lies", () => {
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
