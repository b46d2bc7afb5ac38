/**
 * What cameras and programs write into pictures beside the picture: found, and taken out without
 * changing a pixel. JPEG (ITU-T T.81, Exif 2.32) and PNG (W3C) alone; of other files nothing is known
 * here.
 *
 * Also what stands between the parts that a picture is drawn from, and after its end, where telephones
 * put further pictures and films. What comes out is made of slices of the file itself.
 */

/**
 * Bytes of a picture that are looked at: most are shorter. What a longer one has behind them stays.
 */
const HEAD = 64 * 1024 * 1024;

export type Metadata = {
  /** Anything that is no part of the picture: a camera's name, a time, a comment. */
  readonly any: boolean;
  /** Where it was taken. */
  readonly place: boolean;
};

type Part = { readonly from: number; readonly to: number };
type Cut = {
  readonly found: Metadata;
  /** What stays, in order. */
  readonly kept: readonly Part[];
  /** How the picture is to be turned (Exif 1 to 8), which a JPEG says among what is taken out. */
  readonly orientation: number;
};

const NOTHING: Metadata = { any: false, place: false };

export async function metadataOf(file: Blob): Promise<Metadata> {
  return (await cutOf(file))?.found ?? NOTHING;
}

/** The same picture without what is written into it; the file itself if that holds nothing. */
export async function withoutMetadata(file: Blob): Promise<Blob> {
  const cut = await cutOf(file);
  if (cut === null || !cut.found.any) return file;
  const parts: BlobPart[] = cut.kept.map(({ from, to }) => file.slice(from, to));
  if (cut.orientation > 1) parts.splice(1, 0, turned(cut.orientation));
  return new Blob(parts, { type: file.type });
}

async function cutOf(file: Blob): Promise<Cut | null> {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  if (head[0] === 0xff && head[1] === 0xd8) return cutJpeg(head, file.size);
  if (PNG.every((byte, at) => head[at] === byte)) return cutPng(head, file.size);
  return null;
}

const [SOI, EOI, SOS, APP0, APP1, APP2, APP14, APP15, COM] = [
  ...[0xd8, 0xd9, 0xda, 0xe0, 0xe1, 0xe2, 0xee, 0xef, 0xfe],
] as const;

/** Segments that the picture is drawn with: JFIF, a colour profile, Adobe's colours. */
function isOfPicture(marker: number, body: Uint8Array): boolean {
  if (marker < APP0 || (marker > APP15 && marker !== COM)) return true;
  if (marker === APP0) return begins(body, "JFIF\0");
  if (marker === APP2) return begins(body, "ICC_PROFILE\0");
  return marker === APP14 && begins(body, "Adobe");
}

function cutJpeg(head: Uint8Array, size: number): Cut | null {
  const kept: Part[] = [{ from: 0, to: 2 }];
  let [any, place, orientation, drawn] = [false, false, 1, false];
  let at = 2;
  while (at + 2 <= head.length) {
    const marker = head[at + 1] ?? 0;
    if (head[at] !== 0xff || marker === SOI || (marker === EOI && !drawn)) return null;
    if (marker === EOI) {
      kept.push({ from: at, to: at + 2 });
      any ||= at + 2 < size;
      return { found: { any, place }, kept: joined(kept), orientation };
    }
    const to = at + 2 + (((head[at + 2] ?? 0) << 8) | (head[at + 3] ?? 0));
    if (to < at + 4 || to > head.length) break;
    const body = head.subarray(at + 4, to);
    if (marker === SOS) {
      const end = endOfScan(head, to);
      kept.push({ from: at, to: end });
      drawn = true;
      at = end;
      continue;
    }
    if (isOfPicture(marker, body)) kept.push({ from: at, to });
    else {
      any = true;
      if (marker === APP1 && begins(body, "Exif\0\0")) {
        const exif = exifOf(body.subarray(6));
        orientation = exif.orientation;
        place ||= exif.place;
      }
      if (begins(body, "http://ns.adobe.com/xap/1.0/")) place ||= holds(body, "GPSL");
    }
    at = to;
  }
  if (!drawn) return null;
  // Longer than what is looked at, or cut off: what is left of it stays.
  kept.push({ from: at, to: size });
  return { found: { any, place }, kept: joined(kept), orientation };
}

/** Where the next marker stands after a scan: a byte of 0xff in it is followed by 0 or a restart. */
function endOfScan(head: Uint8Array, from: number): number {
  let at = head.indexOf(0xff, from);
  while (at >= 0 && at + 1 < head.length) {
    const next = head[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
    at = head.indexOf(0xff, next === 0xff ? at + 1 : at + 2);
  }
  return head.length;
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

/** An Exif segment that says how the picture is turned, and nothing else. */
function turned(orientation: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...[0xff, APP1, 0x00, 0x22, 0x45, 0x78, 0x69, 0x66, 0x00, 0x00], // Exif
    ...[0x4d, 0x4d, 0x00, 0x2a, 0x00, 0x00, 0x00, 0x08, 0x00, 0x01], // MM, one entry
    ...[0x01, 0x12, 0x00, 0x03, 0x00, 0x00, 0x00, 0x01, 0x00, orientation, 0x00, 0x00],
    ...[0x00, 0x00, 0x00, 0x00],
  ]);
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;
const WRITTEN: ReadonlySet<string> = new Set(["tEXt", "zTXt", "iTXt", "eXIf", "tIME"]);

function cutPng(head: Uint8Array, size: number): Cut | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const kept: Part[] = [{ from: 0, to: 8 }];
  let [any, place] = [false, false];
  let at = 8;
  while (at + 12 <= head.length) {
    const to = at + 12 + view.getUint32(at);
    const type = String.fromCharCode(...head.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(type) || to > size) return null;
    if (WRITTEN.has(type)) {
      any = true;
      if (type === "eXIf") place ||= exifOf(head.subarray(at + 8, to - 4)).place;
    } else kept.push({ from: at, to });
    if (type === "IEND") return { found: { any, place }, kept: joined(kept), orientation: 1 };
    at = to;
  }
  // The picture itself is longer than what is looked at: what stands after it stays.
  kept.push({ from: Math.min(at, size), to: size });
  return { found: { any, place }, kept: joined(kept), orientation: 1 };
}

function joined(parts: readonly Part[]): Part[] {
  const whole: Part[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    // The first stands alone: what says how a picture is turned comes right after it.
    if (whole.length > 1 && last?.to === part.from) {
      whole[whole.length - 1] = { from: last.from, to: part.to };
    } else whole.push(part);
  }
  return whole;
}

function begins(bytes: Uint8Array, text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (bytes[at] !== text.charCodeAt(at)) return false;
  return true;
}

function holds(bytes: Uint8Array, text: string): boolean {
  return new TextDecoder("latin1").decode(bytes).includes(text);
}
