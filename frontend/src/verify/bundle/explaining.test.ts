import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hex, sha256, utf8 } from "../../bytes";
import { type Chain, explained, type Happened } from "./explaining";

const VECTORS = new URL("../../../../tests/vectors/audit/bundle-chains.json", import.meta.url);

type Vector = { name: string; opened: Happened[]; statements: string[]; chains: Chain[] };
const vectors = JSON.parse(readFileSync(VECTORS, "utf8")) as Vector[];

async function byDigest(lines: readonly string[]): Promise<Map<string, Uint8Array>> {
  const all = lines.map(async (line) => {
    const bytes = utf8.encode(line);
    return [hex.encode(await sha256(bytes)), bytes] as const;
  });
  return new Map(await Promise.all(all));
}

describe("the chains that the entries of a bundle tell", () => {
  it.each(vectors)("$name", async ({ opened, statements, chains }) => {
    expect(explained(opened, await byDigest(statements))).toEqual(chains);
  });
});
