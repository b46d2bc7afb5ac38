import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const EFFECT = /^\$effect\(\(\) => \{\n([\s\S]*?)^\}\);/gm;
const OWN = /^(?:async )?function (\w+)\([\s\S]*?^\}/gm;
const STATE = /^let (\w+)[^;]*\$state/gm;

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".svelte"),
);

/** Names of state that a function reads and also sets before it first waits. */
function turning(source: string): Set<string> {
  const state = [...source.matchAll(STATE)].map(([, name]) => name ?? "");
  const own = [...source.matchAll(OWN)].filter(([body]) => {
    const early = body.split("await ")[0] ?? "";
    return state.some(
      (name) =>
        new RegExp(`\\b${name} = `).test(early) &&
        new RegExp(`\\b${name}\\b(?! = )`).test(early.replace(/^.*\n/, "")),
    );
  });
  return new Set(own.map(([, name]) => name ?? ""));
}

describe("an effect", () => {
  it("does not call, with its eyes open, what reads and sets the same state: it would never end", () => {
    const found = files.flatMap((name) => {
      const source = readFileSync(join(import.meta.dirname, name), "utf8");
      const dangerous = turning(source);
      return [...source.matchAll(EFFECT)].flatMap(([, body]) =>
        // What is deeper in is a callback's, which runs later and outside the effect.
        [...(body ?? "").replace(/untrack\(.*\);|^ {3}.*$/gm, "").matchAll(/\b(\w+)\(/g)]
          .filter(([, called]) => dangerous.has(called ?? ""))
          .map(([, called]) => `${name}: ${called}`),
      );
    });
    expect(found).toEqual([]);
  });
});
