import { describe, expect, it, vi } from "vitest";
import type { Filter, SavedView } from "../api/oversight";
import type { StoreFactory } from "../store/backend";
import { SortedRecords } from "../store/sorted";
import { type Deps, processLocks, systemRandom } from "./deps";
import { oversightActs } from "./oversight";

const FILTER = {} as Filter;

/** A device's disks, and a server that keeps filters and says what it was sent. */
function installation() {
  const disks = new Map<string, SortedRecords>();
  const store: StoreFactory = {
    open: async (name) => {
      const records = disks.get(name) ?? new SortedRecords();
      disks.set(name, records);
      return {
        get: async (key) => records.get(key),
        range: async (range) => records.range(range),
        write: async ({ put, remove }) => {
          for (const record of put) records.put(record);
          for (const key of remove) records.remove(key);
        },
        close: async () => undefined,
      };
    },
  };
  const kept: SavedView[] = [];
  const sent: unknown[] = [];
  const oversight = {
    views: async () => [...kept],
    saveView: async (...said: unknown[]) => {
      sent.push(said);
      kept.push({ id: `view-${kept.length}`, filter: FILTER, saved_at: "2026-11-26T00:00:00Z" });
      return [...kept];
    },
    removeView: async (id: string) => {
      kept.splice(0, kept.length, ...kept.filter((view) => view.id !== id));
      return [...kept];
    },
  };
  const unlockShare = vi.fn(async () => new Uint8Array(32).fill(7));
  const api = { oversight, unlockShare } as unknown as Deps["api"];
  const sit = (person = "ana", stores = store) =>
    oversightActs(
      { api, store: stores, locks: processLocks(), random: systemRandom },
      (act) => act(),
      () => person,
    );
  return { disks, sent, sit, unlockShare };
}

describe("the name of a kept filter", () => {
  it("is there again after a reload", async () => {
    const { sit } = installation();
    await sit().saveView("Noches de Ana", FILTER);
    expect((await sit().views()).map((view) => view.name)).toEqual(["Noches de Ana"]);
  });

  it("is not sent", async () => {
    const { sent, sit } = installation();
    await sit().saveView("Noches de Ana", FILTER);
    expect(JSON.stringify(sent)).not.toContain("Noches");
  });

  it("lies on this device unreadable", async () => {
    const { disks, sit } = installation();
    await sit().saveView("Noches de Ana", FILTER);
    const everything = [...disks.values()].flatMap((disk) => [
      ...disk.range({ from: "", to: "~" }),
    ]);
    expect(everything.length).toBeGreaterThan(1);
    const disk = everything.map(({ bytes }) => String.fromCharCode(...bytes)).join("");
    expect(disk).not.toContain("Noches");
  });

  it("is unknown on another device and to another person", async () => {
    const { sit } = installation();
    await sit().saveView("Noches de Ana", FILTER);
    const elsewhere = installation();
    expect((await sit("boris").views())[0]?.name).toBeNull();
    await elsewhere.sit().saveView("Otra", FILTER);
    expect((await sit("ana").views())[0]?.name).toBe("Noches de Ana");
  });

  it("goes with its filter", async () => {
    const { sit } = installation();
    const acts = sit();
    await acts.saveView("Una", FILTER);
    expect(await acts.removeView("view-0")).toEqual([]);
    expect((await acts.saveView("Dos", FILTER)).map((view) => view.name)).toEqual(["Dos"]);
  });

  it("asks for the server's half once a session, and not at all without filters", async () => {
    const { sit, unlockShare } = installation();
    const acts = sit();
    await acts.views();
    expect(unlockShare).not.toHaveBeenCalled();
    await acts.saveView("Una", FILTER);
    await acts.views();
    expect(unlockShare).toHaveBeenCalledTimes(1);
    await acts.close();
    await acts.views();
    expect(unlockShare).toHaveBeenCalledTimes(2);
  });
});
