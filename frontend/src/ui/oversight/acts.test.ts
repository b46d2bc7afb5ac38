import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import kinds from "../../api/kinds.json";
import { actName, areaName, areaOf, KINDS, searched } from "./acts";
import { fieldName } from "./fields";
import { valueName } from "./values";

const TABLE = join(import.meta.dirname, "..", "..", "..", "..", "docs", "reference", "events.md");
const ROW = /^\| `([^`]+)` \| (.*?) \|/gm;

/** Every kind of event with its own fields, as the server's modules have them. */
const vocabulary = [...readFileSync(TABLE, "utf8").matchAll(ROW)].map(([, kind, fields]) => ({
  kind: kind ?? "",
  fields: [...(fields ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ""),
}));

describe("what an auditor reads", () => {
  it("has words for every act, its area and its fields", () => {
    expect(vocabulary.length).toBeGreaterThan(100);
    const bare = vocabulary.flatMap(({ kind, fields }) => [
      ...(actName(kind) === kind ? [kind] : []),
      ...(areaName(areaOf(kind)) === areaOf(kind) ? [areaOf(kind)] : []),
      ...fields.filter((name) => fieldName(name) === name),
    ]);
    expect(bare).toEqual([]);
  });

  it("finds acts in the order of their names, each once", () => {
    const found = searched("es");
    expect(found.flatMap(({ kinds: acts }) => acts).sort()).toEqual([...KINDS].sort());
    const { compare } = new Intl.Collator("es");
    for (const { kinds: acts } of found) {
      const names = acts.map(actName);
      expect(names).toEqual([...names].sort(compare));
    }
  });

  it("names the act that was refused as it names the act that was done", () => {
    expect(valueName("act", "cases.case.open")).toBe(actName("cases.case.opened"));
    expect(valueName("act", "cases.case.read")).toBe(actName("cases.case.read"));
    const bare = Object.keys(kinds).filter((act) => valueName("act", act) === null);
    expect(bare).toEqual([]);
  });

  it("leaves as it is what is no code of ours", () => {
    expect(valueName("act", "")).toBeNull();
    expect(valueName("reason", "something-new")).toBeNull();
    expect(valueName("reference", "anomaly")).toBeNull();
    expect(valueName("ground", "anomaly")).not.toBeNull();
  });
});
