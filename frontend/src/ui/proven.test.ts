import { describe, expect, it, vi } from "vitest";
import { Unreachable } from "../api/errors";
import type { CaseHubClient } from "./client";
import { Hub } from "./hub.svelte";

const made = (): Hub =>
  new Hub({ view: () => ({ people: [], cases: [] }) } as unknown as CaseHubClient);
const refused = Object.assign(new Error(), { code: "step-up-needed" });

describe("an act that asks for a fresh proof", () => {
  it("asks once what asks for it is here, and is done after it", async () => {
    const hub = made();
    hub.fetchStepUp = vi.fn(async () => expect(hub.stepUp).toBeNull());
    const act = vi.fn().mockRejectedValueOnce(refused).mockResolvedValue("done");
    const done = hub.proven(act);
    await vi.waitFor(() => expect(hub.stepUp).not.toBeNull());
    hub.stepUp?.(true);
    expect([await done, hub.stepUp]).toEqual(["done", null]);
    expect(hub.fetchStepUp).toHaveBeenCalledOnce();
  });

  it("is not done where that does not come, and waits for nobody", async () => {
    const hub = made();
    hub.fetchStepUp = () => Promise.reject(new Unreachable());
    const act = vi.fn().mockRejectedValue(refused);
    await expect(hub.proven(act)).rejects.toMatchObject({ code: "unreachable" });
    expect([hub.stepUp, act.mock.calls.length]).toEqual([null, 1]);
  });
});
