import { describe, expect, it } from "vitest";
import type { Integrity, LogView } from "../client";
import { judged } from "./integrity";

const said = (level: Integrity["level"], ...reasons: string[]): Integrity =>
  ({ level, logs: [{ reasons }, { reasons }] }) as unknown as Integrity;
const FOUND = { alarm: null, checked: "2026-11-26T00:00:00Z", overdue: false } as const;
const found = (over: Partial<LogView> = {}): LogView =>
  ({ ...FOUND, unchecked: false, behind: false, ...over }) as LogView;
const ALARM = { code: "log-unproven", origin: "", at: "", lasting: false };

describe("what the line on top says of the log", () => {
  it.each([
    ["what the server says, where this browser finds the same", said("ok"), {}, "ok", []],
    ["each reason once", said("amber", "waits"), {}, "amber", ["waits"]],
    ["red, where this browser is in alarm", said("ok"), { alarm: ALARM }, "red", ["alarm-here"]],
    [
      "red, where it saw nothing new of witnesses",
      said("ok"),
      { behind: true },
      "red",
      ["stale-here"],
    ],
    [
      "red, where it could not check for a day",
      said("ok"),
      { unchecked: true },
      "red",
      ["stale-here"],
    ],
    ["amber, where it cannot check now", said("ok"), { overdue: true }, "amber", ["overdue-here"]],
    ["amber, where it never has", said("note"), { checked: null }, "amber", ["first-here"]],
    [
      "the gravest of both first",
      said("red", "disputed"),
      { overdue: true },
      "red",
      ["disputed", "overdue-here"],
    ],
    [
      "the alarm before what the server says",
      said("red", "disputed"),
      { alarm: ALARM },
      "red",
      ["alarm-here", "disputed"],
    ],
  ] as const)("is %s", (_, server, over, level, reasons) => {
    expect(judged(server, found(over))).toEqual({
      level,
      reasons,
      doubted: "alarm" in over,
    });
  });
});
