import { describe, expect, it } from "vitest";
import type { Content } from "../../crypto/envelope";
import type { Backend } from "../../store/backend";
import { storeKey } from "../../store/seal";
import { SortedRecords } from "../../store/sorted";
import { type Tx, Vault } from "../../store/vault";
import { hear, keysFor } from "./heard";

type Announced = Extract<Content, { kind: "version" }>;

const fill = (byte: number) => new Uint8Array(32).fill(byte);
const CIRCLE = "7d1f8c53-0f6e-4d0b-8c88-6d1f0a2b3c4d";
const ANA = { person: "ana", device: "ana-1" };
const BORIS = { person: "boris", device: "boris-1" };

function memory(): Backend {
  const records = new SortedRecords();
  return {
    get: async (key) => records.get(key),
    range: async (range) => records.range(range),
    write: async ({ put }) => {
      for (const record of put) records.put(record);
    },
    close: async () => undefined,
  };
}

async function begun(): Promise<Tx> {
  return new Vault(memory(), await storeKey(fill(1), fill(2))).begin();
}

/** The key of a first version whose body has this digest. */
function announced(client_id: string, key: number, digest: number): Announced {
  const request = "6f0a5f2e-7c57-4d0e-9b39-0d1f2a3b4c5d";
  const of = { key: fill(key), digest: fill(digest), salt: fill(9) };
  return { kind: "version", request, client_id, base: 0, ...of };
}

async function told(tx: Tx, who: typeof ANA, seq: number, content: Announced): Promise<void> {
  await hear(tx, { circle: CIRCLE, at: "", seq, ...who }, content);
}

/** Which keys are known, by the id of their version. */
async function known(tx: Tx): Promise<[string, number | undefined][]> {
  return (await keysFor(tx, CIRCLE, 1)).map(({ client_id, key }) => [client_id, key[0]]);
}

describe("the key of a version", () => {
  it("is that of whoever said it first, though another says it under another id", async () => {
    const tx = await begun();
    await told(tx, ANA, 1, announced("one", 5, 7));
    await told(tx, BORIS, 2, announced("other", 6, 7));
    expect(await known(tx)).toEqual([["one", 5]]);
  });

  it("is not said anew under the same id", async () => {
    const tx = await begun();
    await told(tx, ANA, 1, announced("one", 5, 7));
    await told(tx, BORIS, 2, announced("one", 6, 8));
    expect(await known(tx)).toEqual([["one", 5]]);
  });

  it("may be said of another body by anybody", async () => {
    const tx = await begun();
    await told(tx, ANA, 1, announced("one", 5, 7));
    await told(tx, BORIS, 2, announced("other", 6, 8));
    expect(await known(tx)).toEqual([
      ["one", 5],
      ["other", 6],
    ]);
  });

  it("may be said again by the device that said it, after a try that failed", async () => {
    const tx = await begun();
    await told(tx, ANA, 1, announced("one", 5, 7));
    await told(tx, ANA, 2, announced("again", 5, 7));
    expect((await known(tx)).map(([id]) => id)).toEqual(["one", "again"]);
  });
});
