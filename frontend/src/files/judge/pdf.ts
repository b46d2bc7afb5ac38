/**
 * A PDF, judged before anything unpacks it: that it begins and ends where the file does and is nothing
 * else as well, and that no stream says of itself that it unpacks in a roundabout way or to too much.
 *
 * What stands in object streams and in the content of pages is not seen here: it is counted while it
 * is unpacked (viewer/room.ts). Every stream itself stands in the open (ISO 32000-2, 7.5.7), so that
 * filters that are named from elsewhere are refused.
 */

import { NOTES, type Note, Unsound } from "./kinds";
import { Tokens, type Value } from "./pdfTokens";
import { MOST_PIXELS } from "./pictures";
import { begins, isPage, isZipToo } from "./seen";

export const MOST_STREAMS = 100_000;
const MOST_OBJECTS = 1_000_000;
/** Of objects in one object stream. */
const MOST_PACKED = 200_000;
/** `[/ASCII85Decode /FlateDecode]` is usual, more is not. */
const MOST_FILTERS = 2;

const FULL: Readonly<Record<string, string>> = {
  A85: "ASCII85Decode",
  AHx: "ASCIIHexDecode",
  CCF: "CCITTFaxDecode",
  DCT: "DCTDecode",
  Fl: "FlateDecode",
  LZW: "LZWDecode",
  RL: "RunLengthDecode",
};
const FILTERS: ReadonlySet<string> = new Set([...Object.values(FULL), "JBIG2Decode", "JPXDecode"]);
/** Words in the open, outside of dictionaries. */
const WORDS: ReadonlySet<string> = new Set([
  ...["obj", "endobj", "stream", "endstream", "xref", "trailer", "startxref"],
  ...["n", "f", "R", "true", "false", "null"],
]);
/** What makes other programs run, open, fetch or send something. */
const ACTIVE: ReadonlySet<string> = new Set([
  ...["JavaScript", "JS", "Launch", "XFA", "RichMedia"],
  ...["SubmitForm", "ImportData", "GoToE", "GoToR", "Movie", "Sound", "AA"],
]);

/** What lies in it and does nothing until somebody takes it out: as `request.json` does in ours. */
const ATTACHED: ReadonlySet<string> = new Set(["EmbeddedFile", "EmbeddedFiles", "FileAttachment"]);

type Dict = Extract<Value, { is: "dict" }>;

/** @throws {Unsound} "differs", "two", "bomb", "locked", "damaged" */
export function judgePdf(bytes: Uint8Array): readonly Note[] {
  if (!begins(bytes, "%PDF-") || !isDigit(bytes[5])) throw new Unsound("differs");
  endsAsPdf(bytes);
  if (isZipToo(bytes) || isPage(bytes)) throw new Unsound("two");
  const found = new Set<Note>();
  const tokens = new Tokens(bytes, (name) => {
    if (ACTIVE.has(name)) found.add("active");
    if (ATTACHED.has(name)) found.add("attached");
  });
  let last: Value | null = null;
  let [objects, streams] = [0, 0];
  for (let value = tokens.next(); value !== null; value = tokens.next()) {
    if (value.is === "dict" && of(value, "Encrypt").length > 0) throw new Unsound("locked");
    if (value.is === "word") {
      if (!WORDS.has(value.text)) throw new Unsound("damaged");
      if (value.text === "obj") objects += 1;
      if (value.text === "stream") {
        if (last?.is !== "dict") throw new Unsound("damaged");
        streams += 1;
        const from = lineAfter(bytes, tokens.at);
        tokens.at = streamEnd(bytes, from, last);
        judgeStream(last, bytes.subarray(from, tokens.at));
      }
    }
    if (objects > MOST_OBJECTS || streams > MOST_STREAMS) throw new Unsound("bomb");
    last = value;
  }
  if (objects === 0) throw new Unsound("damaged");
  return NOTES.filter((one) => found.has(one));
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** The last mark of its end has nothing behind it but ends of lines, and what fills a block. */
function endsAsPdf(bytes: Uint8Array): void {
  let at = bytes.length - 1;
  while (at >= 0 && [0, 9, 10, 13, 32].includes(bytes[at] ?? 0)) at -= 1;
  if (begins(bytes, "%%EOF", at - 4)) return;
  let end = at;
  while (end >= 0 && !begins(bytes, "%%EOF", end)) end -= 1;
  throw new Unsound(end < 0 ? "damaged" : "two");
}

/** Data begin behind the end of the word's line (7.3.8.1). */
function lineAfter(bytes: Uint8Array, at: number): number {
  let from = at;
  if (bytes[from] === 13) from += 1;
  if (bytes[from] === 10) from += 1;
  return from;
}

function streamEnd(bytes: Uint8Array, from: number, dict: Dict): number {
  const [length] = of(dict, "Length");
  if (length?.is === "number" && length.value >= 0) {
    let at = from + length.value;
    for (let more = 0; more < 2 && [10, 13, 32].includes(bytes[at] ?? 0); more += 1) at += 1;
    if (begins(bytes, "endstream", at)) return at;
  }
  for (let at = bytes.indexOf(0x65, from); at >= 0; at = bytes.indexOf(0x65, at + 1)) {
    if (begins(bytes, "endstream", at)) return at;
  }
  throw new Unsound("damaged");
}

/** All values under one key: a key that stands twice means one thing here, another there. */
function of(dict: Dict, ...keys: readonly string[]): readonly Value[] {
  return dict.entries.flatMap(([key, value]) => (keys.includes(key) ? [value] : []));
}

function judgeStream(dict: Dict, data: Uint8Array): void {
  const filters = filtersOf(dict);
  const [type] = of(dict, "Type");
  if (type?.is === "name" && (type.text === "ObjStm" || type.text === "XRef")) {
    if (filters.length > 1) throw new Unsound("bomb");
    for (const count of of(dict, "N")) {
      if (count.is !== "number" || count.value > MOST_PACKED) throw new Unsound("bomb");
    }
  }
  const [subtype] = of(dict, "Subtype");
  const isImage = subtype?.is === "name" && subtype.text === "Image";
  const [width, height] = [
    sideOf(of(dict, "Width", "W"), isImage),
    sideOf(of(dict, "Height", "H"), isImage),
  ];
  if (isImage && width * height > MOST_PIXELS) throw new Unsound("bomb");
  // A picture inside may be larger than is said of it outside.
  const inside = filters[0] === "DCTDecode" ? jpegArea(data) : jpxArea(filters, data);
  if (inside > MOST_PIXELS) throw new Unsound("bomb");
}

/** @throws {Unsound} "bomb" if one stands twice, there are many, or they stand elsewhere; "decoder" */
function filtersOf(dict: Dict): readonly string[] {
  // `F` names a file outside (7.3.8.2), and pdf.js takes it for a filter as well.
  const named = of(dict, "Filter", "F");
  const filters = named.flatMap((value) => (value.is === "array" ? value.items : [value]));
  const names = filters.map((value) => {
    if (value.is === "word" && value.text === "null") return "";
    if (value.is !== "name") throw new Unsound("bomb");
    return FULL[value.text] ?? value.text;
  });
  const full = names.filter((name) => name !== "");
  if (named.length > 1 || full.length > MOST_FILTERS) throw new Unsound("bomb");
  if (new Set(full).size !== full.length) throw new Unsound("bomb");
  if (full.includes("Crypt")) throw new Unsound("locked");
  if (full.some((name) => !FILTERS.has(name))) throw new Unsound("decoder");
  return full;
}

/** The largest that is said; what an image says elsewhere cannot be foreseen. */
function sideOf(values: readonly Value[], isImage: boolean): number {
  let most = 0;
  for (const value of values) {
    if (value.is === "number") most = Math.max(most, value.value);
    else if (isImage) throw new Unsound("bomb");
  }
  return most;
}

/** As the frame of a JPEG says; 0 if there is none to be found. */
function jpegArea(data: Uint8Array): number {
  let most = 0;
  for (let at = data.indexOf(0xff); at >= 0 && at + 9 < data.length; ) {
    const marker = data[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker < 0xd0 && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) most = Math.max(most, u16(data, at + 5) * u16(data, at + 7));
    if (marker === 0xda) return most;
    const standsAlone = marker === 0xff || marker === 0xd8 || marker < 0xc0;
    at = data.indexOf(0xff, standsAlone ? at + 1 : at + 2 + Math.max(2, u16(data, at + 2)));
  }
  return most;
}

/** As the head of a JPEG 2000 codestream says (ITU-T T.800, A.5.1). */
function jpxArea(filters: readonly string[], data: Uint8Array): number {
  if (filters[0] !== "JPXDecode") return 0;
  for (let at = data.indexOf(0xff); at >= 0 && at < 4096; at = data.indexOf(0xff, at + 1)) {
    if (!begins(data, "\xff\x4f\xff\x51", at) || at + 16 > data.length) continue;
    const view = new DataView(data.buffer, data.byteOffset + at, 16);
    return view.getUint32(8) * view.getUint32(12);
  }
  // Without one there is nothing to draw, or it hides.
  throw new Unsound("damaged");
}

function u16(data: Uint8Array, at: number): number {
  return ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
}
