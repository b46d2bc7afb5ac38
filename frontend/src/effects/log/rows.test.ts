import { describe, expect, it } from "vitest";
import type { PromiseRecord, ReceiptRecord } from "../../store/records";
import { rowsOf } from "./rows";

const promised = (event: number): PromiseRecord => ({ event, act: "a", heard: event, promise: "" });
const proven = (event: number): ReceiptRecord => ({
  ...promised(event),
  index: event,
  log: "acts-2026",
  cosigned: [],
  kind: "a",
  proof: "",
  size: 5,
  at: null,
});

describe("the list of own acts", () => {
  it("is of what is promised and of what is proven, the newest first", () => {
    const rows = rowsOf(
      [["2", promised(2)]],
      [
        ["1", proven(1)],
        ["3", proven(3)],
      ],
    );
    expect(rows.map(({ name }) => name)).toEqual(["3", "2", "1"]);
  });

  it("has an act once that was proven between the looks at one and at the other", () => {
    const rows = rowsOf(
      [
        ["1", promised(1)],
        ["2", promised(2)],
      ],
      [["1", proven(1)]],
    );
    expect(rows.map(({ name, stage }) => [name, stage])).toEqual([
      ["2", "promised"],
      ["1", "settled"],
    ]);
  });
});
