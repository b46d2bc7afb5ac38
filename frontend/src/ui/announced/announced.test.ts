import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CaseHubClient, SessionInfo, StateNotice, View } from "../client";
import { paths } from "../routes";
import { waitsAt } from "../shell/waiting.svelte";
import { announced } from "./announced.svelte";

const MINUTE_MS = 60_000;

function notice(id: string, state: string): StateNotice {
  return { id, state, acknowledged_at: null } as StateNotice;
}

describe("an open page that nobody touches", () => {
  const listeners = new Set<() => void>();
  const page = {
    visibilityState: "visible",
    addEventListener: (_: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
  };
  let served: StateNotice[] = [];
  let asked = 0;
  const client = {
    designations: {
      notices: async () => {
        asked += 1;
        return [...served];
      },
    },
  } as unknown as CaseHubClient;
  const session = {
    person: { state: "MX", roles: ["liaison"] },
    reads_until: null,
  } as unknown as SessionInfo;
  const counted = () => {
    const view = { session, joinings: [], cases: [], notes: [] } as unknown as View;
    return waitsAt(paths.announced, view).count;
  };
  let stop = () => {};

  beforeEach(async () => {
    vi.useFakeTimers();
    vi.stubGlobal("document", page);
    page.visibilityState = "visible";
    [served, asked] = [[notice("old", "MX")], 0];
    stop = announced.follow(client, "MX");
    await vi.advanceTimersByTimeAsync(0);
  });

  afterEach(() => {
    stop();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it("counts in the bar within a minute what another State announces", async () => {
    expect(counted()).toBe(0);
    await vi.advanceTimersByTimeAsync(7_000); // no look falls on the moment of the announcement
    served.push(notice("new", "SV"));
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(counted()).toBe(1);
  });

  it("is told although a look in between fails", async () => {
    const notices = client.designations.notices;
    Object.assign(client.designations, { notices: () => Promise.reject(new Error("offline")) });
    await vi.advanceTimersByTimeAsync(MINUTE_MS / 2);
    Object.assign(client.designations, { notices });
    served.push(notice("new", "SV"));
    await vi.advanceTimersByTimeAsync(MINUTE_MS / 2);
    expect(counted()).toBe(1);
  });

  it("asks nothing while it is not seen, and at once when it is again", async () => {
    page.visibilityState = "hidden";
    await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
    expect(asked).toBe(1);
    served.push(notice("new", "SV"));
    page.visibilityState = "visible";
    for (const listener of listeners) listener();
    await vi.advanceTimersByTimeAsync(0);
    expect([asked, counted()]).toEqual([2, 1]);
  });

  it("asks no more once it is left", async () => {
    stop();
    await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
    expect(asked).toBe(1);
    expect(listeners.size).toBe(0);
  });
});
