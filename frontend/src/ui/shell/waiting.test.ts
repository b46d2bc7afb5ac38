import { afterEach, describe, expect, it } from "vitest";
import type { DirectoryStanding, ListedDevice, Reminders, SessionInfo, View } from "../client";
import { paths } from "../routes";
import { access } from "./access.svelte";
import { waitsAt } from "./waiting.svelte";

const DAY_MS = 86_400_000;
const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

describe("the counts in the bars", () => {
  const session = { person: { state: "SV", roles: ["coordinator"] }, reads_until: null };
  const view = { session: session as unknown as SessionInfo, joinings: [], cases: [], notes: [] };
  const at = (href: string) => waitsAt(href, view as unknown as View).count;

  afterEach(() => {
    [access.reminders, access.devices, access.standing] = [null, [], null];
  });

  it("say beside the account that the own term, and a device, are about to end", () => {
    expect(at(paths.account)).toBe(0);
    access.reminders = { ends_at: day(20), reminder: 30, said: [], new_key: null } as Reminders;
    expect(at(paths.account)).toBe(1);
    access.devices = [{ id: "d", until: day(20), revoked: false, name: "" } as ListedDevice];
    expect(at(paths.account)).toBe(2);
  });

  it("say beside the account that something was said while one was away", () => {
    const said = [
      { becomes: "suspended", days: 14, at: day(-1), since: day(-50), back_at: day(0) },
    ] as const;
    access.reminders = { ends_at: day(90), reminder: null, said: [...said], new_key: null };
    expect(at(paths.account)).toBe(1);
  });

  it("say beside the designations that the directory is to be confirmed", () => {
    access.standing = { due_at: day(10), soon: true, overdue: false } as DirectoryStanding;
    expect(at(paths.designations)).toBe(1);
  });
});
