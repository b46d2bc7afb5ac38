/** What another screen shows, beside what this one knows: typed, pasted, or read from a picture. */

const DIGITS = 60;
/** What a browser that asks to be a device begins its code with. */
const OF_DEVICE = "CaseHub ";
const SIDE = 1_600; // pixels: a photograph of a screen is read at this size, and soon

/** Whether it is the same; "nothing" where there is none, such as no sixty digits. */
export type Compared = "same" | "other" | "nothing";

/** Compare what was typed or pasted, whatever stands between the digits, with one's own number. */
export function compared(text: string, number: string): Compared {
  const digits = text.replace(/[\s\p{P}]/gu, "");
  if (!/^\d+$/.test(digits) || digits.length !== DIGITS) return "nothing";
  return digits === number ? "same" : "other";
}

/** Compare what was read off a browser that asks with the code of the one that the server told of. */
export function comparedCode(text: string, code: string): Compared {
  if (!text.startsWith(OF_DEVICE)) return "nothing";
  return text === code ? "same" : "other";
}

/** The text of the QR code in a picture; null if none can be read. The picture goes nowhere. */
export async function readPicture(file: Blob): Promise<string | null> {
  const { default: decode } = await import("qr/decode.js");
  try {
    const drawn = await createImageBitmap(file);
    const by = Math.min(1, SIDE / Math.max(drawn.width, drawn.height));
    const [width, height] = [drawn.width, drawn.height].map((one) =>
      Math.max(1, Math.round(one * by)),
    ) as [number, number];
    const paper = new OffscreenCanvas(width, height).getContext("2d");
    if (paper === null) return null;
    paper.drawImage(drawn, 0, 0, width, height);
    drawn.close();
    return decode(paper.getImageData(0, 0, width, height));
  } catch {
    return null; // no picture, or no code in it: the reader says so either way
  }
}
