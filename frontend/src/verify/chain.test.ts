import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { keyOf } from "../../tests/vectors/chain-links";
import { type ChainVectors, makeVectors, VECTORS } from "../../tests/vectors/make-chain-vectors";
import { b64u } from "../bytes";
import { canonical } from "../canonical";
import { fingerprint } from "../crypto/fingerprint";
import { wordsOf } from "../crypto/fingerprintWords";
import { decodeIdentity } from "../crypto/identity";
import { readStatement, StatementMalformed, signDevice } from "../crypto/statements";
import { REASONS_OF_TIME, verifyChains } from "./chain";

const vectors: ChainVectors = JSON.parse(readFileSync(VECTORS, "utf8"));

type Case = { statements: readonly unknown[] } & Omit<ChainVectors["cases"][number], "statements">;

const cases: Case[] = vectors.cases.map((chain) => ({
  ...chain,
  statements: chain.statements.map((index) => vectors.statements[index]),
}));

async function judge({ statements, identity, now }: Case) {
  const directory = await verifyChains(statements, vectors.roots, Date.parse(now));
  const credential = canonical(identity);
  const { signatureKey } = decodeIdentity(credential);
  return directory.leaf({ credential, signatureKey });
}

describe("the shared vectors", () => {
  it("are what the generator writes", async () => {
    expect(await makeVectors()).toEqual(vectors);
  });

  it.each(cases.map((chain) => [chain.name, chain] as const))("%s", async (_name, chain) => {
    expect(await judge(chain)).toEqual(chain.expect);
  });

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

describe("a leaf", () => {
  const [chain] = cases;
  if (chain === undefined) throw new Error("no vectors");

  it("must stand under the key that its credential names", async () => {
    const directory = await verifyChains(chain.statements, vectors.roots, Date.parse(chain.now));
    const credential = canonical(chain.identity);
    expect(directory.leaf({ credential, signatureKey: new Uint8Array(32) })).toEqual({
      ok: false,
      why: "key-mismatch",
    });
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["another shape", canonical({ v: 1 })],
    ["another spelling", new TextEncoder().encode(JSON.stringify(chain.identity, null, 1))],
  ])("is malformed with %s for a credential", async (_what, credential) => {
    const directory = await verifyChains([], vectors.roots, 0);
    expect(directory.leaf({ credential, signatureKey: new Uint8Array(32) })).toEqual({
      ok: false,
      why: "malformed",
    });
  });
});

describe("the directory", () => {
  const [chain] = cases;
  if (chain === undefined) throw new Error("no vectors");

  it("is not harmed by statements that are malformed or that nobody who counts signed", async () => {
    const noise = [
      ...vectors.malformed.map(({ statement }) => statement),
      null,
      "statement",
      { type: "officer", body: "", signatures: [] },
    ];
    const mixed = { ...chain, statements: [...noise, ...chain.statements] };
    expect(await judge(mixed)).toEqual(chain.expect);
  });

  it("is not misled by another's statement with the same serial", async () => {
    const seed = new Uint8Array(32).fill(7);
    const copy = await signDevice(
      {
        serial: String(chain.identity.serial),
        state: "SV",
        person: String(chain.identity.person),
        device: String(chain.identity.device),
        signatureKey: new Uint8Array(32),
        historyKey: new Uint8Array(32),
        issued: 0,
        from: 0,
        until: Date.parse("2030-01-01T00:00:00Z"),
      },
      seed,
    );
    expect(await judge({ ...chain, statements: [copy, ...chain.statements] })).toEqual(
      chain.expect,
    );
  });

  it("tells a bound person's roles and key", async () => {
    const directory = await verifyChains(chain.statements, vectors.roots, Date.parse(chain.now));
    const found = directory.person(String(chain.identity.person));
    if (!found.ok) throw new Error(found.why);
    expect([...found.bound.roles]).toEqual(["liaison"]);
    expect(b64u.decode(found.bound.key)).toHaveLength(32);
  });

  it("knows nobody without roots", async () => {
    const directory = await verifyChains(chain.statements, {}, Date.parse(chain.now));
    expect(directory.person(String(chain.identity.person))).toEqual({
      ok: false,
      why: "designation-unsigned",
    });
  });
});

describe("a reason of time", () => {
  const timely = cases.filter(
    ({ expect: verdict }) => !verdict.ok && REASONS_OF_TIME.has(verdict.why),
  );

  it.each(timely.map((chain) => [chain.name, chain] as const))(
    "is never given to a forger: %s",
    async (_name, chain) => {
      const forger = await keyOf("eva");
      const forged = { ...chain, identity: { ...chain.identity, signature_key: forger } };
      expect(await judge(forged)).toEqual({ ok: false, why: "key-mismatch" });
      const unsigned = chain.statements.map((index) => withoutSignatures(index, "device"));
      expect(await judge({ ...chain, statements: unsigned })).toEqual({
        ok: false,
        why: "device-unsigned",
      });
      const unbound = chain.statements.map((index) => withoutSignatures(index, "binding"));
      expect(await judge({ ...chain, statements: unbound })).toEqual({
        ok: false,
        why: "binding-unsigned",
      });
    },
  );

  function withoutSignatures(statement: unknown, type: string): unknown {
    const wire = statement as { type: string };
    return wire.type === type ? { ...wire, signatures: [] } : wire;
  }
});
