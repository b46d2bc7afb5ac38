import { describe, expect, it } from "vitest";
import { ROTATION } from "../../../tests/vectors/rotation";
import { utf8 } from "../../bytes";
import { Policy } from "./policy";
import { Malformed, Unproven } from "./refusal";
import { parseRotation, rotationIn, rotationLine } from "./rotation";
import { toBase64 } from "./text";

const { keys, checkpoint, cosigned, end } = ROTATION;
const ALONE = `log ${keys.a}\nquorum none\n`;
const WITNESSED = `log ${keys.a}\nwitness de ${ROTATION.witness}\nquorum de\n`;
const [first, second] = await Promise.all([ROTATION.first, ROTATION.second].map(parseRotation));
if (first === undefined || second === undefined) throw new Error("no vectors");
const opens = async (policy: Policy, note: string, now: number | null = null) =>
  (await policy.open(note, now)).checkpoint.size === 7;

describe("a statement that one key follows another", () => {
  it("is that of the vectors", async () => {
    expect(first).toMatchObject({ start: ROTATION.start, end, note: ROTATION.first });
    expect(rotationLine(first)).toBe(ROTATION.line);
    expect(await rotationIn(ROTATION.line)).toEqual(first);
  });

  it.each(Object.entries(ROTATION.malformed))("is none %s", async (_, note) => {
    await expect(parseRotation(note)).rejects.toThrow(Malformed);
  });

  it.each(Object.entries(ROTATION.unproven))("proves nothing %s", async (_, note) => {
    await expect(parseRotation(note)).rejects.toThrow(Unproven);
  });
});

describe("a policy", () => {
  it("learns the keys that follow on its own, one after the other", async () => {
    const policy = await Policy.parse(ALONE);
    expect(await opens(policy.learn([second, first]), checkpoint.c)).toBe(true);
    await expect(policy.open(checkpoint.b)).rejects.toThrow(Unproven);
  });

  it.each([
    ["a key that was given up", `log ${keys.c}\nquorum none\n`, ROTATION.line],
    ["a key that it does not know", ALONE, ROTATION.second_line],
    ["another log", ALONE, ROTATION.other_line],
  ])("learns nothing from a statement that starts at %s", async (_, text, line) => {
    const policy = await Policy.parse(text);
    expect(policy.learn([await rotationIn(line)]).logs).toEqual(policy.logs);
  });

  it("keeps to the key that it knows to follow, and is not led in a circle", async () => {
    const policy = (await Policy.parse(ALONE)).learn([first]);
    const others = [ROTATION.rival_line, ROTATION.circle_line].map(rotationIn);
    expect(policy.learn(await Promise.all(others)).rotations).toEqual([first]);
  });

  it.each([ROTATION.rival_line, ROTATION.circle_line])(
    "does not contradict itself: %s",
    async (line) => {
      const text = `${ALONE}${ROTATION.line}\n${line}\n`;
      await expect(Policy.parse(text)).rejects.toThrow("two keys follow one");
    },
  );

  it.each(Object.entries(ROTATION.unproven))(
    "with a forged statement is none: %s",
    async (_, note) => {
      const line = `#casehub-log-rotation/1 ${toBase64(utf8.encode(note))}`;
      await expect(Policy.parse(`${ALONE}${line}\n`)).rejects.toThrow(Malformed);
    },
  );
});

describe("a key that was given up", () => {
  it("counts under what the quorum cosigned before its end", async () => {
    const policy = (await Policy.parse(WITNESSED)).learn([first]);
    expect(await opens(policy, cosigned["in time"])).toBe(true);
    await expect(policy.open(cosigned.late)).rejects.toThrow("given up before");
    expect(await opens(policy, cosigned["late, by the new key"])).toBe(true);
  });

  it("counts without witnesses until its end by the reader's clock", async () => {
    const policy = (await Policy.parse(ALONE)).learn([first]);
    expect(await opens(policy, checkpoint.a, end - 1)).toBe(true);
    await expect(policy.open(checkpoint.a, end)).rejects.toThrow("given up before");
    expect(await opens(policy, checkpoint.ab, end)).toBe(true);
    expect(await opens(policy, checkpoint.a)).toBe(true);
  });

  it("opens what it signed alone to whoever has the newer key and its statement", async () => {
    const text = `${ROTATION.line}\nlog ${keys.b}\nquorum none\n`;
    expect(await opens(await Policy.parse(text), checkpoint.a)).toBe(true);
  });
});
