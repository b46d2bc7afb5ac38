import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REASONS, toSay, troubleName } from "./reasons";

const root = join(import.meta.dirname, "..", "..", "..", "..");
const read = (...path: string[]): string => readFileSync(join(root, ...path), "utf8");

describe("how the log stands", () => {
  it("has words for every reason that the server gives", () => {
    const codes = [
      ...read("casehub", "oversight", "judging.py").matchAll(/found\.append\(\(\d, "([a-z-]+)"/g),
    ].map((one) => one[1] ?? "");
    expect(codes.length).toBeGreaterThan(6);
    expect(codes.filter((code) => REASONS[code] === undefined)).toEqual([]);
  });

  it("has words for everything that may be the matter with a witness", () => {
    const line = /Codes of `trouble`: ([^;]+);/.exec(read("audit", "queries", "integrity.py"));
    const codes = line?.[1]?.split(", ") ?? [];
    expect(codes).toContain("silent");
    expect(codes.filter((code) => troubleName(code) === code)).toEqual([]);
  });

  it("never says that the others suffice where they do not", () => {
    expect(toSay(["quorum-missing", "witness-missing"])).toEqual(["quorum-missing"]);
    expect(toSay(["alarm-here", "witness-missing"])).toEqual(["alarm-here", "witness-missing"]);
  });
});
