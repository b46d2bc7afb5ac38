import { describe, expect, it } from "vitest";
import { Clocks } from "./clocks";

const NOON = Date.parse("2026-12-02T12:00:00Z");
const MINUTE = 60_000;

/** A device whose clock is at `here`, and what it shows after answers of these dates. */
function device(here: number, took = 200) {
  let now = here;
  const clocks = new Clocks(() => now);
  let told = 0;
  clocks.changed = () => {
    told += 1;
  };
  const hears = async (date: string | null, cache: RequestCache = "no-store") => {
    const fetch = clocks.reading(async () => {
      now += took;
      return new Response("{}", date === null ? {} : { headers: { Date: date } });
    });
    await fetch("/api/session", { method: "GET", cache });
    return clocks.apart;
  };
  return {
    hears,
    told: () => told,
    set: (to: number) => {
      now = to;
    },
  };
}

const at = (ms: number) => new Date(ms).toUTCString();

describe("how far the server's clock is from this device's", () => {
  it.each([
    ["the same", 0, null],
    ["a minute and a half before it", 1.5 * MINUTE, null],
    ["a minute and a half behind it", -1.5 * MINUTE, null],
    ["three minutes before it", 3 * MINUTE, 3 * MINUTE],
    ["an hour behind it", -60 * MINUTE, -60 * MINUTE],
    ["two days before it", 2880 * MINUTE, 2880 * MINUTE],
    [
      "in 2038",
      Date.parse("2038-01-19T03:15:00Z") - NOON,
      Date.parse("2038-01-19T03:15:00Z") - NOON,
    ],
  ])("is told where it is %s, if by more than two minutes", async (_, ahead, apart) => {
    expect(await device(NOON).hears(at(NOON + ahead))).toBe(apart);
  });

  it("is told once, and again when it is another one or over", async () => {
    const one = device(NOON);
    for (const ahead of [60, 60, 60]) await one.hears(at(NOON + ahead * MINUTE));
    expect(one.told()).toBe(1);
    one.set(NOON + 60 * MINUTE);
    expect(await one.hears(at(NOON + 60 * MINUTE))).toBeNull();
    expect(one.told()).toBe(2);
  });

  it("is not read of an answer that may come from a cache, has no date, or a false one", async () => {
    const one = device(NOON);
    expect(await one.hears(at(NOON + 60 * MINUTE), "default")).toBeNull();
    expect(await one.hears(null)).toBeNull();
    expect(await one.hears("yesterday")).toBeNull();
  });

  it("is not read of an answer that took long: the device may have slept", async () => {
    expect(await device(NOON, 11_000).hears(at(NOON + 60 * MINUTE))).toBeNull();
  });

  it("is read of a refusal too", async () => {
    const clocks = new Clocks(() => NOON);
    const headers = { Date: at(NOON + 10 * MINUTE) };
    const fetch = clocks.reading(async () => new Response("{}", { status: 409, headers }));
    await fetch("/api/devices", { method: "POST", cache: "no-store" });
    expect(clocks.apart).toBe(10 * MINUTE);
  });
});
