import { describe, expect, it } from "vitest";
import { mergeNotes, mergeVerified, taken, type VerifiedRecord } from "./backup";

const ana = { person: "ana", number: "1", at: "2026-11-20T10:00:00Z" };
const boris = { person: "boris", number: "2", at: "2026-11-20T11:00:00Z" };
const anaLater = { ...ana, number: "3", at: "2026-11-20T12:00:00Z" };
const anaLast = { ...ana, number: "4", at: "2026-11-20T13:00:00Z" };

describe("what two browsers have verified", () => {
  //  what both had, one, the other, together
  it.each([
    ["is all that either found", [], [ana], [boris], [ana, boris]],
    ["is what one changed", [ana], [anaLater], [ana], [anaLater]],
    ["is what the other changed", [ana], [ana], [anaLater], [anaLater]],
    ["is the later where both did", [ana], [anaLater], [anaLast], [anaLast]],
    ["is nobody whom one took back", [ana, boris], [boris], [ana, boris], [boris]],
    ["is nobody whom the other took back", [ana, boris], [ana, boris], [ana], [ana]],
    ["is whom one verified anew while the other took them back", [ana], [], [anaLater], [anaLater]],
    ["is nobody whom both took back", [ana], [], [], []],
  ] as [string, VerifiedRecord[], VerifiedRecord[], VerifiedRecord[], VerifiedRecord[]][])(
    "%s",
    (_what, base, mine, theirs, all) => {
      expect(mergeVerified(base, mine, theirs)).toEqual(all);
    },
  );
});

describe("a backup that came instead of the one that was known", () => {
  const notes = (size: number) => ({ dir: `dir.example\n${size}\nroot\n` });
  const kept = { verified: [ana, boris], notes: notes(20), at: "2026-11-20T11:30:00Z" };

  it("that is lost ends nobody's verification", () => {
    expect(taken(kept, [ana, boris], null)).toEqual([ana, boris]);
  });

  it("from before ends nobody's verification, and gives back none that was taken back", () => {
    expect(taken(kept, [boris], { verified: [ana], notes: notes(19) })).toEqual([boris]);
  });

  it("of a browser that has followed less far has whom it verified since", () => {
    const theirs = { verified: [anaLater], notes: notes(19) };
    expect(taken(kept, [boris], theirs)).toEqual([anaLater, boris]);
  });

  it("that is newer is merged", () => {
    expect(taken(kept, [ana, boris], { verified: [ana], notes: notes(20) })).toEqual([ana]);
  });
});

describe("the checkpoints that two browsers believe", () => {
  const note = (size: number) => `audit.example/2026\n${size}\nroot\n`;

  it("are of each log the further one", () => {
    const mine = { acts: note(9), dir: note(20) };
    const theirs = { acts: note(10), dir: note(3), old: note(1) };
    expect(mergeNotes(mine, theirs)).toEqual({ acts: note(10), dir: note(20), old: note(1) });
  });
});
