import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CaseHubClient } from "../client";
import { access } from "./access.svelte";

const MINUTE = 60_000;

describe("what is looked at of one's own access", () => {
  const asked = { reminders: 0, devices: 0, standing: 0 };
  let away = false;
  let shown: () => void = () => undefined;
  const answer = async (what: keyof typeof asked): Promise<never> => {
    asked[what] += 1;
    if (away) throw new Error("away");
    return [] as never;
  };
  const client = {
    devices: () => answer("devices"),
    designations: { reminders: () => answer("reminders"), standing: () => answer("standing") },
  } as unknown as CaseHubClient;
  let stop: () => void = () => undefined;

  beforeEach(() => {
    vi.useFakeTimers();
    away = false;
    Object.assign(asked, { reminders: 0, devices: 0, standing: 0 });
    vi.stubGlobal("document", {
      visibilityState: "visible",
      addEventListener: (_: string, listener: () => void) => {
        shown = listener;
      },
      removeEventListener: () => undefined,
    });
  });
  afterEach(() => {
    stop();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
  const follow = (reads = true, confirms = true): void => {
    stop = access.follow(client, { reads, confirms });
  };

  it("is each minute what may be urgent, and each quarter of an hour what ends in weeks", async () => {
    follow();
    await vi.advanceTimersByTimeAsync(14 * MINUTE);
    expect(asked).toEqual({ reminders: 15, devices: 1, standing: 1 });
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(asked).toEqual({ reminders: 16, devices: 2, standing: 2 });
  });

  it("is no more of that however often the page comes to the front", async () => {
    follow();
    for (let times = 0; times < 40; times += 1) shown();
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect([asked.devices, asked.standing]).toEqual([1, 1]);
  });

  it("is at the next look what could not be looked at", async () => {
    away = true;
    follow();
    await vi.advanceTimersByTimeAsync(1);
    away = false;
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect([asked.devices, asked.standing]).toEqual([2, 2]);
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect([asked.devices, asked.standing]).toEqual([2, 2]);
  });

  it("is nothing of what one is not asked about", async () => {
    follow(false, false);
    await vi.advanceTimersByTimeAsync(20 * MINUTE);
    expect([asked.devices, asked.standing]).toEqual([0, 0]);
  });
});
