/** Letters of a request by pages: the newest at once, all of them in the end, and no end is an end. */

import { describe, expect, it, vi } from "vitest";
import { browser, FOUND, id, NOTHING, reader, scene } from "../../../tests/letters";
import type { LetterRow, LettersTold } from "../../api/letters";
import { isListed, isWhole, MOST_LETTERS, withNewest } from "./pages";

/** Ids that no browser here draws. */
const named = (n: number): string => id(500_000 + n);
const row = (n: number, held: string[] = ["k"]): LetterRow => ({
  ...{ id: named(n), person: id(12), name: "name of 12", state: "MX", step: 0 },
  ...{ at: "2026-11-24T15:00:00Z", body: "AA", keys: [], held, files: [] },
});
/** Those from one place to another, as a server tells them. */
const page = (first: number, last: number): LettersTold => ({
  readers: [],
  first,
  letters: Array.from({ length: last - first + 1 }, (_, at) => row(first + at)),
});
const places = ({ first, letters }: LettersTold) => [first, letters[0]?.id, letters.at(-1)?.id];

describe("the newest page", () => {
  it.each([
    ["the same once more", page(1, 100), page(1, 100), 1, 100],
    ["one more of a few", page(1, 3), page(1, 4), 1, 4],
    ["some more, of which the first are told no more", page(1, 100), page(6, 105), 1, 105],
    ["more behind what was fetched before", page(101, 300), page(205, 304), 101, 304],
    ["just those that follow", page(1, 100), page(101, 200), 1, 200],
    ["too many to reach what is here", page(1, 100), page(102, 201), 102, 201],
    ["fewer than there were", page(101, 200), page(1, 4), 1, 4],
    ["none", page(1, 3), { readers: [], first: 1, letters: [] }, 1, 0],
  ])("%s", (_, known, newest, first, last) => {
    const told = withNewest(known, newest);
    const there = last === 0 ? undefined : named(last);
    expect(places(told)).toEqual([first, there && named(first), there]);
    expect(new Set(told.letters.map((one) => one.id)).size).toBe(told.letters.length);
  });
});

/** Letters on a server of which nobody here has a key. */
const others = (first: number, last: number) =>
  page(first, last).letters.map(({ keys: _k, held: _h, files: _f, ...rest }) => ({
    ...rest,
    sealed: [],
  }));

describe("a request of a thousand letters", () => {
  it("opens with the newest of them after one question, and has them all in the end", async () => {
    const { server, people, all } = await scene();
    const [one, other] = all();
    server.rows = others(1, 999);
    const hers = await browser(one, server, people);
    await hers.write(FOUND, "free", { ...NOTHING, text: "last" });
    await hers.read();
    server.asked = [];
    const his = await browser(other, server, people);
    let told = await his.read();
    expect(server.asked).toEqual([undefined]);
    expect(told.letters).toHaveLength(100);
    expect(told.letters.at(-1)?.letter?.text).toBe("last");
    expect(told.isWhole).toBe(false);
    while (!told.isWhole) told = (await his.earlier(FOUND)) ?? told;
    expect(told.letters).toHaveLength(1_000);
    expect(told.letters[0]?.id).toBe(named(1));
    expect(server.asked).toHaveLength(10);
    // What is here stays while the newest are asked for anew.
    expect((await his.read()).letters).toHaveLength(1_000);
    expect(server.asked).toHaveLength(11);
    expect((await his.earlier(FOUND))?.isWhole).toBe(true);
    expect(server.asked).toHaveLength(11);
  });

  it("gives who came later the keys of each page once", async () => {
    const { server, people, all } = await scene();
    const [one, , third] = all();
    const hers = await browser(one, server, people);
    await hers.write(FOUND, "free", { ...NOTHING, text: "first" });
    await hers.read();
    server.rows.push(...others(1_001, 1_120));
    server.readers.push(reader(third));
    const again = await browser(one, server, people);
    expect((await again.read()).isWhole).toBe(false);
    expect((await again.earlier(FOUND))?.isWhole).toBe(true);
    await vi.waitFor(() => expect(server.shared).toBe(1));
    await again.read();
    await again.read();
    expect(server.shared).toBe(1);
    expect(server.rows[0]?.sealed.map(({ person }) => person)).toContain(third.person);
  });
});

describe("a host that pages without end", () => {
  const ENDLESS = 10 ** 12;
  const read = async (list: (before?: number) => LettersTold) => {
    const { server, people, all } = await scene();
    server.tells = list;
    const one = await browser(all()[0], server, people);
    let told = await one.read();
    let looks = 1;
    for (; !told.isWhole && looks < 1_000; looks += 1) told = (await one.earlier(FOUND)) ?? told;
    return { told, looks };
  };

  it("is not followed beyond what people write", async () => {
    const { told, looks } = await read((before = ENDLESS) => page(before - 1_000, before - 1));
    expect(told.letters).toHaveLength(MOST_LETTERS);
    expect(looks).toBe(MOST_LETTERS / 1_000);
  });

  it.each([
    ["the same page again", () => page(ENDLESS - 100, ENDLESS)],
    ["pages of one", (before = ENDLESS) => page(before - 1, before - 1)],
    ["nothing", (before?: number) => (before ? { ...page(1, 0), first: before } : page(200, 299))],
    ["what stands elsewhere", (before?: number) => (before ? page(1, 60) : page(200, 299))],
  ])("is not asked again once it tells %s", async (_, list) => {
    const { told, looks } = await read(list);
    expect([told.isWhole, looks]).toEqual([true, 2]);
    expect(told.letters.length).toBeGreaterThan(0);
  });
});

describe("a letter that was sent again", () => {
  it("is found on the page that it stands on", async () => {
    const ask = vi.fn(async (before = 301) => page(before - 100, before - 1));
    expect(await isListed(named(150), await ask(), ask)).toBe(true);
    expect(ask.mock.calls.slice(1)).toEqual([[201]]);
    expect(await isListed(named(400), await ask(), ask)).toBe(false);
  });

  it("is not there where nobody holds a key of it", async () => {
    const told = { ...page(1, 1), letters: [row(1, [])] };
    expect(isWhole(told)).toBe(true);
    expect(await isListed(named(1), told, async () => told)).toBe(false);
  });
});
