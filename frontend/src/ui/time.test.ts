import { describe, expect, it } from "vitest";
import {
  beginOf,
  clock,
  clockOrDay,
  dayOf,
  longDay,
  shortDay,
  untilMoment,
  zoneName,
} from "./time";

const SV = "America/El_Salvador";
const LATE = "2026-11-21T05:30:00Z"; // still the 20th in El Salvador

describe("time", () => {
  it("takes the day from the reader's zone, not from UTC", () => {
    expect(dayOf(LATE, SV)).toBe("2026-11-20");
    expect(dayOf(LATE, "UTC")).toBe("2026-11-21");
  });

  it("writes the day in the reader's language", () => {
    expect(longDay(LATE, "es", SV)).toBe("viernes, 20 de noviembre de 2026");
    expect(longDay(LATE, "fr", SV)).toBe("vendredi 20 novembre 2026");
  });

  it("leaves a day that was told without a time where it is", () => {
    expect(shortDay("2026-11-26", "es", SV)).toBe("26 nov 2026");
    expect(shortDay(LATE, "es", SV)).toBe("20 nov 2026");
  });

  it("counts 24 hours in every language", () => {
    for (const language of ["es", "en", "fr"] as const) {
      expect(clock(LATE, language, SV)).toContain("23");
    }
    expect(clock("2026-11-20T06:05:00Z", "en", SV)).toBe("00:05");
  });

  it("shows the clock today and the day before that", () => {
    expect(clockOrDay(LATE, LATE, "es", SV)).toBe("23:30");
    expect(clockOrDay(LATE, "2026-11-23T12:00:00Z", "es", SV)).toBe("20 nov");
  });

  it("ends a term in the last second of its last day", () => {
    const ends = (zone: string) => untilMoment("2026-12-09T06:00:00Z", "es", zone);
    expect(ends("America/El_Salvador")).toMatch(/^8 dic 2026, 23:59:59/);
    expect(ends("America/Panama")).toMatch(/^9 dic 2026, 0?0:59:59/);
  });

  it("names the zone with its offset", () => {
    expect(zoneName(LATE, "es", SV)).toContain("GMT-6");
  });

  //  a day, where, and its first minute
  const DAYS: ReadonlyArray<[string, string, string]> = [
    ["2026-11-20", SV, "2026-11-20T06:00:00.000Z"],
    ["2026-11-20", "UTC", "2026-11-20T00:00:00.000Z"],
    ["2026-11-20", "Pacific/Kiritimati", "2026-11-19T10:00:00.000Z"],
    ["2026-11-20", "Pacific/Pago_Pago", "2026-11-20T11:00:00.000Z"],
    ["2026-11-20", "Asia/Kathmandu", "2026-11-19T18:15:00.000Z"],
    ["2026-11-02", "America/Toronto", "2026-11-02T05:00:00.000Z"], // the clock went back the day before
    ["2022-04-03", "America/Mexico_City", "2022-04-03T06:00:00.000Z"], // and here it went forward that day
  ];
  it.each(DAYS)("begins %s in %s at %s", (day, zone, at) => {
    expect(beginOf(day, zone)).toBe(at);
  });
});
