/** Canvases as large as a browser surely draws them. */

/** Of one canvas: 64 MB. */
const MOST_AREA = 16_000_000;
const LONGEST = 16_384;

/** By how much something of this size is to be made smaller to be drawn; 1 at most. */
export function fitting(width: number, height: number): number {
  return Math.min(1, Math.sqrt(MOST_AREA / (width * height)), LONGEST / Math.max(width, height));
}

export function canvasOf(width: number, height: number, label: string): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(width));
  canvas.height = Math.max(1, Math.floor(height));
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  return canvas;
}
