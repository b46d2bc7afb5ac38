import decodeQR from "qr/decode.js";
import { describe, expect, it } from "vitest";
import { painted } from "../../../tests/ui/painted";
import { drawQr } from "./qr";

const URI =
  "otpauth://totp/CaseHub%3Asv.enlace1?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" +
  "&issuer=CaseHub&algorithm=SHA1&digits=6&period=30";

describe("a QR code", () => {
  it("is read back by a reader of pictures", () => {
    expect(decodeQR(painted(drawQr(URI)))).toBe(URI);
  });

  it("keeps four modules of quiet on every side", () => {
    const { size, path } = drawQr(URI);
    for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(4);
      expect(Number(y)).toBeGreaterThanOrEqual(4);
      expect(Number(x) + Number(length)).toBeLessThanOrEqual(size - 4);
      expect(Number(y)).toBeLessThan(size - 4);
    }
  });

  it("is made of nothing but bars", () => {
    expect(drawQr(URI).path).toMatch(/^(M\d+ \d+h\d+v1h-\d+z)+$/);
  });
});
