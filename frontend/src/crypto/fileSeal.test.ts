import fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../../tests/vectors/files.json";
import { hex, sha256, utf8 } from "../bytes";
import {
  CHUNK,
  type FileKey,
  MOST_BYTES,
  newFileKey,
  PieceUnreadable,
  paddedSize,
  pieceLength,
  piecesOf,
  piecesUnder,
  sealedDigest,
} from "./fileSeal";

const ID = vectors.id;
const OTHER = "3f2b8c1e-5d64-4f0a-9b7e-1c2d3e4f5a6c";
const known: FileKey = { id: ID, key: hex.decode(vectors.key), prefix: hex.decode(vectors.prefix) };

function partsOf(data: Uint8Array): Uint8Array[] {
  return Array.from({ length: piecesOf(data.length) }, (_, at) =>
    data.subarray(at * CHUNK, (at + 1) * CHUNK),
  );
}

async function sealAll(under: FileKey, data: Uint8Array): Promise<Uint8Array[]> {
  const pieces = await piecesUnder(under, data.length);
  return Promise.all(partsOf(data).map((part, index) => pieces.seal(index, part)));
}

describe("a sealed file", () => {
  it.each(vectors.files)("is what another program makes of it: $name", async (file) => {
    const data =
      file.text === null
        ? Uint8Array.from({ length: file.length }, (_, at) => at % 251)
        : utf8.encode(file.text);
    const sealed = await sealAll(known, data);
    const digests = await Promise.all(sealed.map((piece) => sha256(piece)));
    expect(digests.map(hex.encode)).toEqual(file.pieces.map((piece) => piece.sha256));
    expect(hex.encode(await sealedDigest(ID, digests))).toBe(file.sealed);
    expect(sealed.reduce((sum, piece) => sum + piece.length, 0)).toBe(
      file.size + 16 * file.pieces.length,
    );
  });

  it("opens to what it was, piece by piece, whatever its length", async () => {
    const lengths = fc.oneof(
      fc.nat(9000),
      fc.integer({ min: CHUNK - 40_000, max: CHUNK + 60_000 }),
    );
    await fc.assert(
      fc.asyncProperty(lengths, fc.nat(255), async (length, first) => {
        const data = Uint8Array.from({ length }, (_, at) => (first + at * 7) & 255);
        const under = newFileKey(ID);
        const pieces = await piecesUnder(under, length);
        const sealed = await sealAll(under, data);
        for (const [index, part] of partsOf(data).entries()) {
          const opened = await pieces.open(index, sealed[index] ?? new Uint8Array());
          expect(hex.encode(await sha256(opened))).toBe(hex.encode(await sha256(part)));
        }
      }),
      { numRuns: 12 },
    );
  });
});

describe("a piece", () => {
  const data = new Uint8Array(2 * CHUNK + 77).fill(9);

  it("does not open in another's place", async () => {
    const pieces = await piecesUnder(known, data.length);
    const sealed = await sealAll(known, data);
    const [first = new Uint8Array(), second = new Uint8Array()] = sealed;
    await expect(pieces.open(0, second)).rejects.toThrow(PieceUnreadable);
    await expect(pieces.open(1, first)).rejects.toThrow(PieceUnreadable);
    await pieces.open(1, second);
  });

  it("does not open as the last one of a shorter file, nor the last one before more", async () => {
    const sealed = await sealAll(known, data);
    const shorter = await piecesUnder(known, CHUNK + 10);
    await expect(shorter.open(1, sealed[1] ?? data)).rejects.toThrow(PieceUnreadable);
    const short = await sealAll(known, data.subarray(0, 4096));
    const longer = await piecesUnder(known, data.length);
    await expect(longer.open(0, short[0] ?? data)).rejects.toThrow(PieceUnreadable);
  });

  it("does not open as another file's, under another key or prefix, or changed by a bit", async () => {
    const part = new Uint8Array(100);
    const sealed = (await sealAll(known, part))[0] ?? part;
    const under = async (change: Partial<FileKey>) => piecesUnder({ ...known, ...change }, 100);
    for (const change of [
      { id: OTHER },
      { key: new Uint8Array(32) },
      { prefix: new Uint8Array(7) },
    ]) {
      await expect((await under(change)).open(0, sealed)).rejects.toThrow(PieceUnreadable);
    }
    for (const at of [0, 50, 4096, sealed.length - 1]) {
      const bent = sealed.with(at, (sealed[at] ?? 0) ^ 1);
      await expect((await under({})).open(0, bent)).rejects.toThrow(PieceUnreadable);
    }
    await expect((await under({})).open(0, sealed.subarray(1))).rejects.toThrow(PieceUnreadable);
  });

  it("whose padding says something is refused", async () => {
    const whole = await piecesUnder(known, 4096);
    const sealed = await whole.seal(0, new Uint8Array(4096).fill(1));
    await expect((await piecesUnder(known, 4095)).open(0, sealed)).rejects.toThrow(PieceUnreadable);
  });
});

describe("padding", () => {
  it("costs at most a twentieth above four kibibytes, and is the server's", () => {
    for (const size of vectors.sizes.slice(0, -1)) {
      expect(paddedSize(size)).toBe(size);
      expect(paddedSize(size + 1)).toBeLessThanOrEqual(size * 1.05);
      expect(vectors.sizes).toContain(paddedSize(size + 1));
    }
    expect(paddedSize(0)).toBe(4096);
    expect(paddedSize(MOST_BYTES)).toBe(vectors.sizes.at(-1));
    expect(() => paddedSize(MOST_BYTES + 1)).toThrow(RangeError);
  });

  it("fills the last piece, and those after the file's own", () => {
    expect(pieceLength(CHUNK + 5, 0)).toBe(CHUNK);
    expect(pieceLength(CHUNK + 5, 1)).toBe(paddedSize(CHUNK + 5) - CHUNK);
  });
});
