import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { utf8 } from "../bytes";
import { under } from "./backend";
import { indexedDbStores } from "./indexeddb";

const record = (key: string, revision = 1) => ({ key, revision, bytes: utf8.encode(key) });

describe("the IndexedDB store", () => {
  it("reads ranges in both directions, with limits", async () => {
    const store = await indexedDbStores.open("ranges");
    const names = ["line/a/1", "line/a/2", "line/a/3", "line/b/1", "other"];
    await store.write({ put: names.map((name) => record(name)), remove: [] });
    const found = async (range: object) =>
      (await store.range({ ...under("line/a/"), ...range })).map(({ key }) => key);
    expect(await found({})).toEqual(["line/a/1", "line/a/2", "line/a/3"]);
    expect(await found({ limit: 2 })).toEqual(["line/a/1", "line/a/2"]);
    expect(await found({ reverse: true, limit: 2 })).toEqual(["line/a/3", "line/a/2"]);
    expect(await found({ from: "line/a/2" })).toEqual(["line/a/2", "line/a/3"]);
    await store.close();
  });

  it("puts and removes in one batch, and keeps it", async () => {
    const store = await indexedDbStores.open("batches");
    await store.write({ put: [record("a"), record("b")], remove: [] });
    await store.write({ put: [record("a", 2)], remove: ["b", "never there"] });
    await store.close();
    const again = await indexedDbStores.open("batches");
    expect((await again.get("a"))?.revision).toBe(2);
    expect(await again.get("b")).toBeUndefined();
    await again.close();
  });

  it("keeps stores of different names apart", async () => {
    const [one, two] = await Promise.all([
      indexedDbStores.open("casehub-one"),
      indexedDbStores.open("casehub-two"),
    ]);
    await one.write({ put: [record("a")], remove: [] });
    expect(await two.get("a")).toBeUndefined();
    await Promise.all([one.close(), two.close()]);
  });
});
