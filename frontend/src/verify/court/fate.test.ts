import { describe, expect, it } from "vitest";
import type { Content } from "../../crypto/content";
import { type Asked, fates, type Seen } from "./fate";

const edit = (about: number): Content => ({ kind: "edit", about, id: "m", text: "Otro" });
const text: Content = { kind: "text", text: "Uno" };
const said = (seq: number, content: Content): Seen => ({
  ...{ seq, id: "m", person: "boris", device: "d" },
  content,
});

/** Why the last of these entries may not leave, of a range that begins at entry 5. */
async function fate(seen: readonly Seen[], more: Partial<Asked> = {}) {
  const asked = {
    circle: "c",
    first: 5,
    person: "ana",
    keyOf: () => null,
    withdrawn: new Set([7]),
  };
  const found = await fates(seen, { ...asked, ...more });
  return found.get(seen.at(-1)?.seq ?? 0);
}

describe("an edit", () => {
  it.each([
    ["leaves with the message that it changes", [said(6, text), said(9, edit(6))], null],
    ["lies outside if that was said before the range", [said(9, edit(4))], "outside"],
    ["is without proof if that is in the range and has none", [said(9, edit(6))], "unsigned"],
    ["goes with what was withdrawn", [said(9, edit(7))], "withdrawn"],
  ] as const)("%s", async (_what, seen, why) => {
    expect(await fate(seen)).toBe(why);
  });
});
