import { describe, expect, it } from "vitest";
import kinds from "../api/kinds.json";
import { type ActKind, rowOf } from "../crypto/content";
import type { LineRecord } from "../store/records";
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
