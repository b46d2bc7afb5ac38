// @vitest-environment happy-dom
/** How a page is left that somebody locks, or that nobody uses. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../tests/ui/fixture";
import { Hub } from "./hub.svelte";
import { lock } from "./locked.svelte";

const LONG_MS = 15 * 60_000;
let reloads = 0;
let stop: () => void = () => undefined;

beforeEach(() => {
  reloads = 0;
  vi.spyOn(location, "reload").mockImplementation(() => {
    reloads += 1;
  });
});

afterEach(() => {
  stop();
  lock.clear();
  vi.restoreAllMocks();
});

function opened() {
  const client = fixtureClient("full");
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const signIn = {
    ...client.signIn,
    out: vi.fn(async () => undefined),
    heard: () => answered,
  };
  const hub = new Hub({ ...client, signIn });
  stop = hub.follow();
  const { session } = client.view();
  const end = () => client.become({ session: { ...session, state: "anonymous", person: null } });
  const name = session.person?.name ?? "";
  return { client, hub, end, name, out: signIn.out, answer, session };
}

describe("a page", () => {
  it("that somebody locks ends the session, says who and since when, and begins anew", async () => {
    const { hub, name, out } = opened();
    const before = Date.now();
    await hub.lock("asked");
    expect(out).toHaveBeenCalledOnce();
    expect(lock.now).toMatchObject({ name, why: "asked" });
    expect(Date.parse(lock.now?.at ?? "")).toBeGreaterThanOrEqual(before);
    expect(sessionStorage.getItem("casehub.locked")).toContain(name);
    expect(reloads).toBe(1);
  });

  it("is locked once, however often it is asked to be", async () => {
    const { hub, out } = opened();
    await Promise.all([hub.lock("asked"), hub.lock("asked")]);
    expect(out).toHaveBeenCalledOnce();
    expect(reloads).toBe(1);
  });

  it("for which no other one would come begins anew once there is a network", async () => {
    const { client, hub } = opened();
    client.become({ connection: "offline" });
    await hub.lock("asked");
    expect(lock.now).not.toBeNull();
    expect(reloads).toBe(0);
    dispatchEvent(new Event("online"));
    expect(reloads).toBe(1);
  });

  it("that was locked while only the site did not answer begins anew once it does, with no event", async () => {
    const { client, hub, answer } = opened();
    client.become({ connection: "offline" });
    await hub.lock("asked");
    expect(reloads).toBe(0);
    answer();
    await vi.waitFor(() => expect(reloads).toBe(1));
    dispatchEvent(new Event("online"));
    expect(reloads).toBe(1);
  });

  it("whose session ends after nobody has used it for long is locked", () => {
    const { client, hub, end, session } = opened();
    client.become({ session: { ...session, idle_seconds: LONG_MS / 1000 } });
    hub.usedAt = Date.now() - LONG_MS;
    end();
    expect([hub.ending, lock.now?.why, reloads]).toEqual(["locked", "idle", 1]);
  });

  it("whose session ends while somebody is at work says so, and is not locked", () => {
    const { client, hub, end, session } = opened();
    client.become({ session: { ...session, idle_seconds: LONG_MS / 1000 } });
    hub.usedAt = Date.now() - 60_000;
    end();
    expect([hub.ending, lock.now, reloads]).toEqual(["lost", null, 0]);
  });

  it("in which somebody signs in forgets that it was locked", () => {
    const { client, end, session } = opened();
    end();
    lock.set({ name: "Ana", at: new Date().toISOString(), why: "asked" });
    client.become({ session });
    expect(lock.now).toBeNull();
    expect(sessionStorage.getItem("casehub.locked")).toBeNull();
  });
});
