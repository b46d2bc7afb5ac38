import { describe, expect, it } from "vitest";
import {
  anmf,
  ascii,
  chunk,
  control,
  gif,
  joined,
  jpeg,
  pdf,
  png,
  segment,
  vp8l,
  vp8x,
  webp,
  zip,
} from "../../../tests/files/samples";
import { verdictOf } from "./kinds";
import { pictureOf } from "./pictures";

const judged = (bytes: Uint8Array) => verdictOf(() => pictureOf(bytes).notes);
const HTML = "<html><script>alert(1)</script></html>";

describe("a picture", () => {
  it.each([
    ["a PNG", png(), "image/png", 24, 16],
    ["a JPEG", jpeg({ width: 300, height: 200 }), "image/jpeg", 300, 200],
    ["a progressive JPEG", jpeg({ scans: 10 }), "image/jpeg", 8, 8],
    ["a GIF", gif({ width: 7, height: 5 }), "image/gif", 7, 5],
    ["a WebP", webp(vp8l(640, 480)), "image/webp", 640, 480],
    ["a WebP with a head", webp(vp8x(640, 480), vp8l(640, 480)), "image/webp", 640, 480],
  ])("%s says what it is and how large", (_, bytes, type, width, height) => {
    expect(pictureOf(bytes)).toEqual({ type, width, height, notes: [] });
  });

  it.each([
    ["a PNG that moves", png({}, [control(24, 16), control(24, 16)])],
    ["a GIF that moves", gif({ frames: 3 })],
    ["a WebP that moves", webp(vp8x(9, 9, 2), anmf(9, 9), anmf(9, 9))],
    ["a JPEG that is followed by others", joined(jpeg(), jpeg(), jpeg())],
  ])("%s is shown by its first one", (_, bytes) => {
    expect(judged(bytes)).toEqual({ refused: null, notes: ["first"] });
  });
});

describe("what is refused of pictures", () => {
  it.each([
    ["a PNG of 40,000 by 40,000", png({ width: 40_000, height: 40_000 })],
    ["a PNG whose frames are", png({}, Array(10).fill(control(9_000, 9_000)))],
    ["a PNG with a text of 5 MB, packed", png({}, [chunk("zTXt", new Uint8Array(5 << 20))])],
    ["a PNG of five thousand frames", png({}, Array(5_000).fill(control(1, 1)))],
    ["a JPEG of 65,500 by 65,500", jpeg({ width: 65_500, height: 65_500 })],
    ["a JPEG of two hundred scans", jpeg({ scans: 200 })],
    ["twenty JPEG in a row", joined(...Array<Uint8Array>(20).fill(jpeg()))],
    ["a GIF of 65,535 by 65,535", gif({ width: 65_535, height: 65_535 })],
    ["a GIF of three thousand pictures", gif({ frames: 3_000 })],
    ["a WebP of 16,384 by 16,384", webp(vp8l(16_384, 16_384))],
    ["a WebP whose canvas is 16 million wide", webp(vp8x(16_000_000, 9), vp8l(9, 9))],
    ["a WebP whose frames are", webp(vp8x(9, 9, 2), ...Array(10).fill(anmf(9_000, 9_000)))],
  ])("%s: too large, before anything decodes it", (_, bytes) => {
    expect(judged(bytes)).toEqual({ refused: "bomb" });
  });

  it.each([
    ["a PNG with a ZIP behind it", joined(png(), zip())],
    ["a PNG with a byte behind it", joined(png(), "\0")],
    ["a GIF with a JAR behind it", joined(gif(), zip())],
    ["a GIF with a page behind it", joined(gif(), HTML)],
    ["a JPEG with a ZIP behind it", joined(jpeg(), zip())],
    ["a WebP with a PDF behind it", joined(webp(vp8l(9, 9)), pdf())],
    ["a JPEG with a ZIP in its comment", jpeg({}, [segment(0xfe, zip())])],
    ["a JPEG with a PDF in its comment", jpeg({}, [segment(0xfe, ascii("%PDF-1.4 "))])],
    ["a PNG with a page in a text", png({}, [chunk("tEXt", ascii(HTML))])],
    ["a JPEG with a page in its comment", jpeg({}, [segment(0xfe, ascii(HTML))])],
    ["a JPEG with PHP in its comment", jpeg({}, [segment(0xfe, ascii("<?php x();"))])],
  ])("%s: two files in one", (_, bytes) => {
    expect(judged(bytes)).toEqual({ refused: "two" });
  });

  it.each([
    ["SVG", ascii("<svg xmlns='http://www.w3.org/2000/svg'/>")],
    ["a page", ascii(HTML)],
    ["a program", ascii("MZ\x90\0\x03")],
    ["a bitmap", ascii("BM\x36\0\0\0")],
    ["AVIF", ascii("\0\0\0\x20ftypavif\0\0\0\0")],
    ["a PDF", pdf()],
    ["a ZIP", zip()],
    ["a PNG with a byte before it", joined("\n", png())],
    ["nothing", new Uint8Array()],
  ])("%s: not what its name says", (_, bytes) => {
    expect(judged(bytes)).toEqual({ refused: "differs" });
  });

  it.each([
    ["a JPEG with two frames", jpeg({}, [segment(0xc2, [8, 0, 9, 0, 9, 1, 1, 0x11, 0])])],
    ["a JPEG that is cut off", jpeg().subarray(0, -3)],
    ["a PNG that is cut off", png().subarray(0, -5)],
    ["a PNG without a picture", joined("\x89PNG\r\n\x1a\n", chunk("IEND"))],
    ["a PNG with two heads", png({}, [png().subarray(8, 33)])],
    ["a PNG without width", png({ width: 0 })],
    ["a GIF that is cut off", gif().subarray(0, -1)],
    ["a GIF without a picture", gif({ frames: 0 })],
    ["a WebP that is cut off", webp(vp8l(9, 9)).subarray(0, -1)],
    ["a WebP of two sizes", webp(vp8x(9, 9), vp8l(10, 9))],
    ["a WebP of two pictures", webp(vp8l(9, 9), vp8l(9, 9))],
  ])("%s: damaged", (_, bytes) => {
    expect(judged(bytes)).toEqual({ refused: "damaged" });
  });
});
