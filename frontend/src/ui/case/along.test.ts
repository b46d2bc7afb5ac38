import { describe, expect, it } from "vitest";
import type { Along } from "../client";
import { Goes, said } from "./along.svelte";

const court = { codes: ["court" as const] };

/** A composer whose client keeps what it is told. */
function composer(first: Along = {}, lines: unknown[] = []) {
  const told: Along[] = [];
  const client = {
    setAlong: (_circle: string, along: Along) => told.push(along),
    lines: async () => lines,
  };
  const goes = new Goes(
    client as unknown as ConstructorParameters<typeof Goes>[0],
    "x",
    first,
    false,
  );
  return { goes, told };
}

describe("terms that were chosen for what is being written", () => {
  it("are kept once for each change", () => {
    const { goes, told } = composer();
    goes.chosen = { handling: court };
    goes.keep(goes.along());
    goes.keep(goes.along());
    expect(told).toEqual([{ handling: court }]);
    goes.chosen = null;
    goes.keep(goes.along());
    expect(told.at(-1)).toEqual({});
  });

  it("are said with words even where they are the usual ones", () => {
    const { goes } = composer();
    expect(goes.along(court)).toEqual({ handling: court });
    expect(goes.along(null)).toEqual({ handling: null });
    expect(goes.along()).toEqual({});
  });

  it("are those of another tab with its words, which are not kept anew", () => {
    const { goes, told } = composer();
    goes.take({ handling: court, urgent: true });
    goes.keep(goes.along());
    expect(goes.chosen).toEqual({ handling: court });
    expect(goes.urgent).toBe(true);
    expect(told).toEqual([]);
  });

  it("tell none from as usual", () => {
    expect(said({ handling: null })).not.toBe(said({}));
    expect(said({ handling: { ...court, conditions: "x" } })).not.toBe(said({ handling: court }));
  });
});

describe("what a draft answers to", () => {
  const message = { kind: "message", message: { seq: 3, withdrawn: false } };

  it("is not kept as nothing while it is looked for", async () => {
    const { goes, told } = composer({ answers: 3 }, [message]);
    goes.keep({});
    await goes.resume(undefined, ({ answering }) => expect(answering?.seq).toBe(3));
    goes.keep(goes.along());
    expect(goes.along()).toEqual({ answers: 3 });
    expect(told).toEqual([]);
  });

  it.each([
    ["was withdrawn", { kind: "message", message: { seq: 3, withdrawn: true } }],
    ["is another entry", { kind: "message", message: { seq: 2 } }],
    ["is no message", { kind: "event", seq: 3 }],
  ])("is nothing where it %s", async (_what, line) => {
    const { goes } = composer({ answers: 3 }, [line]);
    await goes.resume(undefined, ({ answering }) => expect(answering).toBeNull());
    expect(goes.along()).toEqual({});
  });

  it("waits behind another text that was being written", async () => {
    const { goes } = composer({ answers: 3 }, [message]);
    await goes.resume(3, ({ answering, editing }) => {
      expect([answering, editing?.seq]).toEqual([null, 3]);
    });
    expect(goes.along()).toEqual({ answers: 3 });
  });

  it("does not keep the composer waiting where it cannot be read", async () => {
    const { goes } = composer({ answers: 3 }, [message]);
    await goes.resume(undefined, () => {
      throw new Error("the session is over");
    });
    expect(goes.resuming).toBe(false);
    expect(goes.along()).toEqual({ answers: 3 });
  });
});
