import { afterEach, describe, expect, it, vi } from "vitest";
import { utf8 } from "../bytes";
import type { Backend, Sealed } from "./backend";
import { openVault } from "./install";
import { storeKey, Unreadable } from "./seal";
import { SortedRecords } from "./sorted";
import { type Key, Vault } from "./vault";

function memory(records = new SortedRecords()): Backend {
  return {
    get: async (key) => records.get(key),
    range: async (range) => records.range(range),
    write: async ({ put, remove }) => {
      for (const record of put) records.put(record);
      for (const key of remove) records.remove(key);
    },
    close: async () => undefined,
  };
}

const fill = (byte: number) => new Uint8Array(32).fill(byte);
const makeKey = (share = 1, salt = 2) => storeKey(fill(share), fill(salt));
const name = "thing" as Key<{ text: string; bytes: Uint8Array }>;
const other = "other" as Key<{ text: string; bytes: Uint8Array }>;
const value = { text: "secreto", bytes: Uint8Array.of(0, 255) };

async function written(records = new SortedRecords()): Promise<Vault> {
  const vault = new Vault(memory(records), await makeKey());
  const tx = await vault.begin();
  tx.put(name, value);
  await tx.persist();
  return vault;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the vault", () => {
  it("gives back what was put, bytes included", async () => {
    expect(await (await written()).read(name)).toEqual(value);
  });

  it("leaves nothing readable on the disk", async () => {
    const records = new SortedRecords();
    await written(records);
    for (const { bytes } of records.all()) {
      expect(Buffer.from(bytes).includes(Buffer.from("secreto"))).toBe(false);
    }
  });

  describe("of what is asked for again and again", () => {
    const prefix = "o/" as Key<{ n: number }>;
    const numbers = async (vault: Vault) =>
      (await vault.listAgain(prefix)).map(([key, { n }]) => `${key}=${n}`);

    async function filled() {
      const records = new SortedRecords();
      const vault = new Vault(memory(records), await makeKey());
      const tx = await vault.begin();
      for (const n of [1, 2, 3]) tx.put(`o/${n}` as Key<{ n: number }>, { n });
      await tx.persist();
      return { records, vault, opens: vi.spyOn(crypto.subtle, "decrypt") };
    }

    it("opens a record once", async () => {
      const { vault, opens } = await filled();
      expect(await numbers(vault)).toEqual(["o/1=1", "o/2=2", "o/3=3"]);
      opens.mockClear();
      expect(await numbers(vault)).toEqual(["o/1=1", "o/2=2", "o/3=3"]);
      expect(opens).not.toHaveBeenCalled();
    });

    it("opens what was written since, also by another tab, and no other", async () => {
      const { records, vault, opens } = await filled();
      await numbers(vault);
      const other = new Vault(memory(records), await makeKey());
      const tx = await other.begin();
      tx.put("o/2" as Key<{ n: number }>, { n: 20 });
      tx.put("o/4" as Key<{ n: number }>, { n: 4 });
      tx.remove("o/1");
      await tx.persist();
      opens.mockClear();
      expect(await numbers(vault)).toEqual(["o/2=20", "o/3=3", "o/4=4"]);
      expect(opens).toHaveBeenCalledTimes(2);
    });

    it("refuses what was tampered with since", async () => {
      const { records, vault } = await filled();
      await numbers(vault);
      const record = records.get("o/1");
      if (record === undefined) throw new Error("not there");
      records.put({ ...record, revision: record.revision + 1 });
      await expect(numbers(vault)).rejects.toThrow(Unreadable);
    });

    it("shows a batch its own changes", async () => {
      const { vault } = await filled();
      const tx = await vault.begin();
      tx.put("o/0" as Key<{ n: number }>, { n: 0 });
      tx.remove("o/3");
      expect((await tx.listAgain(prefix)).map(([key]) => key)).toEqual(["o/0", "o/1", "o/2"]);
      expect(await tx.listAgain(prefix)).toEqual(await tx.list(prefix));
    });
  });

  const tampering: [string, (record: Sealed) => Sealed][] = [
    ["changed", (record) => ({ ...record, bytes: record.bytes.with(15, 1) })],
    ["given another revision", (record) => ({ ...record, revision: record.revision + 1 })],
    ["put in another's place", (record) => ({ ...record, key: other })],
  ];
  it.each(tampering)("refuses a record that was %s", async (_how, change) => {
    const records = new SortedRecords();
    const vault = await written(records);
    const record = records.get(name);
    if (record === undefined) throw new Error("not there");
    const changed = change({ ...record, bytes: record.bytes.slice() });
    records.put(changed);
    await expect(vault.read(changed.key as typeof name)).rejects.toThrow(Unreadable);
  });

  it.each([
    ["share", 9, 2],
    ["salt", 1, 9],
  ])("cannot be opened with another %s", async (_what, share, salt) => {
    const records = new SortedRecords();
    await written(records);
    expect(await new Vault(memory(records), await makeKey(share, salt)).fits()).toBe(false);
  });

  it("counts one revision a batch, and writes nothing for nothing", async () => {
    const records = new SortedRecords();
    const vault = await written(records);
    const tx = await vault.begin();
    await tx.persist();
    tx.put(other, value);
    expect(tx.nextRevision).toBe(2);
    await tx.persist();
    expect(records.get(other)?.revision).toBe(2);
    expect(records.get(name)?.revision).toBe(1);
  });

  it("lets a batch see its own changes before they are written", async () => {
    const vault = await written();
    const tx = await vault.begin();
    tx.remove(name);
    tx.put(other, { ...value, text: "b" });
    expect(await tx.get(name)).toBeUndefined();
    expect((await tx.list("" as typeof name)).map(([key]) => key)).toEqual(["head", "other"]);
    expect(await vault.read(name)).toEqual(value);
  });

  it("tells the watchers after the write, with the values", async () => {
    const vault = await written();
    const told: unknown[] = [];
    vault.watch((changes, revision) => told.push([revision, [...changes]]));
    const tx = await vault.begin();
    tx.remove(name);
    await tx.persist();
    expect(told).toEqual([[2, [["thing", undefined]]]]);
  });
});

describe("an install", () => {
  function device() {
    const disks = new Map<string, SortedRecords>();
    let made = 0;
    return {
      disks,
      open: (share: number) =>
        openVault(
          {
            stores: {
              open: async (store) => {
                const records = disks.get(store) ?? new SortedRecords();
                disks.set(store, records);
                return memory(records);
              },
            },
            share: async () => fill(share),
            uuid: () => {
              made += 1;
              return `install-${made}`;
            },
            bytes: (length) => new Uint8Array(length).fill(made),
          },
          "person",
        ),
    };
  }

  it("opens again with the same share", async () => {
    const { open, disks } = device();
    const tx = await (await open(1)).begin();
    tx.put(name, value);
    await tx.persist();
    expect(await (await open(1)).read(name)).toEqual(value);
    expect([...disks.keys()]).toEqual(["casehub-person", "casehub-person-install-1"]);
  });

  it("begins anew when the share does not fit, and keeps the old one untouched", async () => {
    const { open, disks } = device();
    const tx = await (await open(1)).begin();
    tx.put(name, value);
    await tx.persist();
    const before = disks.get("casehub-person-install-1")?.all();
    expect(await (await open(7)).read(name)).toBeUndefined();
    expect(disks.get("casehub-person-install-1")?.all()).toEqual(before);
    expect(disks.has("casehub-person-install-2")).toBe(true);
  });

  it("keeps its index free of secrets", async () => {
    const { open, disks } = device();
    await open(1);
    const [index] = disks.get("casehub-person")?.all() ?? [];
    expect(Object.keys(JSON.parse(utf8.decode(index?.bytes ?? new Uint8Array())))).toEqual([
      "install",
      "salt",
    ]);
  });
});
