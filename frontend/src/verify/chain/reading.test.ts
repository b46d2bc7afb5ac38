import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ChainVectors, VECTORS } from "../../../tests/vectors/make-chain-vectors";
import { canonical } from "../../canonical";
import { decodeIdentity } from "../../crypto/identity";
import { readStatement } from "../../crypto/statements";
import { Directory } from "../chain";

const vectors: ChainVectors = JSON.parse(readFileSync(VECTORS, "utf8"));
const WEEK = 7 * 24 * 3_600_000;
const read = await Promise.all(vectors.statements.map(readStatement));

type Case = ChainVectors["cases"][number];

function judge(chain: Case, now: number, grace?: number) {
  const entries = chain.entries.map(([at, which], index) => {
    return { index, at: Date.parse(at), statement: which === null ? null : (read[which] ?? null) };
  });
  const credential = canonical(chain.identity);
  const { signatureKey } = decodeIdentity(credential);
  const directory = new Directory(entries, chain.roots);
  const verdict = directory.leaf({ credential, signatureKey }, { now, grace });
  return verdict.ok ? "ok" : verdict.why;
}

/** Cases in which a designation was over, each with the moment at which it ended. */
const over = vectors.cases.flatMap((chain) => {
  const { expect: wanted } = chain;
  if (wanted.ok || wanted.why !== "designation-expired" || chain.size != null) return [];
  // Whoever's key was vouched for too late has none: a week gives them nothing to read with.
  if (chain.refused.includes("designation-expired")) return [];
  const person = String(chain.identity.person);
  const said = chain.entries.flatMap(([, which]) => (which === null ? [] : (read[which] ?? [])));
  const bound = new Set(said.map((one) => one.type === "binding" && one.fields.designation));
  const ends = said.flatMap(({ type, fields }) =>
    type === "designation" && fields.person === person && bound.has(fields.serial)
      ? [fields.until]
      : [],
  );
  return [{ name: chain.name, chain, end: ends.at(-1) ?? 0 }];
});

describe("a leaf whose person's designation is over", () => {
  it("is in the vectors", () => {
    expect(over.length).toBeGreaterThan(0);
  });

  it.each(over)("counts for reading for a week, and for nothing else: $name", ({ chain, end }) => {
    expect(judge(chain, end)).toBe("designation-expired");
    const within = judge(chain, end + WEEK - 1, WEEK);
    expect(["ok", "person-revoked", "device-revoked", "device-expired"]).toContain(within);
    expect(judge(chain, end + WEEK, WEEK)).toBe("designation-expired");
  });

  it.each(
    vectors.cases.filter((one) => !one.expect.ok && one.expect.why !== "designation-expired"),
  )("is helped by no week against another reason: $name", (chain) => {
    if (chain.size != null) return;
    expect(judge(chain, Date.parse(chain.now), WEEK)).toBe(judge(chain, Date.parse(chain.now)));
  });
});
