/** An upload whose record goes while its pieces are on their way. */

import { expect, it } from "vitest";
import { Disk } from "../../../tests/scenario/stores";
import { keys } from "../../store/records";
import { Vault } from "../../store/vault";
import type { InTurn } from "../identity";
import type { Keeper } from "./shapes";
import { Uploads } from "./uploads";

const FILE = "00000000-0000-4000-8000-000000000001";

it("is sent no further", async () => {
  const usage = ["encrypt", "decrypt"] as const;
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, usage);
  const vault = new Vault(await new Disk().open("one"), key);
  const exclusive: InTurn = async (task) => {
    const tx = await vault.begin();
    const result = await task(tx);
    await tx.persist();
    return result;
  };
  const signals: AbortSignal[] = [];
  const done: string[] = [];
  const door = {
    begin: async () => ({ missing: [0] }),
    // As long as the line takes.
    put: (_id: string, _index: number, _piece: unknown, signal: AbortSignal) => {
      signals.push(signal);
      return new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason)),
      );
    },
    complete: async (id: string) => void done.push(id),
  };
  const reported: unknown[] = [];
  const keeper = {
    ...{ door, vault, exclusive, tab: "tab", over: false },
    ...{ isOpenElsewhere: () => false, now: () => "2026-11-30T09:00:00Z", uuid: () => FILE },
    report: (error: unknown) => reported.push(error),
  };
  const uploads = new Uploads(keeper as unknown as Keeper);
  await uploads.attach("place", new File(["video"], "audiencia.mp4"));
  await expect.poll(() => signals.length).toBe(1);
  await exclusive(async (tx) => tx.remove(keys.upload("place", FILE)));
  expect(signals[0]?.aborted).toBe(true);
  expect([done, reported]).toEqual([[], []]);
});
