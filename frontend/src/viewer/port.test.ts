import { describe, expect, it } from "vitest";
import { heard } from "./port";
import { MOST_UNPACKED, Room } from "./room";

describe("what a frame says", () => {
  it.each([
    [{ ready: true }, { ready: true }],
    [{ refused: "bomb" }, { refused: "bomb" }],
    [{ drawn: 2 }, { drawn: 2 }],
    [{ key: "close" }, { key: "close" }],
    [{ key: "lock" }, { key: "lock" }],
    [{ shown: { pages: 2, notes: ["cut"] } }, { shown: { pages: 2, notes: ["cut"] } }],
    [{ shown: { pages: 2, notes: ["<b>", "cut"] } }, { shown: { pages: 2, notes: ["cut"] } }],
  ])("%j is heard", (data, said) => {
    expect(heard(data)).toEqual(said);
  });

  it.each([
    null,
    "shown",
    {},
    { ready: 1 },
    { refused: "please open it" },
    { key: "send" },
    { drawn: -1 },
    { shown: true },
    { shown: { pages: 0, notes: [] } },
    { shown: { pages: 1e9, notes: [] } },
    { shown: { pages: 1, notes: "cut" } },
  ])("%j is not", (data) => {
    expect(heard(data)).toBeNull();
  });
});

describe("the room that a PDF has", () => {
  it("is enough for a page, and again for the next one", () => {
    const room = new Room();
    room.take(MOST_UNPACKED);
    room.anew();
    room.take(MOST_UNPACKED);
    expect(() => room.judge()).not.toThrow();
  });

  it("is over for good once it was too small, whoever goes on without that part", () => {
    const room = new Room();
    expect(() => room.take(MOST_UNPACKED + 1)).toThrow("bomb");
    expect(() => room.judge()).toThrow("bomb");
    expect(() => room.anew()).toThrow("bomb");
    expect(() => room.take(1)).toThrow("bomb");
  });
});
