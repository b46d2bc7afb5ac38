import { describe, expect, it } from "vitest";
import { growsFrom } from "./grown";

const ALONE = "log audit.x/2026+1+A\nlog dir.x+2+B\nquorum none\n";
const WITNESSED = `log audit.x/2026+1+A\nlog dir.x+2+B
witness MX w+3+C http://x\ngroup all 1 MX\nquorum all\n`;

describe("a policy kept at first use", () => {
  it.each([
    ["stays, whatever its comments and spaces", ALONE, `# hello\n${ALONE.replace(" ", "  ")}`],
    ["takes a new year's log", ALONE, `log audit.x/2027+4+D\n${ALONE}`],
    ["takes witnesses where nobody was asked for", ALONE, WITNESSED],
    ["takes a new year's log under the same witnesses", WITNESSED, `log a/2+4+D\n${WITNESSED}`],
  ])("%s", (_, before, after) => {
    expect(growsFrom(before, after)).toBe(true);
  });

  it.each([
    ["another key of a log", ALONE, ALONE.replace("+1+A", "+9+Z")],
    ["a second key of a log", ALONE, `log dir.x+9+Z\n${ALONE}`],
    [
      "words parted by another space",
      WITNESSED,
      WITNESSED.replace("quorum all", "quorum all\u00a0"),
    ],
    ["one log less", ALONE, ALONE.replace("log dir.x+2+B\n", "")],
    ["no witnesses any more", WITNESSED, ALONE],
    ["a further witness", WITNESSED, `witness ZZ z+9+Z\n${WITNESSED}`],
    ["a smaller quorum", WITNESSED, WITNESSED.replace("quorum all", "quorum MX")],
  ])("does not take %s", (_, before, after) => {
    expect(growsFrom(before, after)).toBe(false);
  });
});
