import { describe, expect, it } from "vitest";
import { Disk } from "../../../tests/scenario/stores";
import { keys, type OutboxRecord } from "../../store/records";
import { storeKey } from "../../store/seal";
import { Vault } from "../../store/vault";
import { attach, putBack } from "./attached";

const FILE = "6f9a0c52-7d1e-4a5b-9c3e-2b8d4f6a1e70";
const COURT = { codes: ["court" as const] };

/** A store with a file that waits in the composer of thread "c". */
async function waiting(own: { handling?: typeof COURT } = {}) {
  const key = await storeKey(new Uint8Array(32), new Uint8Array(32));
  const vault = new Vault(await new Disk().open("one"), key);
  const tx = await vault.begin();
  tx.put(keys.upload("c", FILE), {
    ...{ id: FILE, circle: "c", at: "2026-11-28T12:00:00.000Z", tab: "t" },
    ...{ name: "acta.pdf", type: "application/pdf", size: 3, sha256: "A".repeat(43) },
    ...{ pieces: new Uint8Array(32), key: new Uint8Array(32), prefix: new Uint8Array(7) },
    ...{ stripped: false, sealed: "B".repeat(43), ...own },
  });
  return tx;
}

describe("a file that waits in the composer", () => {
  it("goes with its own terms, and without any if it was given none", async () => {
    const [said] = await attach(await waiting({ handling: COURT }), "c", [FILE]);
    expect(said?.handling).toEqual(COURT);
    const [plain] = await attach(await waiting(), "c", [FILE]);
    expect(plain).not.toHaveProperty("handling");
  });

  it("has them again where its message is taken back", async () => {
    const tx = await waiting({ handling: COURT });
    const files = await attach(tx, "c", [FILE]);
    expect(await tx.get(keys.upload("c", FILE))).toBeUndefined();
    const content = { kind: "text" as const, text: "", files };
    putBack(tx, { circle: "c", content, at: "", tab: "t" } as OutboxRecord);
    expect((await tx.get(keys.upload("c", FILE)))?.handling).toEqual(COURT);
  });
});
