/** What the public log has promised of this person's acts, and what it has proven. */

import type { ActKind } from "../crypto/content";

/** A place in the public log, and the witnesses who had cosigned a tree with it. */
export type Settled = { index: number; cosigned: readonly string[] };

/** What the public log has promised, on this device, of an act of its person. */
export type PromiseRecord = {
  event: number;
  /** The act in the table of roles; "" if this version does not know it. */
  act: string;
  /** When the answer came here, in milliseconds. */
  heard: number;
  /** As it came; null if the answer had none. */
  promise: string | null;
  /** The own message that it is about; `digest` is SHA-256 of its ciphertext, in hex. */
  line?: { circle: string; seq: number; digest?: string };
  /** When the server last had no proof of it, in milliseconds. */
  lacking?: number;
  /** What of it does not hold. */
  wrong?: "promise" | "entry" | "event" | "proof";
  /** The promised entry stands in the log, but the server does not open what it is of. */
  unopened?: Placed;
};

/** An own message that its thread's log shows, as it was posted: the answer to it has not come. */
export type SoughtRecord = {
  circle: string;
  seq: number;
  id: string;
  epoch: number;
  body: Uint8Array;
  /** Null of what is no act on another message. */
  act: ActKind | null;
  /** How often it was posted again. */
  asked: number;
};

type Placed = Settled & {
  log: string;
  size: number;
  /** A C2SP tlog-proof that carries the entry and, if it was opened, the event and its salt. */
  proof: string;
};

/** The promise is kept: the act's place in the log is proven, and that it is this act's. */
export type ReceiptRecord = Omit<PromiseRecord, "lacking" | "unopened"> &
  Placed & {
    /** The event as it was logged; null in what an older version had kept of a closed one. */
    kind: string | null;
    at: string | null;
  };
