/** A drafter whose altered program tells the server other facts than the draft states. */

import { expect, it, vi } from "vitest";
import type { Disclosed } from "../../src/rules/disclosed";
import { drafting, watch, write } from "./drafting";
import { until, World } from "./world";

const program = vi.hoisted(() => ({ altered: false }));

vi.mock("../../src/rules/disclosed", async (original) => {
  const { disclosed } = await original<typeof import("../../src/rules/disclosed")>();
  return {
    disclosed: (draft: Parameters<typeof disclosed>[0]): Disclosed => ({
      ...disclosed(draft),
      ...(program.altered ? { measures: ["bank_records"] } : {}),
    }),
  };
});

it("is found out by every reader, although server and signature agree", async () => {
  const world = await World.make();
  const { ana, boris, id } = await drafting(world);
  boris.kill();
  program.altered = true;
  await write(ana, id, "dos");
  await ana.client.attest(id, false);
  ana.kill();
  program.altered = false;
  await boris.reopen();
  const shown = watch(boris, id);
  await until("noticed", () => shown.last()?.attestation?.why === "attestation-disclosed");
  expect(shown.last()?.attestation?.agrees).toBe(false);
  await world.close();
});
