import { describe, expect, it } from "vitest";
import type { LineRecord } from "../../store/records";
import { Piece } from "./piece";

const AT = "2026-03-03T10:00:00Z";

function line(seq: number, text: string, over = {}): LineRecord {
  const base = { seq, chain: new Uint8Array(), at: AT, others: 0, id: `m${seq}` };
  return { ...base, kind: "message", person: "ana", device: "d", mine: false, text, ...over };
}

const found = (piece: Piece | null, text: string): number[] | undefined =>
  piece?.find({ text }).map(({ seq }) => seq);

describe("a piece of the index", () => {
  it("holds messages that say something here, and no others", () => {
    const piece = Piece.of([
      line(1, "dice algo"),
      line(2, "", { withdrawn: { person: "ana", at: AT, seq: 9 } }),
      line(3, "algo ilegible", { error: "epoch" }),
      { kind: "silent", seq: 4, chain: new Uint8Array(), at: AT, others: 0 },
    ]);
    expect(found(piece, "algo")).toEqual([1]);
    expect([piece.count, piece.since]).toEqual([1, AT]);
  });

  it("finds a message by the name of a file that goes with it", () => {
    const file = { name: "Informe_de_seguridad.PDF" };
    const piece = Piece.of([line(1, "", { files: [file] }), line(2, "seguro que sí")]);
    expect(found(piece, "seguridad")).toEqual([1]);
    expect(found(piece, "informe pdf")).toEqual([1]);
  });

  it("finds the same after it was kept as plain data", () => {
    const kept = JSON.parse(JSON.stringify(Piece.of([line(7, "La lancha azul")]).kept()));
    expect(found(Piece.restored(kept), "lanch")).toEqual([7]);
  });

  it("is none where it was kept by another program or is damaged", () => {
    const kept = Piece.of([line(7, "La lancha")]).kept();
    expect(Piece.restored({ ...kept, format: kept.format + 1 })).toBeNull();
    expect(Piece.restored({ ...kept, index: { serializationVersion: 1 } })).toBeNull();
  });

  it("finds a reference by its parts, and nothing by marks alone", () => {
    const piece = Piece.of([line(1, "Véase SV-2026-0147."), line(2, "otra cosa")]);
    expect(found(piece, "sv-2026-0147")).toEqual([1]);
    expect(found(piece, "2026 014")).toEqual([1]);
  });
});
