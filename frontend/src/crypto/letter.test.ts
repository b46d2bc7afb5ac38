/** A letter: what its signature covers, how long it looks, and for whom and as what it opens. */

import { beforeAll, describe, expect, it } from "vitest";
import { drafter } from "../../tests/letters";
import { b64u, utf8 } from "../bytes";
import { canonical, type Json } from "../canonical";
import { signWith } from "./ed25519";
import {
  audienceOf,
  isSigned,
  LETTER_BUCKETS,
  type Letter,
  LetterMalformed,
  LetterTooLong,
  LONGEST_LETTER,
  letterInput,
  NotSealedToUs,
  openLetter,
  type SignedLetter,
  sealLetter,
  shareLetter,
} from "./letter";
import { sealTo } from "./sealTo";

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const LETTER: Letter = {
  request: id(1),
  id: id(2),
  step: 3,
  person: id(4),
  state: "SV",
  requesting_state: "SV",
  requested_state: "MX",
  issued: "2026-11-24T15:00:00Z",
  text: "¿Qué falta?",
  handling: { codes: ["court"] },
};
const FILE = {
  id: id(5),
  name: "acta.pdf",
  type: "application/pdf",
  size: 1,
  sha256: b64u.encode(new Uint8Array(32)),
  sealed: b64u.encode(new Uint8Array(32)),
  key: b64u.encode(new Uint8Array(32)),
  prefix: b64u.encode(new Uint8Array(7)),
};

type Device = { private: Uint8Array; public: Uint8Array };
let hers: Device;
let his: Device;
let signed: SignedLetter;
beforeAll(async () => {
  const [one, other] = await Promise.all([drafter(1, "SV"), drafter(2, "SV")]);
  const keysOf = ({ device }: typeof one): Device => ({
    private: device?.historyPrivate as Uint8Array,
    public: device?.historyPublic as Uint8Array,
  });
  [hers, his] = [keysOf(one), keysOf(other)];
  signed = await sign(LETTER);
});

async function sign(letter: Letter): Promise<SignedLetter> {
  const { key, signature } = await signWith(new Uint8Array(32).fill(7), letterInput(letter));
  const hand = { key: b64u.encode(key), signature: b64u.encode(signature) };
  return { letter, device: id(6), ...hand };
}

/** What is sealed as a letter is, whatever it is. */
async function put(plain: Uint8Array, place = LETTER) {
  const info = utf8.encode(`casehub/letter/1\0${place.request}\0${place.id}`);
  const { box, keys } = await sealTo([hers.public], plain, info);
  return openLetter(place, hers.private, keys[0] as Uint8Array, box);
}
const padded = (said: unknown): Uint8Array => {
  const plain = canonical(said as Json);
  return new Uint8Array([...plain, 0x80, ...new Uint8Array(40)]);
};

describe("the signature of a letter", () => {
  it("is that of the key that it names, over all that it says and what it is for", async () => {
    const input = utf8.decode(letterInput(LETTER));
    expect(input.slice(0, 17)).toBe("casehub/letter/1\0");
    expect(JSON.parse(input.slice(17))).toEqual({ v: 1, ...LETTER });
    expect(await isSigned(signed)).toBe(true);
  });

  it.each(Object.keys(LETTER))("covers its %s", async (name) => {
    const was = LETTER[name as keyof Letter];
    const other = typeof was === "number" ? was + 1 : typeof was === "string" ? `${was}x` : null;
    const letter = { ...LETTER, [name]: other } as Letter;
    expect(await isSigned({ ...signed, letter })).toBe(false);
  });

  it.each(["reference", "contact"])("covers its %s, which opens as it was", async (name) => {
    const letter = { ...LETTER, [name]: "DGCI-117" };
    expect(await isSigned({ ...signed, letter })).toBe(false);
    const said = await sign(letter);
    expect(await isSigned(said)).toBe(true);
    expect((await put(padded(said))).letter).toEqual(letter);
    const long = { ...said, letter: { ...letter, [name]: "x".repeat(201) } };
    await expect(put(padded(long))).rejects.toThrow(LetterMalformed);
  });

  it("covers for whom it is, by a form of its own", async () => {
    const [home, both] = await Promise.all(
      (["home", "both"] as const).map((audience) => sign({ ...LETTER, audience })),
    );
    const input = utf8.decode(letterInput({ ...LETTER, audience: "home" }));
    expect(JSON.parse(input.slice(17))).toEqual({ v: 2, ...LETTER, audience: "home" });
    for (const [said, other] of [
      [home, { ...LETTER, audience: "both" }],
      [home, LETTER],
      [both, { ...LETTER, audience: "home" }],
      [signed, { ...LETTER, audience: "both" }],
      [signed, { ...LETTER, audience: "home" }],
    ] as const) {
      expect(await isSigned({ ...(said as SignedLetter), letter: other })).toBe(false);
    }
    expect((await put(padded(home))).letter.audience).toBe("home");
    expect(audienceOf(signed.letter)).toBe("both");
    const strange = { ...home, letter: { ...LETTER, audience: "region" } };
    await expect(put(padded(strange))).rejects.toThrow(LetterMalformed);
  });

  it("covers what was made, of which no more stands there than can be", async () => {
    const making = {
      ...{ version: 1, letterhead: "", template: "", recipients: [id(7)] },
      ...{ person: id(4), device: id(6), at: LETTER.issued, signature: "A".repeat(86) },
      files: [{ kind: "pdf", language: "es", commitment: FILE.sha256 }],
      salt: FILE.sha256,
    } as const;
    const letter = { ...LETTER, audience: "home", made: [making] } as const;
    const said = await sign(letter);
    expect(await isSigned(said)).toBe(true);
    expect(await isSigned({ ...said, letter: { ...letter, made: [] } })).toBe(false);
    expect((await put(padded(said))).letter).toEqual(letter);
    for (const made of [
      [],
      Array(5).fill(making),
      [{ ...making, files: [] }],
      [{ ...making, version: 0 }],
      [{ ...making, at: "soon" }],
    ]) {
      const other = { ...said, letter: { ...letter, made } };
      await expect(put(padded(other))).rejects.toThrow(LetterMalformed);
    }
  });

  it("covers its files", async () => {
    expect(await isSigned({ ...signed, letter: { ...LETTER, files: [FILE] } })).toBe(false);
    expect(await isSigned(await sign({ ...LETTER, files: [FILE] }))).toBe(true);
  });
});

describe("a sealed letter", () => {
  it("opens for each to whom it was sealed, and for whom its key was given on to, as it was", async () => {
    const { box, keys } = await sealLetter(signed, [hers.public]);
    const [key] = keys as [Uint8Array];
    expect(await openLetter(LETTER, hers.private, key, box)).toEqual(signed);
    await expect(openLetter(LETTER, his.private, key, box)).rejects.toThrow(NotSealedToUs);
    const [given] = await shareLetter(LETTER, hers.private, key, [his.public]);
    expect(await openLetter(LETTER, his.private, given as Uint8Array, box)).toEqual(signed);
    await expect(shareLetter(LETTER, his.private, key, [his.public])).rejects.toThrow(
      NotSealedToUs,
    );
  });

  it("opens as nothing but itself: of its request, under its id, and unchanged", async () => {
    const { box, keys } = await sealLetter(signed, [hers.public]);
    const [key] = keys as [Uint8Array];
    const changed = box.slice();
    changed[0] = (changed[0] ?? 0) ^ 1;
    for (const [place, sealed] of [
      [{ ...LETTER, request: id(9) }, box],
      [{ ...LETTER, id: id(9) }, box],
      [LETTER, changed],
    ] as const) {
      await expect(openLetter(place, hers.private, key, sealed)).rejects.toThrow(NotSealedToUs);
    }
    // Sealed anew under another name by somebody who read it.
    const elsewhere = put(padded(signed), { ...LETTER, id: id(9) });
    await expect(elsewhere).rejects.toThrow(LetterMalformed);
  });

  it("shows of its length one of four sizes; more than the largest holds is not sealed", async () => {
    const sizeOf = async (text: string) =>
      (await sealLetter(await sign({ ...LETTER, text }), [])).box.length;
    const plain = canonical(signed as unknown as Json).length - utf8.encode(LETTER.text).length;
    const room = LETTER_BUCKETS[0] - 16 - 1 - plain;
    expect(await sizeOf("")).toBe(LETTER_BUCKETS[0]);
    expect(await sizeOf("x".repeat(room))).toBe(LETTER_BUCKETS[0]);
    expect(await sizeOf("x".repeat(room + 1))).toBe(LETTER_BUCKETS[1]);
    // In an alphabet of three bytes a sign.
    expect(await sizeOf("字".repeat(LONGEST_LETTER))).toBe(LETTER_BUCKETS[3]);
    await expect(sizeOf("x".repeat(LETTER_BUCKETS[3]))).rejects.toThrow(LetterTooLong);
  });

  it("opens with its files", async () => {
    const letter = { ...LETTER, files: [FILE] };
    expect((await put(over({ files: [FILE] }))).letter).toEqual(letter);
  });

  it.each([
    ["has no end", () => canonical(signed as unknown as Json)],
    ["is all padding", () => new Uint8Array(64)],
    ["is no JSON", () => new Uint8Array([0x7b, 0x80, 0])],
    ["is no text", () => new Uint8Array([0xff, 0x80, 0])],
    ["says more than a letter does", () => padded({ ...signed, more: 1 })],
    ["says less", () => padded({ letter: LETTER })],
    ["has a moment of no calendar", () => over({ issued: "2026-02-30T00:00:00Z" })],
    ["has a step that is none", () => over({ step: -1 })],
    ["is longer than anybody writes", () => over({ text: "x".repeat(LONGEST_LETTER + 1) })],
    ["has a State that is none", () => over({ state: "sv" })],
    ["names a file twice", () => over({ files: [FILE, FILE] })],
  ])("that %s is none", async (_, plain) => {
    await expect(put(plain())).rejects.toThrow(LetterMalformed);
  });
});

const over = (changes: object): Uint8Array =>
  padded({ ...signed, letter: { ...LETTER, ...changes } });
