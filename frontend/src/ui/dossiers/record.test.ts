import { describe, expect, it, vi } from "vitest";
import type { Dossier, Judged } from "../client";
import { DossierRecord } from "./record.svelte";

const at = (number: number) => ({ id: "d1", number }) as unknown as Dossier;
const TRUE: Judged = { moves: ["ok"], stands: true, proposal: null };
const UNTRUE: Judged = { moves: ["signature"], stands: false, proposal: null };
const settled = () => new Promise((done) => setTimeout(done));

/** Answers that come when the test says so, in whatever order. */
function asked<Answer>() {
  const answers: { give: (answer: Answer) => void; fail: (code: string) => void }[] = [];
  const ask = vi.fn(
    () =>
      new Promise<Answer>((give, refuse) => {
        answers.push({ give, fail: (code) => refuse(Object.assign(new Error(code), { code })) });
      }),
  );
  return { ask, answers };
}

function record() {
  const [reads, checks] = [asked<Dossier>(), asked<Judged>()];
  return { reads, checks, it: new DossierRecord({ read: reads.ask, check: checks.ask }, "d1") };
}

/** One that was read and judged. */
async function standing() {
  const made = record();
  void made.it.read();
  made.reads.answers[0]?.give(at(1));
  await settled();
  made.checks.answers[0]?.give(TRUE);
  await settled();
  return made;
}

describe("a record that is read again", () => {
  it("stands as it is while that fails, and the failure is told until it does not", async () => {
    const { it: one, reads, checks } = await standing();
    one.heard("d1");
    reads.answers[1]?.fail("unreachable");
    await settled();
    expect([one.found?.number, one.judged, one.failure?.code]).toEqual([1, TRUE, "unreachable"]);
    void one.read();
    reads.answers[2]?.give(at(2));
    await settled();
    checks.answers[1]?.give(TRUE);
    await settled();
    expect([one.found?.number, one.failure]).toEqual([2, null]);
  });

  it("has beside it what was found of it, and never of the one before", async () => {
    const { it: one, reads, checks } = record();
    void one.read();
    reads.answers[0]?.give(at(1));
    await settled();
    one.heard("d1");
    void one.moved(at(2));
    checks.answers[1]?.give(TRUE);
    await settled();
    checks.answers[0]?.give(UNTRUE);
    await settled();
    expect([one.found?.number, one.judged]).toEqual([2, TRUE]);
  });

  it("is not put back by an answer from before a step that was taken here", async () => {
    const { it: one, reads } = await standing();
    void one.read();
    void one.moved(at(2));
    reads.answers[1]?.give(at(1));
    await settled();
    expect(one.found?.number).toBe(2);
  });
});

describe("a read that something newer has overtaken", () => {
  it("tells of no failure over what came after it", async () => {
    const { it: one, reads } = await standing();
    void one.read();
    void one.moved(at(2));
    reads.answers[1]?.fail("unreachable");
    await settled();
    expect([one.found?.number, one.failure]).toEqual([2, null]);
  });

  it("does not hide that the newer one failed", async () => {
    const { it: one, reads } = record();
    void one.read();
    void one.read();
    reads.answers[1]?.fail("unreachable");
    await settled();
    reads.answers[0]?.give(at(1));
    await settled();
    expect([one.found, one.failure?.code]).toEqual([null, "unreachable"]);
  });

  it("changes nothing under a dialog that was opened since, and is read when that is closed", async () => {
    const { it: one, reads } = await standing();
    void one.read();
    one.hold(true);
    reads.answers[1]?.give(at(2));
    await settled();
    expect(one.found?.number).toBe(1);
    one.hold(false);
    reads.answers[2]?.give(at(2));
    await settled();
    expect([one.found?.number, reads.answers.length]).toEqual([2, 3]);
  });

  it("is looked at under the dialog that asks for it", async () => {
    const { it: one, reads, checks } = await standing();
    one.hold(true);
    void one.again();
    reads.answers[1]?.give(at(2));
    await settled();
    checks.answers[1]?.give(TRUE);
    await settled();
    expect(one.found?.number).toBe(2);
  });
});

describe("what rings", () => {
  it("is looked at when the dialog that was open is closed, once", async () => {
    const { it: one, reads } = await standing();
    one.hold(true);
    one.heard("d1");
    one.heard("d1");
    await settled();
    expect(reads.ask).toHaveBeenCalledTimes(1);
    one.hold(false);
    await settled();
    expect(reads.ask).toHaveBeenCalledTimes(2);
  });

  it("of a step that was taken here asks once more, however often it rings", async () => {
    const { it: one, reads, checks } = await standing();
    one.hold(true);
    one.heard("d1");
    void one.moved(at(2));
    one.heard("d1");
    one.hold(false);
    reads.answers[1]?.give(at(2));
    await settled();
    checks.answers.at(-1)?.give(TRUE);
    await settled();
    expect(reads.ask).toHaveBeenCalledTimes(2);
  });

  it("while it is being read has it read again: that answer may be from before", async () => {
    const { it: one, reads, checks } = record();
    void one.read();
    one.heard("d1");
    one.heard("d1");
    reads.answers[0]?.give(at(1));
    await settled();
    reads.answers[1]?.give(at(2));
    await settled();
    checks.answers[1]?.give(TRUE);
    await settled();
    expect([one.found?.number, one.judged]).toEqual([2, TRUE]);
    expect(reads.ask).toHaveBeenCalledTimes(2);
  });

  it("about another request is nothing here", async () => {
    const { it: one, reads } = await standing();
    one.heard("d2");
    expect(reads.ask).toHaveBeenCalledTimes(1);
  });
});
