import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { keyOf } from "../../tests/vectors/chain-links";
import { type ChainVectors, makeVectors, VECTORS } from "../../tests/vectors/make-chain-vectors";
import { b64u } from "../bytes";
import { canonical } from "../canonical";
import { fingerprint } from "../crypto/fingerprint";
import { wordsOf } from "../crypto/fingerprintWords";
import { decodeIdentity } from "../crypto/identity";
import { instantText, readStatement, StatementMalformed } from "../crypto/statements";
import { Directory, type Entry, REASONS_OF_TIME } from "./chain";

const vectors: ChainVectors = JSON.parse(readFileSync(VECTORS, "utf8"));

type Case = ChainVectors["cases"][number];
const { cases } = vectors;
const read = await Promise.all(vectors.statements.map(readStatement));

function entriesOf({ entries }: Case): Entry[] {
  return entries.map(([at, which], index) => {
    return { index, at: Date.parse(at), statement: which === null ? null : (read[which] ?? null) };
  });
}

const replayed = (chain: Case) => new Directory(entriesOf(chain), chain.roots);
const asOf = ({ now, size }: Case) => ({ now: Date.parse(now), size: size ?? undefined });

function judge(chain: Case, directory = replayed(chain), identity = chain.identity) {
  const credential = canonical(identity);
  const { signatureKey } = decodeIdentity(credential);
  return directory.leaf({ credential, signatureKey }, asOf(chain));
}

describe("the shared vectors", () => {
  it("are what the generator writes", async () => {
    expect(await makeVectors()).toEqual(vectors);
  });

  it.each(cases.map((chain) => [chain.name, chain] as const))("%s", (_name, chain) => {
    const directory = replayed(chain);
    expect([...directory.refused.values()]).toEqual(chain.refused);
    const unsaid = { effective: undefined, functions: undefined };
    const { effective, functions, ...verdict } = { ...unsaid, ...chain.expect };
    expect(judge(chain, directory)).toEqual(verdict);
    const found = directory.person(String(chain.identity.person), asOf(chain));
    if (functions !== undefined)
      expect(found.ok && [...found.bound.functions].sort()).toEqual(functions);
    if (effective === undefined) return;
    expect(found.ok && instantText(found.bound.effective)).toBe(effective);
  });

  it.each(cases.map((chain) => [chain.name, chain] as const))(
    "say the same entry by entry: %s",
    (_name, chain) => {
      const growing = new Directory([], chain.roots);
      for (const entry of entriesOf(chain)) growing.extend([entry]);
      expect(judge(chain, growing)).toEqual(judge(chain));
      expect([...growing.refused]).toEqual([...replayed(chain).refused]);
    },
  );

  it.each(vectors.malformed.map(({ name, statement }) => [name, statement]))(
    "refuse %s",
    async (_name, statement) => {
      await expect(readStatement(statement)).rejects.toThrow(StatementMalformed);
    },
  );
});

describe("what people compare of a key", () => {
  it.each(vectors.fingerprints)("is $words", async ({ key, indices, words }) => {
    expect(await fingerprint(b64u.decode(key))).toEqual(indices);
    expect((await wordsOf(b64u.decode(key))).join(" ")).toBe(words);
  });
});

describe("the name of a statement", () => {
  it.each(vectors.digests)("is $digest", async ({ statement, digest }) => {
    const wire = vectors.statements[statement];
    expect((await readStatement(wire)).digest).toBe(digest);
  });

  it("is another with another signature", async () => {
    const [wire] = vectors.statements;
    if (wire === undefined) throw new Error("no statement");
    const bare = await readStatement({ ...wire, signatures: [] });
    expect(bare.digest).not.toBe((await readStatement(wire)).digest);
  });
});

const [chain] = cases;
if (chain === undefined) throw new Error("no vectors");

describe("a leaf", () => {
  it("must stand under the key that its credential names", () => {
    const credential = canonical(chain.identity);
    const leaf = { credential, signatureKey: new Uint8Array(32) };
    expect(replayed(chain).leaf(leaf, asOf(chain))).toEqual({ ok: false, why: "key-mismatch" });
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["another shape", canonical({ v: 1 })],
    ["another spelling", new TextEncoder().encode(JSON.stringify(chain.identity, null, 1))],
  ])("is malformed with %s for a credential", (_what, credential) => {
    const directory = new Directory([], {});
    const leaf = { credential, signatureKey: new Uint8Array(32) };
    expect(directory.leaf(leaf, { now: 0 })).toEqual({ ok: false, why: "malformed" });
  });
});

describe("the directory", () => {
  it("tells a bound person's roles, names and key", () => {
    const found = replayed(chain).person(String(chain.identity.person), asOf(chain));
    if (!found.ok) throw new Error(found.why);
    expect([...found.bound.roles]).toEqual(["liaison"]);
    expect(found.bound).toMatchObject({ name: "ana", post: "Cargo de prueba" });
    expect(b64u.decode(found.bound.key)).toHaveLength(32);
  });

  it("knows nobody without roots", () => {
    const directory = new Directory(entriesOf(chain), {});
    const found = directory.person(String(chain.identity.person), asOf(chain));
    expect(found).toEqual({ ok: false, why: "no-root" });
  });

  it("says beforehand what an entry would come to", () => {
    for (const one of cases) {
      const entries = entriesOf(one);
      const directory = new Directory([], one.roots);
      for (const entry of entries) {
        // A root begins everything anew, and only then its State is known.
        const { statement } = entry;
        const said = statement && directory.whyNot(statement, entry.at);
        directory.extend([entry]);
        if (statement === null || statement.type === "state-root") continue;
        expect(said).toBe(directory.refused.get(entry.index) ?? null);
      }
    }
  });
});

describe("a reason of time", () => {
  const timely = cases.filter(
    ({ expect: verdict }) => !verdict.ok && REASONS_OF_TIME.has(verdict.why),
  );

  it.each(
    timely.filter(({ refused }) => refused.length === 0).map((one) => [one.name, one] as const),
  )("is never given to a forger: %s", async (_name, one) => {
    const forged = { ...one.identity, signature_key: await keyOf("eva") };
    expect(judge(one, replayed(one), forged)).toEqual({ ok: false, why: "key-mismatch" });
  });
});
