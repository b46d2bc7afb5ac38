import { describe, expect, it } from "vitest";
import { riff, vp8l, vp8x, webp as webpOf } from "../../tests/files/samples";
import { metadataOf, withoutMetadata } from "./metadata";

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const big = (value: number): number[] =>
  [value >> 24, value >> 16, value >> 8, value].map((b) => b & 0xff);

/** A JPEG segment: its marker, its length, its body. */
const segment = (marker: number, body: number[]): number[] => [
  ...[0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 0xff],
  ...body,
];

/** An Exif segment of one directory; each entry a tag and a short value. */
const exif = (...entries: Array<[number, number]>): number[] =>
  segment(0xe1, [
    ...ascii("Exif\0\0MM"),
    ...[0, 42, 0, 0, 0, 8, 0, entries.length],
    ...entries.flatMap(([tag, value]) => [tag >> 8, tag & 0xff, 0, 3, 0, 0, 0, 1, 0, value, 0, 0]),
    ...[0, 0, 0, 0],
  ]);

const PLACE = 0x8825;
const TURN = 0x0112;
const JFIF = segment(0xe0, [...ascii("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 0, 0]);
/** The same with a small picture in it: a program may leave there what was seen before it was cut. */
const SMALL = segment(0xe0, [...ascii("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 1, 1, 9, 9, 9]);
const EXTENDED = segment(0xe0, [...ascii("JFXX\0"), 0x13, 1, 1, 9, 9, 9]);
const ADOBE = segment(0xee, [...ascii("Adobe"), 0, 100, 0, 0, 0, 0, 1]);
const COLOURS = segment(0xe2, [...ascii("ICC_PROFILE\0"), 1, 1, 7, 7]);
const SCAN = [0xff, 0xda, 0, 4, 1, 2, ...ascii("light"), 0xff, 0, 0xff, 0xd3, ...ascii("shade")];
const TABLES = segment(0xc4, [1, 2, 3]);
const END = [0xff, 0xd9];
const PICTURE = [...SCAN, ...END];
const jpeg = (...segments: number[][]): Blob =>
  new Blob([Uint8Array.from([0xff, 0xd8, ...segments.flat(), ...PICTURE])], { type: "image/jpeg" });

const chunk = (type: string, body: number[]): number[] => [
  ...big(body.length),
  ...ascii(type),
  ...body,
  ...[1, 2, 3, 4],
];
const HEAD = chunk("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
const png = (...chunks: number[][]): Blob =>
  new Blob([Uint8Array.from([0x89, ...ascii("PNG\r\n\x1a\n"), ...HEAD, ...chunks.flat()])]);

const webp = (...chunks: Uint8Array[]): Blob => new Blob([webpOf(...chunks)]);

const bytes = async (file: Blob): Promise<number[]> => [
  ...new Uint8Array(await file.arrayBuffer()),
];

describe("a picture", () => {
  const cases: Array<[string, Blob, { any: boolean; place: boolean }]> = [
    ["JPEG of nothing else", jpeg(JFIF, COLOURS), { any: false, place: false }],
    ["JPEG with a camera's name", jpeg(JFIF, exif([0x010f, 1])), { any: true, place: false }],
    ["JPEG with a place", jpeg(JFIF, exif([PLACE, 8])), { any: true, place: true }],
    ["JPEG with a comment", jpeg(segment(0xfe, ascii("hola"))), { any: true, place: false }],
    ["JPEG with a small picture in its head", jpeg(SMALL), { any: true, place: false }],
    [
      "JPEG with a small picture behind its head",
      jpeg(JFIF, EXTENDED),
      { any: true, place: false },
    ],
    [
      "JPEG with more in its head than its size",
      jpeg(segment(0xe0, [...JFIF.slice(4), ...ascii("Ana")])),
      { any: true, place: false },
    ],
    [
      "JPEG with more than what its colours are",
      jpeg(JFIF, segment(0xee, [...ADOBE.slice(4), ...ascii("Ana")])),
      { any: true, place: false },
    ],
    ["JPEG with what its colours are", jpeg(JFIF, ADOBE), { any: false, place: false }],
    [
      "JPEG with a place in Adobe's words",
      jpeg(segment(0xe1, ascii("http://ns.adobe.com/xap/1.0/\0<exif:GPSLatitude>"))),
      { any: true, place: true },
    ],
    [
      "PNG of nothing else",
      png(chunk("IDAT", [1]), chunk("IEND", [])),
      { any: false, place: false },
    ],
    [
      "PNG with words",
      png(chunk("tEXt", ascii("a\0b")), chunk("IEND", [])),
      { any: true, place: false },
    ],
    [
      "PNG with words after the picture",
      png(chunk("IDAT", [1]), chunk("iTXt", ascii("a")), chunk("IEND", [])),
      { any: true, place: false },
    ],
    [
      "JPEG with bytes that fill before a place",
      jpeg(JFIF, [0xff, 0xff], exif([PLACE, 8])),
      { any: true, place: true },
    ],
    [
      "PNG with what only its program knows",
      png(chunk("IDAT", [1]), chunk("caBX", [7]), chunk("IEND", [])),
      { any: true, place: false },
    ],
    [
      "PNG with the rest of a longer one behind it",
      png(chunk("IDAT", [1]), chunk("IEND", []), ascii("old pixels")),
      { any: true, place: false },
    ],
    [
      "PNG with a place in Adobe's words",
      png(chunk("iTXt", ascii("XML:com.adobe.xmp\0\0\0\0\0exif:GPSLatitude")), chunk("IEND", [])),
      { any: true, place: true },
    ],
    ["WebP of nothing else", webp(vp8l(9, 9)), { any: false, place: false }],
    [
      "WebP with a place",
      webp(vp8x(9, 9, 8), vp8l(9, 9), riff("EXIF", exif([PLACE, 8]).slice(10))),
      { any: true, place: true },
    ],
    [
      "WebP with a place in Adobe's words",
      webp(vp8x(9, 9, 4), vp8l(9, 9), riff("XMP ", ascii("exif:GPSLatitude"))),
      { any: true, place: true },
    ],
    [
      "WebP with something behind it",
      new Blob([webp(vp8l(9, 9)), "x"]),
      { any: true, place: false },
    ],
    ["file of another kind", new Blob(["%PDF-1.7"]), { any: false, place: false }],
  ];

  it.each(cases)("that is a %s tells what is written into it", async (_, file, told) => {
    expect(await metadataOf(file)).toEqual(told);
  });

  it("loses what is written into it, and nothing that it is drawn with", async () => {
    const file = jpeg(JFIF, exif([PLACE, 8]), COLOURS, segment(0xfe, ascii("hola")));
    const cut = await withoutMetadata(file);
    expect(await bytes(cut)).toEqual(await bytes(jpeg(JFIF, COLOURS)));
    expect(cut.type).toBe("image/jpeg");
  });

  it("loses the small picture of what it was before, in its head and behind it", async () => {
    const cut = await withoutMetadata(jpeg(SMALL, EXTENDED, TABLES));
    expect(await bytes(cut)).toEqual(await bytes(jpeg(JFIF, TABLES)));
    expect(await metadataOf(cut)).toEqual({ any: false, place: false });
  });

  it("loses what stands behind the size in its head, and behind what its colours are", async () => {
    const more = [JFIF, ADOBE].map((one) => segment(one[1] ?? 0, [...one.slice(4), ...ascii("x")]));
    const cut = await withoutMetadata(jpeg(...more, exif([TURN, 6])));
    expect(await bytes(cut)).toEqual(await bytes(jpeg(exif([TURN, 6]), JFIF, ADOBE)));
  });

  it("loses a head that is too short to be one", async () => {
    const cut = await withoutMetadata(jpeg(segment(0xe0, ascii("JFIF\0")), TABLES));
    expect(await bytes(cut)).toEqual(await bytes(jpeg(TABLES)));
  });

  it("still stands upright, and says nothing but how it is turned", async () => {
    const cut = await withoutMetadata(jpeg(JFIF, exif([TURN, 6], [PLACE, 8])));
    expect(await metadataOf(cut)).toEqual({ any: true, place: false });
    expect(await bytes(cut)).toEqual(await bytes(jpeg(exif([TURN, 6]), JFIF)));
  });

  it("drawn in several scans loses what stands between them and after its end", async () => {
    const whole = (...more: number[][]): Blob =>
      new Blob([Uint8Array.from([0xff, 0xd8, ...JFIF, ...SCAN, ...TABLES, ...more.flat()])]);
    const file = whole(exif([PLACE, 8]), SCAN, END, [...(await bytes(jpeg(exif([PLACE, 8]))))]);
    expect(await metadataOf(file)).toEqual({ any: true, place: true });
    expect(await bytes(await withoutMetadata(file))).toEqual(await bytes(whole(SCAN, END)));
  });

  it("that ends within a scan keeps all that there is of it", async () => {
    const short = new Blob([Uint8Array.from([0xff, 0xd8, ...exif([PLACE, 8]), ...SCAN])]);
    const kept = new Blob([Uint8Array.from([0xff, 0xd8, ...SCAN])]);
    expect(await bytes(await withoutMetadata(short))).toEqual(await bytes(kept));
  });

  it("of WebP loses what is written into it, and its head says so", async () => {
    const colours = riff("ICCP", [7, 7]);
    const file = webp(
      vp8x(9, 9, 0x2c),
      colours,
      vp8l(9, 9),
      riff("EXIF", exif([PLACE, 8]).slice(10)),
      riff("XMP ", ascii("x")),
    );
    const cut = await withoutMetadata(file);
    expect(await bytes(cut)).toEqual(await bytes(webp(vp8x(9, 9, 0x20), colours, vp8l(9, 9))));
    expect(await metadataOf(cut)).toEqual({ any: false, place: false });
  });

  it("of WebP still stands upright, and says nothing but how it is turned", async () => {
    const turned = exif([TURN, 6], [PLACE, 8]).slice(10);
    const file = webp(vp8x(9, 9, 8), vp8l(9, 9), riff("EXIF", turned));
    const cut = await withoutMetadata(file);
    const left = riff("EXIF", exif([TURN, 6]).slice(10));
    expect(await bytes(cut)).toEqual(await bytes(webp(vp8x(9, 9, 8), vp8l(9, 9), left)));
    expect(await metadataOf(cut)).toEqual({ any: true, place: false });
  });

  it("that holds nothing is the file itself", async () => {
    const file = jpeg(JFIF);
    expect(await withoutMetadata(file)).toBe(file);
  });

  it("of PNG keeps its other parts in their order", async () => {
    const file = png(
      chunk("tEXt", ascii("a\0b")),
      chunk("IDAT", [1]),
      chunk("eXIf", [1]),
      chunk("IEND", []),
    );
    const cut = await withoutMetadata(file);
    expect(await bytes(cut)).toEqual(await bytes(png(chunk("IDAT", [1]), chunk("IEND", []))));
  });

  it.each([
    ["a segment longer than the file", [0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff, 1]],
    ["a segment of no length", [0xff, 0xd8, 0xff, 0xe1, 0, 0, 1, 1]],
    ["no picture", [0xff, 0xd8, 0xff, 0xd9]],
    ["a directory that points past its end", [0xff, 0xd8, ...exif([PLACE, 8]).slice(0, 20)]],
  ])("with %s is left as it is", async (_, broken) => {
    const file = new Blob([Uint8Array.from(broken)]);
    expect(await withoutMetadata(file)).toBe(file);
  });
});
