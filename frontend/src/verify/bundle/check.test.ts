import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { concat } from "../../bytes";
import { Malformed } from "../tlog/refusal";
import { fromBase64 } from "../tlog/text";
import { canCheck, checkBundle } from "./check";

type Change = readonly [number, number, string, ReadonlyArray<readonly [string, unknown]>];
type Vector = { bundle: string; policy: string; changes: readonly Change[] };

const FILE = new URL("../../../../tests/vectors/audit/bundle.json", import.meta.url);
const VECTOR = JSON.parse(readFileSync(FILE, "utf8")) as Vector;
const BESIDE = new URL("../../../../tests/vectors/audit/bundle-statements.json", import.meta.url);
const STATEMENTS = JSON.parse(readFileSync(BESIDE, "utf8")) as ReadonlyArray<{
  name: string;
  bundle: string;
  findings: ReadonlyArray<readonly [string, unknown]>;
}>;
const GOOD = fromBase64(VECTOR.bundle);
const found = async (bytes: Uint8Array<ArrayBuffer>, policy: string | null = null) =>
  (await checkBundle(new Blob([bytes]), policy)).findings.map(({ code, at }) => [code, at]);

describe("a bundle", () => {
  it("holds, by its own keys and by the reader's", async () => {
    expect(await canCheck()).toBe(true);
    expect(await found(GOOD)).toEqual([]);
    const heard: number[][] = [];
    const hear = (...progress: number[]) => heard.push(progress);
    const verdict = await checkBundle(new Blob([GOOD]), VECTOR.policy, hear);
    expect(verdict.findings).toEqual([]);
    expect(verdict.manifest).toMatchObject({ log: "audit.example/2026", size: 6, entries: 6 });
    expect([...verdict.cosigned.keys()]).toEqual(["w0", "w1", "w2"]);
    expect(heard).toEqual([[6, 6]]);
  });

  it("is refused after each of two hundred changes, for what Python finds too", async () => {
    expect(VECTOR.changes.length).toBe(200);
    for (const [at, gone, added, findings] of VECTOR.changes) {
      const changed = concat(GOOD.subarray(0, at), fromBase64(added), GOOD.subarray(at + gone));
      expect(await found(changed), `${at} ${gone} ${added}`).toEqual(findings);
      expect(findings).not.toEqual([]);
    }
  });

  it("of a log that the reader does not know proves nothing", async () => {
    const other = VECTOR.policy.replaceAll("audit.example/2026+", "audit.example/2025+");
    await expect(checkBundle(new Blob([GOOD]), other)).rejects.toThrow(Malformed);
    const witnesses = VECTOR.policy.replace(/^log .*\n/, "");
    expect(await found(GOOD, witnesses)).toEqual([["checkpoint", "checkpoint.txt"]]);
  });

  it.each(STATEMENTS)(
    "of the directory's log that holds of statements $name is judged",
    async (one) => {
      expect(await found(fromBase64(one.bundle))).toEqual(one.findings);
    },
  );

  it.each([0, 1, 21, 22, 1000])("is not made of %i zeros", async (length) => {
    expect(await found(new Uint8Array(length))).toEqual([["archive", null]]);
  });
});
