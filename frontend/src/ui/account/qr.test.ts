import decodeQR from "qr/decode.js";
import { describe, expect, it } from "vitest";
import { type Drawing, drawQr } from "./qr";

const URI =
  "otpauth://totp/CaseHub%3Asv.enlace1?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" +
  "&issuer=CaseHub&algorithm=SHA1&digits=6&period=30";
const SCALE = 5; // pixels a module

/** Paint the path, dark on white, as a browser would. */
function painted({ size, path }: Drawing) {
  const side = size * SCALE;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * SCALE; row < (Number(y) + 1) * SCALE; row += 1) {
      for (let at = Number(x) * SCALE; at < (Number(x) + Number(length)) * SCALE; at += 1) {
        data.fill(0, (row * side + at) * 4, (row * side + at) * 4 + 3);
      }
    }
  }
  return { width: side, height: side, data };
}

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
