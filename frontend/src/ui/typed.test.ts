import { expect, it } from "vitest";
import { asLine } from "./typed";

it("is put right as far as it is only another way to type the same", () => {
  expect(asLine(" Jose\u0301\u00a0 Ruiz ")).toBe("José Ruiz");
});

it("is not rid of what nobody sees: whoever pasted that is told", () => {
  expect(asLine("Ana\u200bRuiz")).toBe("Ana\u200bRuiz");
});
