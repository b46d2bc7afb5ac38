import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { utf8 } from "../bytes";
import { type Backend, under } from "./backend";
import { fileStores } from "./file";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "casehub-store-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const record = (key: string, revision: number, text = key) => ({
  key,
  revision,
  bytes: utf8.encode(text),
});
const textAt = async (store: Backend, key: string) => {
  const found = await store.get(key);
  return found && utf8.decode(found.bytes);
};

describe("the file store", () => {
  it("keeps what was written, in the order of keys", async () => {
    const store = await fileStores(directory).open("s");
    await store.write({ put: [record("b", 1), record("a", 1), record("c/1", 1)], remove: [] });
    await store.write({ put: [record("a", 2, "new")], remove: ["b"] });
    await store.close();
    const again = await fileStores(directory).open("s");
    expect((await again.range(under(""))).map(({ key }) => key)).toEqual(["a", "c/1"]);
    expect(await textAt(again, "a")).toBe("new");
    expect((await again.range({ ...under(""), reverse: true, limit: 1 }))[0]?.key).toBe("c/1");
    await again.close();
  });

  it("is for its owner's eyes only", async () => {
    const store = await fileStores(join(directory, "inner")).open("s");
    await store.close();
    expect(statSync(join(directory, "inner", "s.log")).mode & 0o777).toBe(0o600);
  });

  it("forgets a batch that was cut short at any byte, and nothing before it", async () => {
    const store = await fileStores(directory).open("s");
    await store.write({ put: [record("kept", 1)], remove: [] });
    const before = statSync(join(directory, "s.log")).size;
    await store.write({ put: [record("kept", 2, "x"), record("torn", 2)], remove: [] });
    await store.close();
    const whole = readFileSync(join(directory, "s.log"));
    for (let size = before; size < whole.length; size += 1) {
      writeFileSync(join(directory, "s.log"), whole.subarray(0, size));
      const again = await fileStores(directory).open("s");
      expect(await textAt(again, "kept")).toBe("kept");
      expect(await again.get("torn")).toBeUndefined();
      await again.write({ put: [record("after", 3)], remove: [] });
      await again.close();
      const third = await fileStores(directory).open("s");
      expect(await textAt(third, "after")).toBe("after");
      await third.close();
    }
  });

  it("stops at bytes that do not check", async () => {
    const store = await fileStores(directory).open("s");
    await store.write({ put: [record("kept", 1)], remove: [] });
    await store.close();
    appendFileSync(join(directory, "s.log"), Buffer.alloc(200, 7));
    const again = await fileStores(directory).open("s");
    expect(await textAt(again, "kept")).toBe("kept");
    await again.close();
  });

  it("rewrites itself when most of it is superseded", async () => {
    const store = await fileStores(directory).open("s");
    const bytes = new Uint8Array(3 * 1024 * 1024).fill(1);
    for (let revision = 1; revision <= 12; revision += 1) {
      await store.write({ put: [{ key: "state", revision, bytes }], remove: [] });
    }
    await store.write({ put: [record("small", 13)], remove: [] });
    await store.close();
    expect(statSync(join(directory, "s.log")).size).toBeLessThan(8 * 1024 * 1024);
    const again = await fileStores(directory).open("s");
    expect((await again.get("state"))?.revision).toBe(12);
    expect(await textAt(again, "small")).toBe("small");
    await again.close();
  });
});
