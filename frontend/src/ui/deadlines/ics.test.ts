import { describe, expect, it } from "vitest";
import type { Deadline } from "../../api/deadlines";
import { t } from "../words";
import { escaped, folded, ics, stamp } from "./ics";
import { kindName, summaryOf } from "./kinds";

const ONE: Deadline = {
  kind: "notice",
  ends: "2026-11-27T06:00:00Z",
  state: "MX",
  zone: "America/Mexico_City",
  last: "2026-11-26",
  left: 2,
  closed: "",
  request: null,
  circle: null,
  reminded: null,
};
const NOW = Date.parse("2026-11-24T17:00:00Z");
const file = (...deadlines: Deadline[]) => ics(deadlines, () => "CaseHub: plazo; acuse", NOW);

describe("a calendar file", () => {
  it("has an event that ends with the deadline, and alarms before it", () => {
    const lines = file(ONE).split("\r\n");
    expect(lines).toContain("DTEND:20261127T060000Z");
    expect(lines).toContain("DTSTART:20261127T050000Z");
    expect(lines.filter((line) => line.startsWith("TRIGGER"))).toEqual([
      "TRIGGER;RELATED=END:-P7D",
      "TRIGGER;RELATED=END:-P3D",
      "TRIGGER;RELATED=END:-P1D",
    ]);
    expect(lines).toContain("SUMMARY:CaseHub: plazo\\; acuse");
  });

  const REVIEW: Deadline = {
    ...ONE,
    kind: "request-review",
    request: "3f6c1a52-0000-4000-8000-000000000001",
    reminded: 3,
  };

  it("says of a day of a request its kind, its end and the request's number alone", () => {
    const text = ics([REVIEW], summaryOf, NOW).replaceAll("\r\n ", "");
    const what = t("deadline.numbered", { what: kindName(REVIEW), number: "3f6c1a52" });
    expect(text).toContain(`SUMMARY:CaseHub: ${what}\r\n`);
    expect(text).not.toContain("3f6c1a52-0000");
    expect(text).not.toContain("MX");
  });

  it("names the day of a request by its number, whatever else ends with it", () => {
    const other = { ...REVIEW, request: "9b1d0c77-0000-4000-8000-000000000002" };
    const uids = (...days: Deadline[]) => ics(days, summaryOf, NOW).match(/UID:.*@/g);
    const uid = "UID:request-review-20261127T060000Z-3f6c1a52-0@";
    expect(uids(REVIEW)).toEqual([uid]);
    expect(uids(other, REVIEW)?.[1]).toBe(uid);
  });

  it("has none for what is over", () => {
    expect(file({ ...ONE, left: null })).not.toContain("BEGIN:VEVENT");
  });

  it("names an event alike whenever it is made, and two that end together apart", () => {
    const uids = (text: string) => text.match(/UID:.*/g);
    expect(uids(file(ONE))).toEqual(uids(ics([ONE], () => "otro", NOW + 1000)));
    expect(new Set(uids(file(ONE, ONE))).size).toBe(2);
  });

  it("ends every line as the standard wants, the last one too", () => {
    expect(file(ONE).endsWith("END:VCALENDAR\r\n")).toBe(true);
    expect(file(ONE).replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });
});

describe("a line", () => {
  it("is cut at 75 octets, and no letter with it", () => {
    const long = `SUMMARY:${"ñ".repeat(80)}`;
    const parts = folded(long).split("\r\n");
    expect(parts.every((part) => new TextEncoder().encode(part).length <= 75)).toBe(true);
    expect(parts.map((part, index) => (index === 0 ? part : part.slice(1))).join("")).toBe(long);
  });
});

describe("text", () => {
  it("has no character that means something", () => {
    expect(escaped("a;b,c\\d\ne")).toBe("a\\;b\\,c\\\\d\\ne");
  });

  it("of a moment is in UTC", () => {
    expect(stamp("2026-03-08T02:30:00-05:00")).toBe("20260308T073000Z");
  });
});
