import { describe, expect, it } from "vitest";
import { ROTATION } from "../../../tests/vectors/rotation";
import { contradicts, growsFrom, statementsIn, taught } from "./grown";
import { Policy } from "./policy";
import { Malformed } from "./refusal";

const ALONE = "log audit.x/2026+1+A\nlog dir.x+2+B\nquorum none\n";
const WITNESSED = `log audit.x/2026+1+A\nlog dir.x+2+B
witness MX w+3+C http://x\ngroup all 1 MX\nquorum all\n`;

describe("a policy kept at first use", () => {
  it.each([
    ["stays, whatever its comments and spaces", ALONE, `# hello\n${ALONE.replace(" ", "  ")}`],
    ["takes a new year's log", ALONE, `log audit.x/2027+4+D\n${ALONE}`],
    ["takes witnesses where nobody was asked for", ALONE, WITNESSED],
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

const { keys, line, rival_line: rival, other_line: other, stranger } = ROTATION;
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
