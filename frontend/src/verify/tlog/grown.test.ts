import { describe, expect, it } from "vitest";
import { vkeyOfWitness } from "../../../tests/vectors/log";
import { ROTATION } from "../../../tests/vectors/rotation";
import { contradicts, growsFrom, statementsIn, taught } from "./grown";
import { Policy } from "./policy";
import { Malformed } from "./refusal";

const { keys, line, rival_line: rival, other_line: other, stranger } = ROTATION;
const ALONE = "log audit.x/2026+1+A\nlog dir.x+2+B\nquorum none\n";
const WITNESSED = `log audit.x/2026+1+A\nlog dir.x+2+B
witness MX w+3+C http://x\ngroup all 1 MX\nquorum all\n`;

describe("a policy kept at first use", () => {
  it.each([
    ["stays, whatever its comments and spaces", ALONE, `# hello\n${ALONE.replace(" ", "  ")}`],
    ["takes a new year's log", ALONE, `log audit.x/2027+4+D\n${ALONE}`],
    ["takes witnesses where nobody was asked for", ALONE, WITNESSED],
    ["stays where a witness moves", WITNESSED, WITNESSED.replace("http://x", "https://y:8443/")],
    [
      "stays where a witness is asked no more but comes",
      WITNESSED,
      WITNESSED.replace(" http://x", ""),
    ],
    ["takes a new year's log under the same witnesses", WITNESSED, `log a/2+4+D\n${WITNESSED}`],
  ])("%s", async (_, before, after) => {
    expect(await growsFrom(before, after)).toBe(true);
  });

  it.each([
    ["another key of a log", ALONE, ALONE.replace("+1+A", "+9+Z")],
    ["a second key of a log", ALONE, `log dir.x+9+Z\n${ALONE}`],
    [
      "words parted by another space",
      WITNESSED,
      WITNESSED.replace("quorum all", "quorum all\u00a0"),
    ],
    ["one log less", ALONE, ALONE.replace("log dir.x+2+B\n", "")],
    ["no witnesses any more", WITNESSED, ALONE],
    ["a further witness", WITNESSED, `witness ZZ z+9+Z\n${WITNESSED}`],
    ["a smaller quorum", WITNESSED, WITNESSED.replace("quorum all", "quorum MX")],
  ])("does not take %s", async (_, before, after) => {
    expect(await growsFrom(before, after)).toBe(false);
  });
});

const NAMES = ["CA", "CR", "MX", "GT", "SV"];
const witnesses = await Promise.all(
  NAMES.map(async (name, at) => `witness ${name} ${await vkeyOfWitness(`w.${name}`, at + 1)}`),
);
/** A policy with these groups, and the witnesses that they name; the last group is the quorum. */
function asking(...groups: string[]): string {
  const named = witnesses.filter((one) => groups.join(" ").includes(` ${one.split(" ")[1]}`));
  const lines = groups.map((one, at) => `group g${at} ${one}`);
  const all = [`log ${keys.a}`, ...named, ...lines, `quorum g${groups.length - 1}`];
  return `${all.join("\n")}\n`;
}
const THREE = asking("2 CA CR MX");
const OTHER_KEY = await vkeyOfWitness("w.MX", 9);
const MX = witnesses[2] ?? "";

describe("the witnesses of a policy kept at first use", () => {
  it.each([
    ["a fourth one, where as many of the three are needed as before", asking("3 CA CR MX GT")],
    ["two more, likewise", asking("4 CA CR MX GT SV")],
    ["one beside the quorum that there was", asking("2 CA CR MX", "1 GT SV", "2 g0 g1")],
    ["one less, where the others are all needed", asking("2 CA CR")],
    ["a quorum of all", asking("all CA CR MX")],
    ["a group of another name, and another order", asking("2 MX CA CR").replaceAll("g0", "of-us")],
  ])("take %s", async (_, after) => {
    expect(await growsFrom(THREE, after)).toBe(true);
  });

  it.each([
    ["a fourth one that could stand for one of the three", asking("2 CA CR MX GT")],
    ["one in the place of another", asking("2 CA CR GT")],
    ["one less, where fewer of the rest are enough", asking("1 CA CR")],
    ["a smaller quorum", asking("1 CA CR MX")],
    ["no quorum", THREE.replace("quorum g0", "quorum none")],
    ["one beside them that nobody counts", THREE.replace(MX, `${MX}\n${witnesses[4]}`)],
    ["another key under a name that is known", THREE.replace(MX, `witness MX ${OTHER_KEY}`)],
    ["a known key under another name", asking("all CA CR MX").replaceAll(/\bMX\b/g, "SV")],
    [
      "a new witness under a name that was another's",
      asking("3 CA CR MX GT").replace(MX, `witness MX ${OTHER_KEY}`),
    ],
  ])("do not take %s", async (_, after) => {
    expect(await growsFrom(THREE, after)).toBe(false);
  });

  it("do not try more than sixteen in every combination", async () => {
    const many = Array.from({ length: 17 }, (_, at) => `W${at}`);
    const lines = await Promise.all(
      many.map(async (name, at) => `witness ${name} ${await vkeyOfWitness(name, 20 + at)}`),
    );
    const text = (needed: number) =>
      `log ${keys.a}\n${lines.join("\n")}\ngroup g ${needed} ${many.join(" ")}\nquorum g\n`;
    expect(await growsFrom(text(9), text(9))).toBe(true);
    expect(await growsFrom(text(9), text(10))).toBe(false);
  });
});

const OLD = `log ${keys.a}\nquorum none\n`;
const BOTH = `${OLD}log ${keys.b}\n${line}\n`;
const NEW = `quorum none\nlog ${keys.b}\n${line}\n`;

describe("a policy kept at first use, when a key follows another,", () => {
  it.each([
    ["takes the new key beside the old", OLD, BOTH],
    ["lets the old key go afterwards", BOTH, NEW],
    ["takes both at once, after a month away", OLD, NEW],
    ["takes a further one", NEW, `${NEW}log ${keys.c}\n${ROTATION.second_line}\n`],
    ["takes a new log whose key has changed already", OLD, `${OLD}log audit.z+1+A\n${other}\n`],
  ])("%s", async (_, before, after) => {
    expect(await growsFrom(before, after)).toBe(true);
  });

  it.each([
    ["the new key without the word of the old", OLD, `${OLD}log ${keys.b}\n`],
    ["another key than the one that the statement names", OLD, `${OLD}log ${stranger}\n${line}\n`],
    [
      "another key after the one that it knows to follow",
      BOTH,
      `${BOTH}log ${stranger}\n${rival}\n`,
    ],
    ["another statement in place of the one it knows", BOTH, BOTH.replace(line, rival)],
    ["a statement about a key it never believed", OLD, `${OLD}${ROTATION.second_line}\n`],
    ["the old key gone without a statement", `${OLD}log x+1+A\n`, "quorum none\nlog x+1+A\n"],
    ["the statement gone that it knew", NEW, NEW.replace(`${line}\n`, "")],
    ["a statement that is none", OLD, `${OLD}${line.slice(0, -4)}\n`],
  ])("does not take %s", async (_, before, after) => {
    expect(await growsFrom(before, after)).toBe(false);
  });
});

describe("a pinned policy", () => {
  it("learns which key follows on its own, and nothing else", async () => {
    const learned = await taught(OLD, `witness ZZ z+9+Z\n${BOTH}log ${stranger}\n`);
    expect(learned).toBe(`${OLD}${line}\n`);
    expect((await Policy.parse(learned)).keysOf(ROTATION.origin).length).toBe(2);
    expect(await taught(learned, BOTH)).toBe(learned);
    expect(await taught(OLD, statementsIn(learned))).toBe(learned);
    expect(await taught(OLD, `${other}\n${ROTATION.second_line}\n`)).toBe(OLD);
  });

  it("is contradicted by another key after one that it believes", async () => {
    const learned = await taught(OLD, BOTH);
    expect(await contradicts(learned, `${rival}\n`)).toBe(true);
    expect(await contradicts(learned, BOTH)).toBe(false);
    expect(await contradicts(OLD, `${other}\n`)).toBe(false);
    expect(await contradicts(`log ${keys.b}\nquorum none\n`, BOTH)).toBe(false);
  });

  it("learns nothing from what is no statement", async () => {
    await expect(taught(OLD, `${line.slice(0, -4)}\n`)).rejects.toThrow(Malformed);
  });
});
