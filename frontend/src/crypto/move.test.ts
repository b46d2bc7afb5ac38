import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { b64u, hex, sha256 } from "../bytes";
import { type Moved, movedBy, moveInput } from "./move";

type Vector = { move: Moved; signed: string; key: string; signature: string };
const FILE = new URL("../../../tests/vectors/move.json", import.meta.url);
const { move, signed, key, signature } = JSON.parse(readFileSync(FILE, "utf8")) as Vector;
const whose = b64u.decode(key);
const hand = b64u.decode(signature);

describe("a move", () => {
  it("is signed as the server signs it", async () => {
    expect(hex.encode(await sha256(moveInput(move)))).toBe(signed);
    expect(await movedBy(whose, move, hand)).toBe(true);
  });

  it.each(Object.keys(move))("is signed with its %s", async (name) => {
    const was = move[name as keyof Moved];
    const other = typeof was === "number" ? was + 1 : typeof was === "string" ? `${was}x` : {};
    expect(await movedBy(whose, { ...move, [name]: other } as Moved, hand)).toBe(false);
  });
});
