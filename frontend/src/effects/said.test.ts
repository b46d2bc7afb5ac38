import { describe, expect, it } from "vitest";
import kinds from "../api/kinds.json";
import { type ActKind, rowOf } from "../crypto/content";
import type { LineRecord } from "../store/records";
import { MOST_ASKS } from "./leaves";
import { actInClear, MOST_EDITS, whyNot } from "./said";

const ACTS: readonly ActKind[] = [
  "edit",
  "withdraw",
  "acknowledge",
  "pin",
  "unpin",
  "resolve",
  "reopen",
];
const ID = "5a1c4a90-2a61-4bb5-8b5f-1d2a0d2f9c02";

describe("an act on a message", () => {
  it.each([...ACTS, "post" as const])("has its event in the table of roles: %s", (act) => {
    expect(Object.keys(kinds)).toContain(rowOf(act));
  });

  it("edits it fifty times and no more", () => {
    const text = { text: "…", at: "2026-11-26T10:00:00Z" };
    const line = (edits: number) =>
      ({
        kind: "message",
        id: ID,
        person: "ana",
        text: "…",
        versions: Array(edits).fill(text),
      }) as unknown as Extract<LineRecord, { kind: "message" }>;
    const edit = { kind: "edit", about: 1, id: ID, text: "otra vez" } as const;
    expect(whyNot(line(MOST_EDITS - 1), "ana", edit)).toBeNull();
    expect(whyNot(line(MOST_EDITS), "ana", edit)).toBe("message-edits-many");
  });

  it("asks for leave ten times each, and nobody's asking bars another one's", () => {
    const line = (by: string, asks: number) =>
      ({
        kind: "message",
        id: ID,
        person: "ana",
        text: "…",
        leaves: Array(asks).fill({ person: by, refused: { at: "", reason: "no" } }),
      }) as unknown as Extract<LineRecord, { kind: "message" }>;
    const ask = { kind: "ask-leave", about: 1, id: ID, use: "court", into: ID } as const;
    const of = { ...ask, digest: "", states: [], reason: "…" };
    expect(whyNot(line("boris", MOST_ASKS - 1), "boris", of)).toBeNull();
    expect(whyNot(line("boris", MOST_ASKS), "boris", of)).toBe("leave-asks-many");
    expect(whyNot(line("boris", 50), "carla", of)).toBeNull();
    expect(MOST_ASKS).toBe(10);
  });
});

describe("what stands in clear", () => {
  const clear = (act: string, about: number) =>
    new TextEncoder().encode(`{"about":${about},"act":"${act}","client_msg_id":"${ID}","v":2}`);

  it.each(["withdraw", "pin", "unpin"])("decides by itself to %s", (act) => {
    expect(actInClear(clear(act, 7))).toMatchObject({ kind: act, about: 7 });
  });

  it.each(["resolve", "reopen"])("decides by itself to %s the thread", (act) => {
    expect(actInClear(clear(act, 0))).toMatchObject({ kind: act, about: 0 });
  });

  it.each(["edit", "acknowledge"])(
    "does not, where what is sealed says what it is of: %s",
    (act) => {
      expect(actInClear(clear(act, 7))).toBeNull();
    },
  );

  it("is no act of a message that does nothing to another one", () => {
    const plain = new TextEncoder().encode(`{"client_msg_id":"${ID}","v":1}`);
    expect(actInClear(plain)).toBeNull();
  });
});
