import { beforeAll, describe, expect, it } from "vitest";
import type { Book, Draft } from "../../rules/book";
import { AIM, screen } from "../../rules/engine";
import { loadBook } from "../../rules/load";
import { newDraft, put } from "./document";
import { gapAfter, gapsOf, orderOf } from "./gaps";
import { blockersOf, rowsOf } from "./screening";

let book: Book;
beforeAll(async () => {
  book = await loadBook();
});

const draftTo = (requested: string): Draft =>
  newDraft({
    language: "es",
    lawDate: "2026-11-24",
    requesting: "SV",
    requested,
    measures: ["bank_records"],
  });
const rowsFor = (draft: Draft) => rowsOf(book, draft, screen(book, draft, AIM));
const gapsFor = (draft: Draft) => gapsOf(book, draft, rowsFor(draft));

describe("the gaps of a draft", () => {
  it("begin with the requested State if none is chosen", () => {
    expect(gapsFor(draftTo(""))[0]).toMatchObject({ pointer: "requested_state", row: null });
    expect(gapsFor(draftTo("MX"))[0]?.row).not.toBeNull();
  });

  it("stand in the order of the form, each place once", () => {
    const draft = draftTo("MX");
    const gaps = gapsFor(draft);
    const order = orderOf(book, draft);
    const places = gaps.map(({ pointer }) => order.get(pointer) ?? Number.NaN);
    expect(places).toEqual([...new Set(places)].toSorted((one, other) => one - other));
    const sought = new Set(blockersOf(rowsFor(draft)).map(({ pointer }) => pointer));
    expect(new Set(gaps.map(({ pointer }) => pointer))).toEqual(sought);
  });

  it("are walked through one after the other, and then from the first again", () => {
    const draft = draftTo("MX");
    const gaps = gapsFor(draft);
    const walked: string[] = [];
    let last: string | null = null;
    for (const _ of gaps) {
      last = gapAfter(book, draft, gaps, last)?.pointer ?? null;
      walked.push(last ?? "");
    }
    expect(walked).toEqual(gaps.map(({ pointer }) => pointer));
    expect(gapAfter(book, draft, gaps, last)?.pointer).toBe(gaps[0]?.pointer);
  });

  it("go on behind one that was just filled", () => {
    const draft = draftTo("MX");
    const [first, second] = gapsFor(draft);
    const filled = put(draft, first?.pointer ?? "", "algo");
    const now = gapsFor(filled).filter(({ pointer }) => pointer !== first?.pointer);
    expect(gapAfter(book, filled, now, first?.pointer ?? null)?.pointer).toBe(second?.pointer);
  });

  it("of a draft without any are none", () => {
    expect(gapAfter(book, draftTo("MX"), [], null)).toBeNull();
  });
});
