/** A QR code as one path, for an SVG that needs no picture, no `data:` address and no style. */

import encodeQR from "qr";

const QUIET = 4; // modules of nothing around it, ISO/IEC 18004 section 9.1

export type Drawing = { size: number; path: string };

/** The dark modules of `text` as a path in a square of `size` units, quiet zone included. */
export function drawQr(text: string): Drawing {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: QUIET });
  return { size: rows.length, path: rows.flatMap((row, y) => bars(row, y)).join("") };
}

/** Each run of dark modules in a row is one bar. */
function bars(row: readonly boolean[], y: number): string[] {
  const starts = row.flatMap((dark, x) => (dark && row[x - 1] !== true ? [x] : []));
  return starts.map((x) => {
    const end = row.indexOf(false, x);
    const length = (end === -1 ? row.length : end) - x;
    return `M${x} ${y}h${length}v1h-${length}z`;
  });
}
