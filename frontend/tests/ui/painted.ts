/** A QR code as the pixels of a picture, for whoever reads pictures. */

import type { Drawing } from "../../src/ui/account/qr";

const SCALE = 5; // pixels a module

/** Paint the path, dark on white, as a browser would. */
export function painted({ size, path }: Drawing) {
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
