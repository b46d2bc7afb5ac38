/**
 * How much a PDF may unpack to before a page of it stands there: pdf.js counts here whatever a filter
 * makes (patches/pdf-held.mjs), also of what no look at the file could see.
 */

import { Unsound } from "../files/judge/kinds";

/** Bytes, between one page and the next: a page of scans in colour at 600 dpi has 100 MB. */
export const MOST_UNPACKED = 384 * 1024 * 1024;

export class Room {
  #left = MOST_UNPACKED;
  #isOver = false;

  /** @throws {Unsound} "bomb" if there is none left: also ever after */
  readonly take = (bytes: number): void => {
    this.#left -= bytes;
    if (this.#left >= 0 && !this.#isOver) return;
    this.#isOver = true;
    throw new Unsound("bomb");
  };

  /** For one more page. What went wrong before is not forgotten: pdf.js goes on without a part. */
  anew(): void {
    this.judge();
    this.#left = MOST_UNPACKED;
  }

  /** @throws {Unsound} "bomb" if anything was refused room, whoever swallowed that */
  judge(): void {
    if (this.#isOver) throw new Unsound("bomb");
  }
}
