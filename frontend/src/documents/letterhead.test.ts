import { describe, expect, it } from "vitest";
import { utf8 } from "../bytes";
import {
  decodeLetterhead,
  encodeLetterhead,
  headIn,
  LetterheadMalformed,
  type LetterheadSaid,
  NO_LETTERHEAD,
  sizeOf,
} from "./letterhead";

const JPEG = Uint8Array.from(
  atob(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==",
  ),
  (letter) => letter.charCodeAt(0),
);
const LETTERHEAD: LetterheadSaid = {
  above: { es: ["Fiscalía General", "Unidad & Grupo"], en: ["Attorney General"], fr: [] },
  below: { es: ["Calle 1"], en: [], fr: [] },
  emblem: JPEG,
};

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
