/** What a device keeps of an export for a court until it has been handed over. */

import type { Wish } from "../crypto/exportWish";

/** Signed before it is asked, so that an answer that was lost loses nothing. */
export type WishRecord = {
  readonly wish: Wish;
  /** 64 bytes. */
  readonly signature: Uint8Array;
};

/** As it was made, once its draft was found sound: what is posted again is the same. */
export type MadeRecord = {
  /** By the names of verify/court/form.ts `LISTED`. */
  readonly contents: Readonly<Record<string, Uint8Array>>;
  readonly manifest: Uint8Array;
  /** What was posted before it, of which no answer came: the log may have that one. */
  readonly before?: MadeRecord;
};
