import { describe, expect, it } from "vitest";
import { cell, csv } from "./csv";

describe("a cell", () => {
  it.each([
    ["Lucía Ortega", "Lucía Ortega"],
    ["", ""],
    ["a,b", '"a,b"'],
    ['dice "sí"', '"dice ""sí"""'],
    ["dos\nlíneas", '"dos\nlíneas"'],
    ["=1+1", "'=1+1"],
    ["+503 2200", "'+503 2200"],
    ["-1", "'-1"],
    ["@sum", "'@sum"],
    ["\t=1", "'\t=1"],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
    ["8 = 8", "8 = 8"],
  ])("is never a formula: %j becomes %j", (value, written) => {
    expect(cell(value)).toBe(written);
  });
});

describe("the file", () => {
  it("begins with a byte order mark and ends every line as RFC 4180 says", () => {
    expect(csv(["nombre", "puesto"], [["Ana", "Fiscal"]])).toBe(
      "\ufeffnombre,puesto\r\nAna,Fiscal\r\n",
    );
  });
});
