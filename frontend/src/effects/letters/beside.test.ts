/** Two pages of one person who has no device. */

import { expect, it } from "vitest";
import type { Deps } from "../deps";
import { besides } from "./beside";

/** What pages of one browser say to each other, at once. */
function wires() {
  const all = new Set<{ name: string; hear: (message: unknown) => void }>();
  const channel: NonNullable<Deps["channel"]> = (name, hear) => {
    const one = { name, hear };
    all.add(one);
    return {
      post: (message) => {
        for (const other of all) if (other !== one && other.name === name) other.hear(message);
      },
      close: () => void all.delete(one),
    };
  };
  return { channel, all };
}

it("know each other, however late one comes, and nobody else's", () => {
  const { channel } = wires();
  const first = besides({ channel }, "ana", "one", () => false);
  const second = besides({ channel }, "ana", "two", () => false);
  besides({ channel }, "boris", "three", () => false);
  expect(["one", "two", "three"].map(first)).toEqual([false, true, false]);
  expect(["one", "two", "three"].map(second)).toEqual([true, false, false]);
});

it("say nothing of themselves once their store is closed", () => {
  const { channel, all } = wires();
  let over = false;
  besides({ channel }, "ana", "one", () => over);
  over = true;
  const later = besides({ channel }, "ana", "two", () => false);
  expect([later("one"), all.size]).toEqual([false, 1]);
});

it("take in nothing that is no message of theirs", () => {
  const { channel, all } = wires();
  const one = besides({ channel }, "ana", "one", () => false);
  for (const { hear } of all) for (const said of [null, { kind: "here" }, "here"]) hear(said);
  expect(one("undefined")).toBe(false);
});
