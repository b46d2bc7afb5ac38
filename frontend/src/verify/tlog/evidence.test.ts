import { describe, expect, it } from "vitest";
import { LogInHand } from "../../../tests/vectors/log";
import { type Evidence, evidenceFile, judge, parseEvidence } from "./evidence";
import { Forked, follow } from "./follow";
import { Malformed, Unproven } from "./refusal";

const log = await LogInHand.of(300);
const other = await LogInHand.of(300, { from: 256 });
const { policy, origin } = log;

async function evidenceOf(before: string, after: string, from = log): Promise<Evidence> {
  const error = await follow(policy, origin, before, after, from.read).catch((one: unknown) => one);
  if (!(error instanceof Forked)) throw new Error("it did not fork");
  const { path } = error;
  const why = path === null ? "smaller" : "forked";
  return parseEvidence(
    evidenceFile({ why, origin, seen: "2026-11-26T06:00:00Z", policy: "", before, after, path }),
  );
}

describe("evidence", () => {
  it.each([7, 255, 256, 299])(
    "of %i entries that begin another log contradicts it, to anybody",
    async (size) => {
      const stranger = await LogInHand.of(size, { from: 0 });
      const found = await evidenceOf(await stranger.note(size), await log.note(300));
      expect(await judge(found, policy)).toBe("contradiction");
    },
  );

  it("of two roots of one size contradicts", async () => {
    const found = await evidenceOf(await other.note(300), await log.note(300));
    expect(await judge(found, policy)).toBe("contradiction");
  });

  it("of a log that shrank is a rollback, to whoever believes the order", async () => {
    const found = await evidenceOf(await log.note(300), await log.note(256));
    expect(await judge(found, policy)).toBe("rollback");
    expect(await judge({ ...found, why: "gone", after: null }, policy)).toBe("rollback");
  });

  it("of an honest log is none", async () => {
    const [before, after] = [await log.note(256), await log.note(300)];
    const found = await evidenceOf(await other.note(300), await log.note(300));
    await expect(judge({ ...found, before, after: before }, policy)).rejects.toThrow(Unproven);
    const path = await log.path(256);
    await expect(judge({ ...found, before, after, path }, policy)).rejects.toThrow(Unproven);
    await expect(judge({ ...found, before, after, path: [] }, policy)).rejects.toThrow(Unproven);
  });

  it("that nobody signed accuses nobody", async () => {
    const found = await evidenceOf(await other.note(300), await log.note(300));
    const bent = (found.before ?? "").replace("\n300\n", "\n299\n");
    await expect(judge({ ...found, before: bent }, policy)).rejects.toThrow(Unproven);
    await expect(judge({ ...found, origin: "dir.example" }, policy)).rejects.toThrow(Unproven);
  });

  it("that is not about two notes is a claim", async () => {
    const found = await evidenceOf(await other.note(300), await log.note(300));
    for (const why of ["policy", "unproven"] as const) {
      expect(await judge({ ...found, why }, policy)).toBe("claim");
    }
  });

  it.each(["", "[]", "null", '{"v":1}', '{"v":1,"kind":"casehub-log-evidence"}'])(
    "is not %j",
    (text) => {
      expect(() => parseEvidence(text)).toThrow(Malformed);
    },
  );
});
