import { describe, expect, it } from "vitest";
import { entry, rootOf, TLOG } from "../../../tests/vectors/tlog";
import { concat, hex, sha256, u64, utf8 } from "../../bytes";
import { publicKeyOf, signWith } from "../../crypto/ed25519";
import { COSIGNATURE } from "./note";
import { Policy } from "./policy";
import { parseProof, verifyProof } from "./proof";
import { Malformed, Unproven } from "./refusal";
import { toBase64 } from "./text";

const VECTOR = `log ${TLOG.log.vkey}\nwitness de ${TLOG.witness.vkey}\nquorum de\n`;
const PROOF = TLOG.tlog_proof_4_of_7;
const TEXT = `${TLOG.log.name}\n7\n${toBase64(rootOf(7))}\n`;

async function line(name: string, kind: number, seed: Uint8Array, message: string, head = "") {
  const { key, signature } = await signWith(seed, utf8.encode(head + message));
  const raw = concat(Uint8Array.of(kind), key);
  const id = (await sha256(utf8.encode(`${name}\n`), raw)).slice(0, 4);
  return { id, key: `${name}+${hex.encode(id)}+${toBase64(raw)}`, signature };
}

async function witness(number: number, time = 1767225600) {
  const name = `witness.example/${number}`;
  const seed = new Uint8Array(32).fill(number);
  const head = `cosignature/v1\ntime ${time}\n`;
  const { id, key, signature } = await line(name, COSIGNATURE, seed, TEXT, head);
  return { vkey: key, line: `— ${name} ${toBase64(concat(id, u64(time), signature))}\n` };
}

const all = await Promise.all(Array.from({ length: 11 }, (_, at) => witness(at + 1)));
const own = await line(TLOG.log.name, 1, hex.decode(TLOG.log.seed), TEXT);
const signed = `${TEXT}\n— ${TLOG.log.name} ${toBase64(concat(own.id, own.signature))}\n`;
const names = all.map((_, at) => `w${at + 1}`);
const HEAD = `# eleven countries\nlog ${own.key} https://log.example\n${all
  .map(({ vkey }, at) => `witness w${at + 1} ${vkey}\n`)
  .join("")}`;
const cosigned = (...which: number[]) =>
  signed + which.map((at) => all[at - 1]?.line ?? "").join("");

describe("a policy", () => {
  it("opens the vector", async () => {
    expect((await publicKeyOf(hex.decode(TLOG.log.seed))).length).toBe(32);
    const opened = await (await Policy.parse(VECTOR)).open(TLOG.checkpoint_7);
    expect(opened.checkpoint).toEqual({ origin: TLOG.log.name, size: 7, root: rootOf(7) });
    expect([...opened.cosigned]).toEqual([["de", 1767225600]]);
  });

  it("asks for a quorum of seven of eleven and no more", async () => {
    const policy = await Policy.parse(`${HEAD}group g 7 ${names.join(" ")}\nquorum g\n`);
    expect((await policy.open(cosigned(5, 6, 7, 8, 9, 10, 11))).cosigned.size).toBe(7);
    await expect(policy.open(cosigned(6, 7, 8, 9, 10, 11))).rejects.toThrow("only 6 of 11");
    await expect(policy.open(cosigned(6, 6, 7, 8, 9, 10, 11))).rejects.toThrow("only 6 of 11");
  });

  it.each([
    ["group g any w1 w2\nquorum g", [1], [3]],
    ["group g all w1 w2\nquorum g", [1, 2], [1]],
    ["group a any w1 w2\ngroup b all w3 w4\ngroup g 2 a b\nquorum g", [1, 3, 4], [1, 2, 3]],
    ["quorum w3", [3], [1, 2]],
    ["quorum none", [], null],
  ])("counts: %s", async (rule, enough, few) => {
    const policy = await Policy.parse(`${HEAD}${rule}\n`);
    expect((await policy.open(cosigned(...enough))).cosigned.size).toBe(enough.length);
    if (few !== null) await expect(policy.open(cosigned(...few))).rejects.toThrow(Unproven);
  });

  it("dates a checkpoint by the last of a quorum, not by its quickest witness", async () => {
    const policy = await Policy.parse(`${HEAD}group g 2 w1 w2 w3\nquorum g\n`);
    const times = (...all: [string, number][]) => policy.quorumTime(new Map(all));
    expect(times(["w1", 900], ["w2", 100], ["w3", 200])).toBe(200);
    expect(times(["w1", 900], ["w2", 100], ["w9", 800])).toBe(100);
    const nobody = await Policy.parse(`${HEAD}quorum none\n`);
    expect(nobody.quorumTime(new Map([["w1", 900]]))).toBeNull();
  });

  it("believes no log it does not know, and no witnesses alone", async () => {
    const stranger = await Policy.parse("quorum none\n");
    await expect(stranger.open(signed)).rejects.toThrow("knows no log");
    const policy = await Policy.parse(`${HEAD}quorum w1\n`);
    await expect(policy.open(`${TEXT}\n${all[0]?.line}`)).rejects.toThrow("log has not signed");
  });

  it("opens nothing that a key for promises has signed", async () => {
    const origin = `${TLOG.log.name}/promise`;
    const text = TEXT.replace(TLOG.log.name, origin);
    const key = await line(origin, 1, hex.decode(TLOG.log.seed), text);
    const policy = await Policy.parse(`log ${key.key}\nquorum none\n`);
    const note = `${text}\n— ${origin} ${toBase64(concat(key.id, key.signature))}\n`;
    await expect(policy.open(note)).rejects.toThrow("knows no log");
  });

  it("parts its words by space and tab alone, and what follows a # is no word", async () => {
    const tabbed = `log\t${own.key} # any\u2028quorum w1\u0085\n\tquorum  none # \u2029x`;
    expect((await Policy.parse(tabbed)).logs.length).toBe(1);
    for (const space of ["\u00a0", "\u0085", "\u2028", "\u3000"]) {
      const other = `log${space}${own.key}\nquorum none\n`;
      await expect(Policy.parse(other)).rejects.toThrow("line 1: not understood");
    }
  });

  it.each([
    ["", "names its quorum"],
    ["quorum nobody", "nobody is called"],
    ["quorum none\nquorum none", "line 2: not understood"],
    ["witness none WITNESS", "taken"],
    ["witness a WITNESS\nwitness a WITNESS", "taken"],
    ["witness a WITNESS\nwitness b WITNESS", "counts twice"],
    ["group g any b", "nobody is called b"],
    ["group g any", "not understood"],
    ["witness a WITNESS\ngroup g any a a", "counts twice"],
    ["witness a WITNESS\ngroup g any a\ngroup h any a", "counts twice"],
    ["witness a WITNESS\ngroup g 2 a", "between one and all"],
    ["witness a WITNESS\ngroup g some a", "not a number"],
    ["witness a LOG", "another kind"],
    ["log WITNESS", "another kind"],
    ["believe everybody", "not understood"],
    ["quorum none\0", "control"],
  ])("that is none is refused with its line: %s", async (text, why) => {
    const whole = text.replaceAll("WITNESS", all[0]?.vkey ?? "").replaceAll("LOG", TLOG.log.vkey);
    const parsed = Policy.parse(`${whole}\n`);
    await expect(parsed).rejects.toThrow(why);
    await expect(parsed).rejects.toThrow(Malformed);
  });
});

describe("a proof", () => {
  it("of the vector holds", async () => {
    const policy = await Policy.parse(VECTOR);
    const { checkpoint } = await verifyProof(parseProof(PROOF), entry(4), policy);
    expect(checkpoint.size).toBe(7);
    const extra = parseProof(PROOF.replace("index", "extra AAEC\nindex"));
    expect(extra.extra).toEqual(Uint8Array.of(0, 1, 2));
    await verifyProof(extra, entry(4), policy);
  });

  it.each([
    [5, 4],
    [4, 5],
    [4, 7],
  ])("of entry %i at index %i does not", async (number, index) => {
    const proof = parseProof(PROOF.replace("index 4", `index ${index}`));
    const checked = verifyProof(proof, entry(number), await Policy.parse(VECTOR));
    await expect(checked).rejects.toThrow(Unproven);
  });

  it.each([
    "",
    PROOF.replace("@v1", "@v2"),
    PROOF.replace("\n\n", "\n"),
    PROOF.replace("index 4\n", ""),
    PROOF.replace("index 4", "index 04"),
    PROOF.replace("index 4", "extra A\nindex 4"),
    PROOF.replace("n/U3", "n/U"),
    "c2sp.org/tlog-proof@v1\n\n",
    PROOF.replace("index 4", `index 4${`\n${toBase64(new Uint8Array(32))}`.repeat(64)}`),
  ])("that is none is refused", (text) => {
    expect(() => parseProof(text)).toThrow(Malformed);
  });
});
