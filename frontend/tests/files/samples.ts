/** Small files of every kind, sound ones and those that are refused; made here, each of them whole. */

import { Deflate, deflateSync, zipSync, zlibSync } from "fflate";

export type Bytes = Uint8Array<ArrayBuffer>;

export function ascii(text: string): Bytes {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function joined(...parts: readonly (Uint8Array | string)[]): Bytes {
  const all = parts.map((part) => (typeof part === "string" ? ascii(part) : part));
  const whole = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of all) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const u32 = (value: number): number[] => [value >>> 24, value >>> 16, value >>> 8, value].map(byte);
const u16 = (value: number): number[] => [value >>> 8, value].map(byte);
const le16 = (value: number): number[] => [value, value >>> 8].map(byte);
const le24 = (value: number): number[] => [value, value >>> 8, value >>> 16].map(byte);
const le32 = (value: number): number[] => [...le24(value), byte(value >>> 24)];
const byte = (value: number): number => value & 0xff;

function crc(data: Uint8Array): number {
  let now = 0xffffffff;
  for (const one of data) {
    now ^= one;
    for (let bit = 0; bit < 8; bit += 1) now = (now >>> 1) ^ (now & 1 ? 0xedb88320 : 0);
  }
  return ~now >>> 0;
}

export function chunk(type: string, data: Uint8Array | readonly number[] = []): Bytes {
  const body = joined(type, Uint8Array.from(data));
  return joined(Uint8Array.from(u32(data.length)), body, Uint8Array.from(u32(crc(body))));
}

const PNG = "\x89PNG\r\n\x1a\n";
export const head = (width: number, height: number): Bytes =>
  chunk("IHDR", [...u32(width), ...u32(height), 8, 2, 0, 0, 0]);

/** Of one colour; its head may say more than is there. */
export function png({ width = 24, height = 16 } = {}, more: readonly Uint8Array[] = []): Bytes {
  const row = [0, ...Array.from({ length: 24 }, () => [30, 90, 160]).flat()];
  const rows = Uint8Array.from(Array.from({ length: 16 }, () => row).flat());
  return joined(PNG, head(width, height), ...more, chunk("IDAT", zlibSync(rows)), chunk("IEND"));
}

/** A moving picture's frame, as its control says (PNG, 11.3.6.2). */
export const control = (width: number, height: number): Bytes =>
  chunk("fcTL", [...u32(0), ...u32(width), ...u32(height), ...Array(14).fill(0)]);

/** GIF89a of two colours with so many pictures, all of one pixel. */
export function gif({ width = 1, height = 1, frames = 1 } = {}): Bytes {
  const one = [0x2c, 0, 0, 0, 0, ...le16(width), ...le16(height), 0, 2, 2, 0x44, 1, 0];
  const all = Array.from({ length: frames }, () => one).flat();
  const table = [0, 0, 0, 255, 255, 255];
  const screen = [...le16(width), ...le16(height), 0x80, 0, 0, ...table];
  return joined("GIF89a", Uint8Array.from([...screen, ...all, 0x3b]));
}

export const segment = (marker: number, data: Uint8Array | readonly number[]): Bytes =>
  Uint8Array.from([0xff, marker, ...u16(data.length + 2), ...data]);

/** The structure of a JPEG; what is in its scan is nothing that draws. */
export function jpeg(
  { width = 8, height = 8, scans = 1 } = {},
  more: readonly Uint8Array[] = [],
): Bytes {
  const frame = segment(0xc0, [8, ...u16(height), ...u16(width), 1, 1, 0x11, 0]);
  const scan = joined(segment(0xda, [1, 1, 0, 0, 63, 0]), "\x12\xff\x00\x34\xff\xd0\x56");
  return joined("\xff\xd8", ...more, frame, ...Array<Bytes>(scans).fill(scan), "\xff\xd9");
}

/** A chunk of RIFF, filled up to an even length. */
export function riff(type: string, data: readonly number[]): Bytes {
  const fill = data.length % 2 === 1 ? [0] : [];
  return Uint8Array.from([...ascii(type), ...le32(data.length), ...data, ...fill]);
}

export const vp8l = (width: number, height: number): Bytes =>
  riff("VP8L", [0x2f, ...le32((width - 1) | ((height - 1) << 14)), 0]);
export const vp8x = (width: number, height: number, flags = 0): Bytes =>
  riff("VP8X", [flags, 0, 0, 0, ...le24(width - 1), ...le24(height - 1)]);
export const anmf = (width: number, height: number): Bytes =>
  riff("ANMF", [...Array(6).fill(0), ...le24(width - 1), ...le24(height - 1), 0, 0, 0, 0]);

export function webp(...chunks: readonly Uint8Array[]): Bytes {
  const body = joined("WEBP", ...chunks);
  return joined("RIFF", Uint8Array.from(le32(body.length)), body);
}

/** One whose last record says that what is true stands before it. */
export function zip64(): Bytes {
  const made = zip();
  made.fill(0xff, made.length - 10, made.length - 2); // size and place of its list
  return made;
}

export const zip = (): Bytes => new Uint8Array(zipSync({ "a.class": ascii("x") }, { level: 0 }));

export type Pdf = {
  readonly pages?: readonly string[];
  /** In the catalogue. */
  readonly catalogue?: string;
  /** More objects, by number from 90 on: a whole stream, or a value. */
  readonly objects?: readonly (string | Uint8Array)[];
  /** In the content of each page, behind its text. */
  readonly content?: string;
};

/** A PDF with a line of text on each page, and a table of what stands where. */
export function pdf({
  pages = ["Hoja"],
  catalogue = "",
  objects = [],
  content = "",
}: Pdf = {}): Bytes {
  const kids = pages.map((_, at) => `${4 + 2 * at} 0 R`).join(" ");
  const bodies = new Map<number, Uint8Array | string>([
    [1, `<< /Type /Catalog /Pages 2 0 R ${catalogue} >>`],
    [2, `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`],
    [3, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"],
  ]);
  for (const [at, text] of pages.entries()) {
    const resources = "/Resources << /Font << /F1 3 0 R >> /XObject << /X 90 0 R >> >>";
    const contents = `/Contents ${5 + 2 * at} 0 R`;
    bodies.set(
      4 + 2 * at,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 300] ${contents} ${resources} >>`,
    );
    const drawn = `BT /F1 24 Tf 40 200 Td (${text}) Tj ET ${content}`;
    bodies.set(5 + 2 * at, stream("/Filter /FlateDecode", zlibSync(ascii(drawn))));
  }
  for (const [at, body] of objects.entries()) bodies.set(90 + at, body);
  let out = ascii("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
  const places: string[] = [];
  for (const [number, body] of bodies) {
    const place = String(out.length).padStart(10, "0");
    places.push(`${number} 1\n${place} 00000 n \n`);
    out = joined(out, `${number} 0 obj\n`, body, "\nendobj\n");
  }
  const table = `xref\n0 1\n0000000000 65535 f \n${places.join("")}`;
  const trailer = "trailer\n<< /Size 200 /Root 1 0 R >>\n";
  return joined(out, table, trailer, `startxref\n${out.length}\n%%EOF\n`);
}

export function stream(entries: string, data: Uint8Array | string): Bytes {
  return joined(`<< /Length ${data.length} ${entries} >>\nstream\n`, data, "\nendstream");
}

const PIECE = 1_000_000;

/** So many millions of zeroes, packed: the first million is packed, and said again and again. */
export function zeroes(millions: number): Bytes {
  const piece: Uint8Array[] = [];
  const deflate = new Deflate({ level: 9 }, (some) => piece.push(some));
  deflate.push(new Uint8Array(PIECE));
  deflate.flush(true); // it ends with a byte, so that anything may follow
  const again = joined(...piece);
  // RFC 1950: its header, and Adler-32, whose first half counts no zeroes
  const sum = (((millions * PIECE) % 65_521) << 16) | 1;
  const pieces = Array.from({ length: millions }, () => again);
  return joined(
    Uint8Array.of(0x78, 0xda),
    ...pieces,
    deflateSync(new Uint8Array()),
    Uint8Array.from(u32(sum)),
  );
}

/** Zeroes, packed so often. */
export function packed(bytes: number, times: number): Bytes {
  let data = new Uint8Array(bytes);
  for (let time = 0; time < times; time += 1) data = new Uint8Array(zlibSync(data, { level: 9 }));
  return data;
}
