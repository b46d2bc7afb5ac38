/**
 * Pictures, judged by their whole structure before anything decodes them: how large they say they are,
 * that they end where the file ends, and that they are nothing else as well.
 *
 * JPEG (ITU-T T.81), PNG (W3C, 3rd edition), GIF89a, WebP (RFC 9649). Others are only downloaded.
 */

import { type Note, Unsound } from "./kinds";
import { begins, isPage, isPdfToo, isZipToo } from "./seen";

/** A hundred megapixels are 400 MB in memory: more than any camera of a prosecution. */
export const MOST_PIXELS = 100_000_000;
/** Of all pictures of a moving one together. */
const MOST_MOVING = 4 * MOST_PIXELS;
const MOST_FRAMES = 2_000;
/** Times that a progressive JPEG is gone over: each costs as much as the picture. */
const MOST_SCANS = 100;
/** What is packed beside the picture (profiles, texts) and some decoders unpack. */
const MOST_PACKED = 4 * 1024 * 1024;

export type Picture = {
  readonly type: "image/jpeg" | "image/png" | "image/gif" | "image/webp";
  readonly width: number;
  readonly height: number;
  readonly notes: readonly Note[];
};

/**
 * What a picture is.
 *
 * @throws {Unsound} "differs" if it is none of those, "two", "bomb", "damaged"
 */
export function pictureOf(bytes: Uint8Array): Picture {
  const found = looked(bytes);
  if (isZipToo(bytes) || isPdfToo(bytes) || isPage(bytes)) throw new Unsound("two");
  return found;
}

function looked(bytes: Uint8Array): Picture {
  if (begins(bytes, "\x89PNG\r\n\x1a\n")) return png(bytes);
  if (begins(bytes, "\xff\xd8\xff")) return jpeg(bytes);
  if (begins(bytes, "GIF87a") || begins(bytes, "GIF89a")) return gif(bytes);
  if (begins(bytes, "RIFF") && begins(bytes, "WEBP", 8)) return webp(bytes);
  throw new Unsound("differs");
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** @throws {Unsound} if it has no area, or too much */
function sized(width: number, height: number): { width: number; height: number } {
  if (width < 1 || height < 1) throw new Unsound("damaged");
  if (width * height > MOST_PIXELS) throw new Unsound("bomb");
  return { width, height };
}

/** Pictures of a moving one, as they are come upon. */
class Frames {
  count = 0;
  #pixels = 0;

  add(width: number, height: number): void {
    sized(width, height);
    this.count += 1;
    this.#pixels += width * height;
    if (this.count > MOST_FRAMES || this.#pixels > MOST_MOVING) throw new Unsound("bomb");
  }

  notes(): readonly Note[] {
    return this.count > 1 ? ["first"] : [];
  }
}

function png(bytes: Uint8Array): Picture {
  const view = viewOf(bytes);
  let size: { width: number; height: number } | null = null;
  const frames = new Frames();
  let isDrawn = false;
  for (let at = 8; ; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const to = at + 12 + length;
    if (!/^[A-Za-z]{4}$/.test(type) || to > bytes.length) throw new Unsound("damaged");
    const isHead = type === "IHDR";
    if (isHead !== (at === 8) || (isHead && length !== 13)) throw new Unsound("damaged");
    if (isHead) size = sized(view.getUint32(at + 8), view.getUint32(at + 12));
    if (type === "fcTL") frames.add(view.getUint32(at + 12), view.getUint32(at + 16));
    if (type === "IDAT") isDrawn = true;
    else if (type !== "fdAT" && length > MOST_PACKED) throw new Unsound("bomb");
    at = to;
    if (type !== "IEND") continue;
    if (at !== bytes.length) throw new Unsound("two");
    if (size === null || !isDrawn || length !== 0) throw new Unsound("damaged");
    return { type: "image/png", ...size, notes: frames.notes() };
  }
}

function gif(bytes: Uint8Array): Picture {
  const view = viewOf(bytes);
  const tableOf = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  const size = sized(view.getUint16(6, true), view.getUint16(8, true));
  const frames = new Frames();
  let at = 13 + tableOf(view.getUint8(10));
  const skip = (): void => {
    for (;;) {
      const length = view.getUint8(at);
      at += 1 + length;
      if (length === 0) return;
    }
  };
  for (;;) {
    const mark = view.getUint8(at);
    if (mark === 0x3b) {
      if (at + 1 !== bytes.length) throw new Unsound("two");
      if (frames.count === 0) throw new Unsound("damaged");
      return { type: "image/gif", ...size, notes: frames.notes() };
    }
    if (mark === 0x21) at += 2;
    else if (mark === 0x2c) {
      frames.add(view.getUint16(at + 5, true), view.getUint16(at + 7, true));
      at += 11 + tableOf(view.getUint8(at + 9));
    } else throw new Unsound("damaged");
    skip();
  }
}

const [SOI, EOI, SOS, DHT, JPG, DAC] = [0xd8, 0xd9, 0xda, 0xc4, 0xc8, 0xcc] as const;

/** One after the other: telephones put more pictures behind the first, each a whole JPEG. */
function jpeg(bytes: Uint8Array): Picture {
  const first = oneJpeg(bytes, 0);
  let [at, count] = [first.end, 1];
  while (begins(bytes, "\xff\xd8\xff", at)) {
    at = oneJpeg(bytes, at).end;
    count += 1;
    if (count > 16) throw new Unsound("bomb");
  }
  if (at !== bytes.length) throw new Unsound("two");
  const { width, height } = first;
  return { type: "image/jpeg", width, height, notes: count > 1 ? ["first"] : [] };
}

function oneJpeg(bytes: Uint8Array, from: number): { width: number; height: number; end: number } {
  const view = viewOf(bytes);
  let size: { width: number; height: number } | null = null;
  let [at, scans] = [from + 2, 0];
  for (;;) {
    if (view.getUint8(at) !== 0xff) throw new Unsound("damaged");
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1; // a byte that fills
      continue;
    }
    if (marker === EOI) {
      if (size === null || scans === 0) throw new Unsound("damaged");
      return { ...size, end: at + 2 };
    }
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= SOI)) throw new Unsound("damaged");
    const length = view.getUint16(at + 2);
    if (length < 2 || at + 2 + length > bytes.length) throw new Unsound("damaged");
    const isFrame = marker < 0xd0 && marker !== DHT && marker !== JPG && marker !== DAC;
    if (isFrame) {
      // A second one would be drawn by some programs and not by others.
      if (size !== null) throw new Unsound("damaged");
      size = sized(view.getUint16(at + 7), view.getUint16(at + 5));
    }
    at += 2 + length;
    if (marker !== SOS) continue;
    scans += 1;
    if (scans > MOST_SCANS) throw new Unsound("bomb");
    at = scanEnd(bytes, at);
  }
}

function scanEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; ; at += 2) {
    at = bytes.indexOf(0xff, at);
    const next = bytes[at + 1];
    if (at < 0 || next === undefined) throw new Unsound("damaged");
    if (next === 0xff)
      at -= 1; // a byte that fills
    else if (next !== 0 && !(next >= 0xd0 && next < SOI)) return at;
  }
}

function webp(bytes: Uint8Array): Picture {
  const view = viewOf(bytes);
  const u24 = (at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  const end = 8 + view.getUint32(4, true);
  if (end < bytes.length) throw new Unsound("two");
  if (end > bytes.length) throw new Unsound("damaged");
  const frames = new Frames();
  let size: { width: number; height: number } | null = null;
  let isDrawn = false;
  for (let at = 12; at < end; ) {
    const type = String.fromCharCode(...bytes.subarray(at, at + 4));
    const length = view.getUint32(at + 4, true);
    const body = at + 8;
    if (body + length > end) throw new Unsound("damaged");
    if (type === "VP8X") size = sized(u24(body + 4) + 1, u24(body + 7) + 1);
    else if (type === "ANMF") {
      frames.add(u24(body + 6) + 1, u24(body + 9) + 1);
      isDrawn = true;
    } else if (type === "VP8 " || type === "VP8L") {
      const own = type === "VP8 " ? lossy(view, body) : lossless(view, body);
      if (isDrawn) throw new Unsound("damaged");
      if (size !== null && (size.width !== own.width || size.height !== own.height)) {
        throw new Unsound("damaged");
      }
      [size, isDrawn] = [own, true];
    } else if (type !== "ALPH" && length > MOST_PACKED) throw new Unsound("bomb");
    at = body + length + (length % 2);
  }
  if (size === null || !isDrawn) throw new Unsound("damaged");
  return { type: "image/webp", ...size, notes: frames.notes() };
}

function lossy(view: DataView, at: number): { width: number; height: number } {
  if (view.getUint16(at + 3) !== 0x9d01 || view.getUint8(at + 5) !== 0x2a) {
    throw new Unsound("damaged");
  }
  return sized(view.getUint16(at + 6, true) & 0x3fff, view.getUint16(at + 8, true) & 0x3fff);
}

function lossless(view: DataView, at: number): { width: number; height: number } {
  if (view.getUint8(at) !== 0x2f) throw new Unsound("damaged");
  const bits = view.getUint32(at + 1, true);
  return sized((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
}
