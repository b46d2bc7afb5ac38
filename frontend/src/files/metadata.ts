/**
 * What cameras and programs write into pictures beside the picture: found, and taken out without
 * changing a pixel. JPEG (ITU-T T.81, Exif 2.32), PNG (W3C) and WebP (RFC 9649) alone; of other files
 * nothing is known here.
 *
 * What comes out is made of slices of the file itself: nothing is held in memory but its headers.
 */

/** Bytes of a picture that are in memory at once, and of one thing written into it at most. */
const WINDOW = 1024 * 1024;

/** A file, looked at from its start to its end through a window. */
class Looked {
  #from = 0;
  #bytes = new Uint8Array();

  constructor(private readonly file: Blob) {}

  get size(): number {
    return this.file.size;
  }

  /** Up to `length` bytes from `at` on: fewer at the end of the file. */
  async at(at: number, length: number): Promise<Uint8Array> {
    const end = Math.min(at + length, this.size);
    if (at < this.#from || end > this.#from + this.#bytes.length) {
      const slice = this.file.slice(at, at + Math.max(length, WINDOW));
      this.#bytes = new Uint8Array(await slice.arrayBuffer());
      this.#from = at;
    }
    return this.#bytes.subarray(at - this.#from, Math.max(at, end) - this.#from);
  }

  /** What is in the window from `at` on: two bytes at least, unless the file ends there. */
  async rest(at: number): Promise<Uint8Array> {
    await this.at(at, 2);
    return this.#bytes.subarray(at - this.#from);
  }
}

export type Metadata = {
  /** Anything that is no part of the picture: a camera's name, a time, a comment. */
  readonly any: boolean;
  /** Where it was taken. */
  readonly place: boolean;
};

/** `bytes`: what stands in the place of that part. */
type Part = {
  readonly from: number;
  readonly to: number;
  readonly bytes?: Uint8Array<ArrayBuffer>;
};
type Cut = {
  readonly found: Metadata;
  /** What stays, in order. */
  readonly kept: readonly Part[];
  /** What says how the picture is to be turned and nothing else, and before which part it stands. */
  readonly turned?: { readonly before: number; readonly bytes: Uint8Array<ArrayBuffer> };
  /** A head that is another one without what was taken out. */
  readonly head?: Uint8Array<ArrayBuffer>;
};

const NOTHING: Metadata = { any: false, place: false };

export async function metadataOf(file: Blob): Promise<Metadata> {
  return (await cutOf(file))?.found ?? NOTHING;
}

/** The same picture without what is written into it; the file itself if that holds nothing. */
export async function withoutMetadata(file: Blob): Promise<Blob> {
  const cut = await cutOf(file);
  if (cut === null || !cut.found.any) return file;
  const parts: BlobPart[] = cut.kept.map(({ from, to, bytes }) => bytes ?? file.slice(from, to));
  if (cut.turned !== undefined) parts.splice(cut.turned.before, 0, cut.turned.bytes);
  if (cut.head !== undefined) parts[0] = cut.head;
  return new Blob(parts, { type: file.type });
}

async function cutOf(file: Blob): Promise<Cut | null> {
  const looked = new Looked(file);
  const head = await looked.at(0, PNG.length);
  if (head[0] === 0xff && head[1] === SOI) return cutJpeg(looked);
  if (PNG.every((byte, at) => head[at] === byte)) return cutPng(looked);
  if (begins(head, "RIFF") && begins(await looked.at(8, 4), "WEBP")) return cutWebp(looked);
  return null;
}

const [SOI, EOI, SOS, APP0, APP1, APP2, APP14] = [
  0xd8, 0xd9, 0xda, 0xe0, 0xe1, 0xe2, 0xee,
] as const;
const [SOF0, DHP, EXP, RST0] = [0xc0, 0xde, 0xdf, 0xd0] as const;

/** Segments that have one length and no more to say: JFIF 1.02 without its small picture, Adobe's. */
const JFIF = { begins: "JFIF\0", length: 14, thumbnail: 12 } as const;
const ADOBE = { begins: "Adobe", length: 12 } as const;

/**
 * What a picture is drawn with of a segment's body: tables, frames, scans, JFIF's size of a pixel, its
 * colours; null if it is nothing of that.
 */
function drawnWith(marker: number, body: Uint8Array): Uint8Array | null {
  if (marker === APP0) {
    if (!begins(body, JFIF.begins) || body.length < JFIF.length) return null;
    // No small picture: it may still show what was cut off the large one.
    return Uint8Array.from([...body.subarray(0, JFIF.thumbnail), 0, 0]);
  }
  if (marker === APP2) return begins(body, "ICC_PROFILE\0") ? body : null;
  if (marker === APP14) return begins(body, ADOBE.begins) ? body.subarray(0, ADOBE.length) : null;
  return marker >= SOF0 && marker <= EXP && marker !== DHP ? body : null;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

async function cutJpeg(looked: Looked): Promise<Cut | null> {
  const kept: Part[] = [{ from: 0, to: 2 }];
  let [any, place, orientation] = [false, false, 1];
  let at = 2;
  for (;;) {
    const [mark, marker = 0, high = 0, low = 0] = await looked.at(at, 4);
    if (mark === 0xff && marker === 0xff) {
      at += 1; // a byte that fills
      continue;
    }
    if (mark === undefined || (mark === 0xff && marker === EOI)) {
      const to = Math.min(at + 2, looked.size);
      kept.push({ from: at, to });
      // Other pictures, a film: what a camera puts behind the picture is none of it.
      any ||= to < looked.size;
      const turned =
        orientation > 1 ? { before: 1, bytes: app1(exifSaying(orientation)) } : undefined;
      return { found: { any, place }, kept: joined(kept), ...(turned && { turned }) };
    }
    const to = at + 2 + ((high << 8) | low);
    const standsAlone = marker < SOF0 || (marker >= RST0 && marker <= SOI);
    if (mark !== 0xff || standsAlone || to < at + 4 || to > looked.size) return null;
    const body = (await looked.at(at, to - at)).subarray(4);
    const drawn = drawnWith(marker, body);
    if (drawn !== null && isSame(drawn, body)) kept.push({ from: at, to });
    else if (drawn !== null) {
      any = true;
      kept.push({ from: at, to, bytes: segment(marker, drawn) });
    } else {
      any = true;
      if (marker === APP1 && begins(body, "Exif\0\0")) {
        const exif = exifOf(body.subarray(6));
        orientation = exif.orientation;
        place ||= exif.place;
      }
      if (begins(body, "http://ns.adobe.com/xap/1.0/")) place ||= saysPlace(body);
    }
    at = marker === SOS ? await scanEnd(looked, to) : to;
    if (marker === SOS) kept.push({ from: to, to: at });
  }
}

function segment(marker: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = body.length + 2;
  return Uint8Array.from([0xff, marker, length >> 8, length & 0xff, ...body]);
}

/** Where a scan ends: at the next marker that is no restart and no stuffed byte. */
async function scanEnd(looked: Looked, from: number): Promise<number> {
  let at = from;
  while (at + 1 < looked.size) {
    const bytes = await looked.rest(at);
    const found = bytes.indexOf(0xff);
    const next = bytes[found + 1];
    if (found < 0) at += bytes.length;
    else if (next === undefined)
      at += found || 1; // on the edge of the window
    else if (next === 0 || (next >= RST0 && next < SOI)) at += found + 2;
    else return at + found;
  }
  return looked.size;
}

/** The first directory of TIFF 6.0: whether it points to a place, and how the picture is turned. */
function exifOf(tiff: Uint8Array): { place: boolean; orientation: number } {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const found = { place: false, orientation: 1 };
  if (tiff.length < 8) return found;
  const little = begins(tiff, "II");
  const at = view.getUint32(4, little);
  if (at + 2 > tiff.length) return found;
  const count = view.getUint16(at, little);
  for (let entry = at + 2; entry < at + 2 + count * 12 && entry + 12 <= tiff.length; entry += 12) {
    const tag = view.getUint16(entry, little);
    if (tag === 0x8825) found.place = true;
    if (tag === 0x0112) {
      const value = view.getUint16(entry + 8, little);
      if (value >= 1 && value <= 8) found.orientation = value;
    }
  }
  return found;
}

/** Exif that says how the picture is turned, and nothing else. */
function exifSaying(orientation: number): readonly number[] {
  return [
    ...[0x4d, 0x4d, 0x00, 0x2a, 0x00, 0x00, 0x00, 0x08, 0x00, 0x01], // MM, one entry
    ...[0x01, 0x12, 0x00, 0x03, 0x00, 0x00, 0x00, 0x01, 0x00, orientation, 0x00, 0x00],
    ...[0x00, 0x00, 0x00, 0x00],
  ];
}

function app1(exif: readonly number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([0xff, APP1, 0x00, 0x22, 0x45, 0x78, 0x69, 0x66, 0x00, 0x00, ...exif]);
}

/** Whether XMP names coordinates (exif:GPSLatitude). */
function saysPlace(xmp: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(xmp).includes("GPSL");
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;
/** What a picture is drawn with (PNG 3rd edition, 11 and 12): all else is written into it. */
const DRAWN: ReadonlySet<string> = new Set([
  ...["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP"],
  ...["mDCV", "cLLI", "bKGD", "hIST", "pHYs", "sPLT", "acTL", "fcTL", "fdAT"],
]);

async function cutPng(looked: Looked): Promise<Cut | null> {
  const kept: Part[] = [{ from: 0, to: 8 }];
  let [any, place] = [false, false];
  for (let at = 8; ; ) {
    const head = await looked.at(at, 8);
    if (head.length < 8) return null;
    const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
    const type = String.fromCharCode(...head.subarray(4));
    const to = at + 12 + length;
    if (!/^[A-Za-z]{4}$/.test(type) || to > looked.size) return null;
    if (DRAWN.has(type)) kept.push({ from: at, to });
    else {
      any = true;
      const body = length <= WINDOW ? await looked.at(at + 8, length) : new Uint8Array();
      if (type === "eXIf") place ||= exifOf(body).place;
      // As long as it is not packed: what is in a packed text is not looked for.
      if (type === "iTXt") place ||= saysPlace(body);
    }
    at = to;
    if (type !== "IEND") continue;
    // What a program that cut the picture may have left behind it.
    any ||= at < looked.size;
    return { found: { any, place }, kept: joined(kept) };
  }
}

/** Bits of a WebP's head: that it has Exif, that it has XMP. */
const [HAS_EXIF, HAS_XMP] = [0x08, 0x04] as const;
/** What a WebP is drawn with (RFC 9649, 2.7): its head, colours, pictures and their transparency. */
const PAINTED: ReadonlySet<string> = new Set([
  "VP8X",
  "VP8 ",
  "VP8L",
  "ALPH",
  "ANIM",
  "ANMF",
  "ICCP",
]);

async function cutWebp(looked: Looked): Promise<Cut | null> {
  const first = await looked.at(0, 30);
  const end = 8 + u32(first, 4);
  if (first.length < 20 || end > looked.size) return null;
  const extended = begins(first.subarray(12), "VP8X") && u32(first, 16) === 10 && end >= 30;
  const kept: Part[] = [{ from: 0, to: extended ? 30 : 12 }];
  let [any, place, orientation] = [end < looked.size, false, 1];
  for (let at = extended ? 30 : 12; at < end; ) {
    const head = await looked.at(at, 8);
    if (head.length < 8) return null;
    const length = u32(head, 4);
    const type = String.fromCharCode(...head.subarray(0, 4));
    const to = at + 8 + length + (length % 2);
    if (to > end) return null;
    if (PAINTED.has(type)) kept.push({ from: at, to });
    else {
      any = true;
      const body = length <= WINDOW ? await looked.at(at + 8, length) : new Uint8Array();
      if (type === "XMP ") place ||= saysPlace(body);
      if (type === "EXIF") {
        const exif = exifOf(begins(body, "Exif\0\0") ? body.subarray(6) : body);
        orientation = exif.orientation;
        place ||= exif.place;
      }
    }
    at = to;
  }
  const parts = joined(kept);
  const exif = orientation > 1 && extended ? riffExif(exifSaying(orientation)) : new Uint8Array();
  const size = parts.reduce((sum, { from, to }) => sum + to - from, exif.length);
  const head = new Uint8Array(first.subarray(0, extended ? 30 : 12));
  new DataView(head.buffer).setUint32(4, size - 8, true);
  if (extended) {
    const flags = (head[20] ?? 0) & ~HAS_EXIF & ~HAS_XMP;
    head[20] = flags | (exif.length > 0 ? HAS_EXIF : 0);
  }
  const turned = exif.length > 0 ? { before: parts.length, bytes: exif } : undefined;
  return { found: { any, place }, kept: parts, head, ...(turned && { turned }) };
}

function riffExif(exif: readonly number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([0x45, 0x58, 0x49, 0x46, exif.length, 0, 0, 0, ...exif]); // EXIF
}

/** Little-endian, as RIFF counts. */
function u32(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
  return a + b * 2 ** 8 + c * 2 ** 16 + d * 2 ** 24;
}

function joined(parts: readonly Part[]): Part[] {
  const whole: Part[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    // The first stands alone: what says how a picture is turned comes right after it.
    if (whole.length > 1 && last?.to === part.from && !last.bytes && !part.bytes) {
      whole[whole.length - 1] = { from: last.from, to: part.to };
    } else whole.push(part);
  }
  return whole;
}

function begins(bytes: Uint8Array, text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (bytes[at] !== text.charCodeAt(at)) return false;
  return true;
}
