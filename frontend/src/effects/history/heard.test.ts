import { describe, expect, it } from "vitest";
import { Disk } from "../../../tests/scenario/stores";
import { keys, type LineRecord } from "../../store/records";
import { Vault } from "../../store/vault";
import { givesWithdrawn } from "./heard";

const CIRCLE = "circle";

/** What is asked of a grant of these entries, where these lines stand. */
async function asked(gives: readonly number[], lines: readonly object[]): Promise<boolean> {
  const usage = ["encrypt", "decrypt"] as const;
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, usage);
  const vault = new Vault(await new Disk().open("one"), key);
  const tx = await vault.begin();
  for (const [at, line] of lines.entries()) {
    const seq = at + 1;
    tx.put(keys.line(CIRCLE, seq), { kind: "message", seq, ...line } as LineRecord);
  }
  return givesWithdrawn(tx, { circle: CIRCLE, gives });
}

const withdrawn = { person: "ana", at: "2026-11-24T12:00:00Z", seq: 9 };
const quoting = (seq: number) => ({ quote: { seq, id: "a", digest: "", excerpt: "" } });

describe("what waits to leave as given history", () => {
  it.each([
    ["leaves while all of it stands", [1, 2], [{}, quoting(1)], false],
    ["does not once a message of it was taken back", [1, 2], [{}, { withdrawn }], true],
    ["nor once what one quotes was", [2], [{ withdrawn }, quoting(1)], true],
    ["leaves if what was taken back is not in it", [2], [{ withdrawn }, {}], false],
    ["leaves if what it quotes is not here", [1], [quoting(7)], false],
    ["does not if it is no message any more", [1], [{ kind: "act" }], true],
  ] as const)("%s", async (_what, gives, lines, stays) => {
    expect(await asked(gives, lines)).toBe(stays);
  });
});
