import { describe, expect, it } from "vitest";
import { JPEG, LETTERHEAD } from "../../tests/documents/letterhead";
import { utf8 } from "../bytes";
import {
  decodeLetterhead,
  encodeLetterhead,
  headIn,
  LetterheadMalformed,
  NO_LETTERHEAD,
  sizeOf,
} from "./letterhead";

describe("a letterhead", () => {
  it("comes back as it was kept", () => {
    expect(decodeLetterhead(encodeLetterhead(LETTERHEAD))).toEqual(LETTERHEAD);
    expect(decodeLetterhead(encodeLetterhead(NO_LETTERHEAD))).toEqual(NO_LETTERHEAD);
  });

  it("is in another language where there are no lines in the one asked for", () => {
    expect(headIn("en", LETTERHEAD)).toEqual({ above: ["Attorney General"], below: ["Calle 1"] });
    expect(headIn("fr", LETTERHEAD).above).toEqual(["Fiscalía General", "Unidad & Grupo"]);
  });

  const strange: [string, unknown][] = [
    ["nothing", null],
    ["another version", { v: 2, above: {}, below: {}, emblem: "" }],
    [
      "no lines",
      { v: 1, above: { es: "x", en: [], fr: [] }, below: { es: [], en: [], fr: [] }, emblem: "" },
    ],
    [
      "a long line",
      {
        v: 1,
        above: { es: ["x".repeat(121)], en: [], fr: [] },
        below: { es: [], en: [], fr: [] },
        emblem: "",
      },
    ],
    [
      "a picture that is none",
      {
        v: 1,
        above: { es: [], en: [], fr: [] },
        below: { es: [], en: [], fr: [] },
        emblem: "AAAA",
      },
    ],
  ];
  it.each(strange)("is not %s", (_, said) => {
    const body = utf8.encode(JSON.stringify(said, said === null ? [] : undefined));
    expect(() => decodeLetterhead(body)).toThrow(LetterheadMalformed);
  });

  it("has an emblem that every reader draws: baseline, in one colour or three, of a bounded size", () => {
    expect(sizeOf(JPEG)).toEqual({ width: 1, height: 1 });
    const at = JPEG.findIndex((byte, place) => byte === 0xff && JPEG[place + 1] === 0xc0);
    const changed = (place: number, byte: number): Uint8Array =>
      JPEG.map((one, here) => (here === at + place ? byte : one));
    for (const [place, byte] of [
      [1, 0xc2],
      [4, 12],
      [5, 0xff],
      [8, 0],
      [9, 4],
    ] as const) {
      expect(() => sizeOf(changed(place, byte)), `${place}`).toThrow(LetterheadMalformed);
    }
  });
});
