import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { b64u, hex, sha256, utf8 } from "../bytes";
import type { Json } from "../canonical";
import { commitTo, digestOf, type Screened, screenedBy, signScreened } from "./attestation";
import { publicKeyOf, verifies } from "./ed25519";

type Vectors = {
  readonly seed: string;
  readonly key: string;
  readonly salt: string;
  readonly draft: Json;
  readonly findings: Json;
  readonly facts: Json;
  readonly commitment: string;
  readonly results: string;
  readonly disclosed: string;
  readonly attestations: readonly {
    readonly said: Pick<Screened, "request" | "version" | "rulebook" | "overridden" | "ready">;
    readonly signed: string;
    readonly signature: string;
  }[];
};

const FILE = new URL("../../../tests/vectors/attestation.json", import.meta.url);
const VECTORS = JSON.parse(readFileSync(FILE, "utf8")) as Vectors;

const seed = new Uint8Array(32).fill(7);
const screened: Screened = {
  request: "0b8d4cb4-6c0e-4f86-9a36-1f3b9d2d8f01",
  version: 3,
  rulebook: "a".repeat(64),
  commitment: new Uint8Array(32).fill(1),
  results: new Uint8Array(32).fill(2),
  disclosed: new Uint8Array(32).fill(3),
  overridden: ["AIDE-MEMOIRE"],
  ready: false,
};

describe("an attestation", () => {
  it("is believed when the device signed it", async () => {
    const signature = await signScreened(screened, seed);
    expect(await screenedBy(await publicKeyOf(seed), screened, signature)).toBe(true);
  });

  it.each([
    ["request", { request: "0b8d4cb4-6c0e-4f86-9a36-1f3b9d2d8f02" }],
    ["version", { version: 4 }],
    ["rulebook", { rulebook: "b".repeat(64) }],
    ["commitment", { commitment: new Uint8Array(32) }],
    ["results", { results: new Uint8Array(32) }],
    ["disclosed", { disclosed: new Uint8Array(32) }],
    ["overridden", { overridden: [] }],
    ["ready", { ready: true }],
  ])("is not believed about another %s", async (_, other) => {
    const signature = await signScreened(screened, seed);
    const key = await publicKeyOf(seed);
    expect(await screenedBy(key, { ...screened, ...other }, signature)).toBe(false);
  });

  it("is made of the facts that the vectors share with the server", async () => {
    const { salt, draft, findings, facts } = VECTORS;
    expect(b64u.encode(await commitTo(b64u.decode(salt), draft))).toBe(VECTORS.commitment);
    expect(b64u.encode(await digestOf(findings))).toBe(VECTORS.results);
    expect(b64u.encode(await digestOf(facts))).toBe(VECTORS.disclosed);
  });

  it.each(VECTORS.attestations)(
    "is of the same bytes as the server's: ready $said.ready",
    async ({ said, signed, signature }) => {
      const [commitment, results, disclosed] = [
        b64u.decode(VECTORS.commitment),
        b64u.decode(VECTORS.results),
        b64u.decode(VECTORS.disclosed),
      ];
      const made = await signScreened(
        { ...said, commitment, results, disclosed },
        b64u.decode(VECTORS.seed),
      );
      const key = b64u.decode(VECTORS.key);
      expect(await verifies(key, made, utf8.encode(signed))).toBe(true);
      expect(b64u.encode(made)).toBe(signature); // Ed25519: the same bytes, the same signature
    },
  );

  it("commits to the draft through the salt", async () => {
    const draft = { v: 1 };
    const salt = new Uint8Array(32).fill(3);
    expect(hex.encode(await commitTo(salt, draft))).toBe(
      hex.encode(await sha256(salt, utf8.encode('{"v":1}'))),
    );
    expect(await commitTo(new Uint8Array(32), draft)).not.toEqual(await commitTo(salt, draft));
    const turned = { measures: ["b", null], deadline: "" };
    expect(await digestOf(turned)).toEqual(
      await sha256(utf8.encode('{"deadline":"","measures":["b",null]}')),
    );
    expect(await digestOf([])).toEqual(await sha256(utf8.encode("[]")));
  });
});
