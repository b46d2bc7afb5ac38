import { describe, expect, it } from "vitest";
import type { Message } from "../client";
import { acknowledgements } from "./acknowledged";

const AT = "2026-11-26T10:00:00Z";
const READERS = ["ana", "boris", "carla"];
const gave = (person: string, version = 0) => ({ person, at: AT, seq: 7, version });

function message(over: Partial<Message> = {}): Message {
  const who = { person: "ana", device: "d", mine: false };
  const said = { text: "…", status: "received", asks: true } as const;
  return { id: "m5", seq: 5, at: AT, ...who, ...said, ...over };
}

const shown = (over: Partial<Message>, me = "ana", readers = READERS) => {
  const { given, owing, ...rest } = acknowledgements(message(over), readers, me);
  return {
    ...rest,
    given: given.map(({ person, asked }) => (asked ? person : `+${person}`)),
    owing,
  };
};

describe("who acknowledges a message", () => {
  it("is whoever read it when it was said, and not who came in since", () => {
    const now = shown({ asked: ["boris"], acknowledged: [gave("boris")] });
    expect(now).toMatchObject({ given: ["boris"], owing: [], all: 1, done: 1 });
  });

  it("is not whoever has left: they owe nothing, and what they gave stays", () => {
    const asked = ["boris", "carla", "diego"];
    const now = shown({ asked, acknowledged: [gave("carla")] }, "ana", ["ana", "boris"]);
    expect(now).toMatchObject({ given: ["carla"], owing: ["boris"], all: 2, done: 1 });
  });

  it("may be somebody to whom it was given later, beside the count", () => {
    const now = shown({ asked: ["boris"], acknowledged: [gave("carla")] });
    expect(now).toMatchObject({ given: ["+carla"], owing: ["boris"], all: 1, done: 0 });
  });

  it("is nobody where nobody else read", () => {
    expect(shown({ asked: [] })).toMatchObject({ owing: [], all: 0, done: 0 });
  });

  it("acknowledges each text of it anew", () => {
    const versions = [{ text: "…", at: AT }];
    const now = shown({ asked: ["boris"], acknowledged: [gave("boris")], versions });
    expect(now).toMatchObject({ given: [], owing: ["boris"], before: [gave("boris")], all: 1 });
  });

  it("is not known to whom it was given: they may, and do not owe it", () => {
    const given = { person: "boris", at: AT, seq: 9 };
    const now = shown({ given, acknowledged: [gave("boris")] }, "carla");
    expect(now).toMatchObject({ given: ["boris"], owing: [], all: null, may: true, mine: false });
  });

  it("is every reader where it was kept before it was known who read", () => {
    const now = shown({ acknowledged: [gave("boris")] });
    expect(now).toMatchObject({ given: ["boris"], owing: ["carla"], all: 2, done: 1 });
  });
});

describe("an acknowledgement", () => {
  it("is owed by whoever was asked, until they gave it", () => {
    const asked = ["boris", "carla"];
    expect(shown({ asked }, "boris")).toMatchObject({ may: true, mine: true });
    const after = shown({ asked, acknowledged: [gave("boris")] }, "boris");
    expect(after).toMatchObject({ may: false, mine: false });
  });

  it("is not for its author, nor for whoever reads no more", () => {
    expect(shown({ asked: ["boris"] }, "ana")).toMatchObject({ may: false });
    expect(shown({ asked: ["boris"] }, "boris", ["ana"])).toMatchObject({ may: false });
  });
});
