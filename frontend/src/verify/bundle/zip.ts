/**
 * Zip archives in the one spelling that the exporter writes. Python: audit/bundles/archive.py.
 *
 * Every header is made anew from what was understood and compared byte by byte, so that nothing
 * in the file can be changed unnoticed, not even what unpacking programs skip.
 */

import { concat, equal, owned } from "../../bytes";

export const STORED = 0;
export const DEFLATED = 8;

const LOCAL = 30; // bytes
const CENTRAL = 46;
const END = 22;
const VERSION = 20;
const UNIX = 3 << 8;
const DATE = 0x21; // 1 January 1980
const RIGHTS = (0o100644 << 16) >>> 0;
const LONGEST_NAME = 64;
const NAME = /^[A-Za-z0-9./-]{1,64}$/;
const LARGEST = 512 * 1024 * 1024; // bytes of one file that a page takes into memory

/** Bytes that are not an archive as it is written here: damaged, changed, or packed anew. */
export class NotABundle extends Error {
  override readonly name = "NotABundle";
}

/** It may be sound, and is too large to be read here. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
}

export type Member = {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
};

/** Little-endian numbers: the first of each pair is how many bytes. */
function numbers(...fields: ReadonlyArray<readonly [2 | 4, number]>): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return bytes;
}

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const shared = (one: Member): ReadonlyArray<readonly [2 | 4, number]> => [
  [2, VERSION],
  [2, 0],
  [2, one.method],
  [2, 0],
  [2, DATE],
  [4, one.crc],
  [4, one.packed],
  [4, one.size],
  [2, one.name.length],
  [2, 0],
];

const localOf = (one: Member) =>
  concat(ascii("PK\x03\x04"), numbers(...shared(one)), ascii(one.name));

const centralOf = (one: Member) =>
  concat(
    ascii("PK\x01\x02"),
    numbers(
      [2, UNIX | VERSION],
      ...shared(one),
      [2, 0],
      [2, 0],
      [2, 0],
      [4, RIGHTS],
      [4, one.offset],
    ),
    ascii(one.name),
  );

const dataOf = (one: Member) => one.offset + LOCAL + one.name.length;
const endOf = (one: Member) => dataOf(one) + one.packed;

async function at(file: Blob, place: number, length: number): Promise<Uint8Array> {
  if (place < 0 || place + length > file.size) throw new NotABundle("it ends too early");
  return new Uint8Array(await file.slice(place, place + length).arrayBuffer());
}

/** @throws {NotABundle} unless all bytes outside the files' data are exactly as they are written. */
export async function membersOf(file: Blob): Promise<Member[]> {
  const end = await at(file, file.size - END, END);
  const view = new DataView(end.buffer);
  const count = view.getUint16(8, true);
  const length = view.getUint32(12, true);
  const start = view.getUint32(16, true);
  if (start + length + END !== file.size || length > count * (CENTRAL + LONGEST_NAME)) {
    throw new NotABundle("its end is not that of an archive");
  }
  const directory = await at(file, start, length);
  const members = listed(directory, count);
  const last = members.at(-1);
  const after = last === undefined ? 0 : endOf(last);
  const written = concat(
    ...members.map(centralOf),
    ascii("PK\x05\x06"),
    numbers([2, 0], [2, 0], [2, count], [2, count], [4, length], [4, start], [2, 0]),
  );
  if (!equal(concat(directory, end), written) || after !== start) {
    throw new NotABundle("its directory is not as it was written");
  }
  let place = 0;
  for (const one of members) {
    const header = localOf(one);
    if (one.offset !== place || !equal(await at(file, place, header.length), header)) {
      throw new NotABundle(`${one.name} does not begin as it was written`);
    }
    place = endOf(one);
  }
  return members;
}

function listed(directory: Uint8Array, count: number): Member[] {
  const view = new DataView(directory.buffer);
  const members: Member[] = [];
  let place = 0;
  for (let number = 0; number < count; number += 1) {
    if (place + CENTRAL > directory.length) throw new NotABundle("its directory ends too early");
    const length = view.getUint16(place + 28, true);
    const letters = directory.slice(place + CENTRAL, place + CENTRAL + length);
    const name = String.fromCharCode(...letters.slice(0, LONGEST_NAME + 1));
    const method = view.getUint16(place + 10, true);
    if (!NAME.test(name) || letters.length !== length || ![STORED, DEFLATED].includes(method)) {
      throw new NotABundle("the name of a file is none");
    }
    members.push({
      name,
      method,
      crc: view.getUint32(place + 16, true),
      packed: view.getUint32(place + 20, true),
      size: view.getUint32(place + 24, true),
      offset: view.getUint32(place + 42, true),
    });
    place += CENTRAL + length;
  }
  return members;
}

/** An archive of these files, in this order, as {@link membersOf} reads it; nothing is deflated. */
export function packed(files: readonly (readonly [name: string, content: Uint8Array])[]): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const members: Member[] = [];
  let offset = 0;
  for (const [name, content] of files) {
    const size = content.length;
    if (!NAME.test(name) || size > LARGEST) throw new TooLarge(name);
    const one = { name, method: STORED, crc: crc32(content), packed: size, size, offset };
    members.push(one);
    parts.push(localOf(one), owned(content));
    offset = endOf(one);
  }
  const directory = concat(...members.map(centralOf));
  const [count, length] = [members.length, directory.length];
  const end = numbers([2, 0], [2, 0], [2, count], [2, count], [4, length], [4, offset], [2, 0]);
  return new Blob([...parts, directory, concat(ascii("PK\x05\x06"), end)]);
}

/** The data of a member as it stands. @throws {TooLarge} */
export function packedOf(file: Blob, one: Member): Promise<Uint8Array> {
  if (one.size > LARGEST || one.packed > LARGEST) throw new TooLarge(one.name);
  return at(file, dataOf(one), one.packed);
}

/** The content of a member. @throws {NotABundle} if the data does not unpack to it. */
export async function unpacked(one: Member, packed: Uint8Array): Promise<Uint8Array> {
  const content = one.method === STORED ? packed : await inflated(one, packed);
  if (content.length !== one.size || crc32(content) !== one.crc) {
    throw new NotABundle(`${one.name} is not what it says`);
  }
  return content;
}

async function inflated(one: Member, packed: Uint8Array): Promise<Uint8Array> {
  const content = new Uint8Array(one.size);
  let size = 0;
  try {
    const stream = new Blob([owned(packed)])
      .stream()
      .pipeThrough(new DecompressionStream("deflate-raw"));
    const reader = stream.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      if (size + read.value.length > one.size) {
        await reader.cancel();
        throw new NotABundle(`${one.name} is longer than it says`);
      }
      content.set(read.value, size);
      size += read.value.length;
    }
  } catch (error) {
    if (error instanceof NotABundle) throw error;
    throw new NotABundle("its data does not unpack");
  }
  return content.subarray(0, size);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  return value >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (let place = 0; place < bytes.length; place += 1) {
    value = (value >>> 8) ^ (TABLE[(value ^ (bytes[place] ?? 0)) & 255] ?? 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}
