/** A stop is signed where the log says so, and about the time that the server says. */

import { describe, expect, it } from "vitest";
import type { Directory } from "../../verify/chain";
import { isSigned, judgedStop } from "./stops";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const AT = "2026-11-20T12:00:00Z";
const SINCE = Date.parse(AT);
const ANA = "00000000-0000-4000-8000-000000000001";
/** A directory in whose log these stops of Ana stand, some time after {@link AT}. */
const logged = (...after: number[]) =>
  ({
    stops: (person: string) => (person === ANA ? after.map((ms) => SINCE + ms) : []),
  }) as unknown as Directory;

describe("a stop", () => {
  it.each([
    ["at once", 0, true],
    ["by a clock that is five minutes behind", -5 * MINUTE, true],
    ["a day later, by a clock that is ahead", 24 * HOUR + 5 * MINUTE, true],
    ["before it began", -6 * MINUTE, false],
    ["more than a day later", 24 * HOUR + 6 * MINUTE, false],
  ])("that was signed %s: %j ms after it, %j", (_when, after, signed) => {
    expect(isSigned(logged(after), ANA, AT)).toBe(signed);
  });

  it("is not signed by what was said of somebody else, or of another stop", () => {
    expect(isSigned(logged(0), "00000000-0000-4000-8000-000000000002", AT)).toBe(false);
    expect(isSigned(logged(-90 * 24 * HOUR, 48 * HOUR), ANA, AT)).toBe(false);
  });

  const said = { kind: "suspended" as const, at: AT, signed: true, sign_by: null };

  it("that the server calls signed is not so without the log, and waits for a signature", () => {
    const until = "2026-11-21T12:00:00.000Z";
    expect(judgedStop(logged(), ANA, said)).toEqual({ ...said, signed: false, sign_by: until });
  });

  it("that is in the log is signed, whatever the server says", () => {
    const unsigned = { ...said, signed: false, sign_by: "2026-11-21T12:00:00Z" };
    expect(judgedStop(logged(HOUR), ANA, unsigned)).toEqual(said);
  });

  it("that there is none of stays none", () => {
    expect(judgedStop(logged(0), ANA, null)).toBeNull();
  });
});
