/** By whose signatures somebody is said to count, and what is said of whoever does not. */

import { describe, expect, it } from "vitest";
import { b64u, hex, sha256 } from "../../bytes";
import type { ChainReason, Directory } from "../../verify/chain";
import { standings } from "./standing";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const ANA = "00000000-0000-4000-8000-000000000001";
const KEY = b64u.encode(new Uint8Array(32).fill(7));
const FINGERPRINT = hex.encode(await sha256(new Uint8Array(32).fill(7)));
const TERM = { issued: NOW - 1, until: NOW + 1, by: ["olga", "omar"], functions: ["signatory"] };

type Term = typeof TERM & { deputy?: string | null };
type Says = { officer?: boolean; why?: ChainReason; term?: Term | null; weaker?: boolean };

async function standing({ officer = false, why, term = TERM, weaker = false }: Says) {
  const directory = {
    officer: () => (officer ? { key: KEY, from: NOW - 2, until: NOW + 2 } : null),
    person: () =>
      why === undefined
        ? { ok: true, bound: { key: KEY, functions: new Set(["focal-point"]) } }
        : { ok: false, why },
    term: () => term,
    isWeakerFor: () => weaker,
  } as unknown as Directory;
  return (await standings([ANA], directory, NOW)).get(ANA);
}

describe("somebody stands in the directory", () => {
  it("by a key that was vouched for, and those who designated them", async () => {
    expect(await standing({})).toEqual({
      ...{ level: "key", fingerprint: FINGERPRINT },
      ...{ ...TERM, functions: ["focal-point"] },
    });
  });

  it("by a mandate of their root, as an officer", async () => {
    const found = await standing({ officer: true, why: "no-designation", term: null });
    expect(found).toEqual({
      ...{ level: "officer", fingerprint: FINGERPRINT },
      ...{ issued: NOW - 2, until: NOW + 2, by: [] },
    });
  });

  it("in the weaker mode where their State has declared it and one officer signed", async () => {
    const one = { ...TERM, by: ["olga"] };
    expect(await standing({ weaker: true, term: one })).toMatchObject({
      weaker: true,
      by: ["olga"],
    });
    expect(await standing({ weaker: true })).not.toHaveProperty("weaker");
    expect(await standing({ term: one })).not.toHaveProperty("weaker");
  });

  it("by their designation alone where nobody vouched for a key", async () => {
    expect(await standing({ why: "no-binding" })).toEqual({
      ...{ level: "designated", fingerprint: "" },
      ...TERM,
    });
  });

  it("not at all while they are suspended, and it is known who stands in", async () => {
    const term = { ...TERM, region: null, deputy: "eva" };
    expect(await standing({ why: "person-revoked", term })).toEqual({
      level: "unverified",
      why: "person-revoked",
      deputy: "eva",
      functions: ["signatory"],
    });
    expect(await standing({ why: "designation-unsigned", term })).not.toHaveProperty("deputy");
  });

  it.each<ChainReason>([
    ...(["no-root", "no-designation", "designation-unsigned", "binding-unsigned"] as const),
  ])("not at all where the chain says %s, though it knows a term", async (why) => {
    expect(await standing({ why })).toEqual({ level: "unverified", why, functions: [] });
  });

  it.each<ChainReason>([
    ...(["designation-expired", "designation-not-yet", "person-revoked", "state-stopped"] as const),
  ])("not at all where the chain says %s, and what they did was signed", async (why) => {
    const { functions } = TERM;
    expect(await standing({ why })).toEqual({ level: "unverified", why, functions });
  });
});
