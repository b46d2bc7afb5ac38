/** What is kept about the end of a circle: when it was last spoken in here, and that it was deleted. */

/** That what was said in a circle was deleted; `doubted`: this device does not believe it. */
export type ErasedRecord = {
  circle: string;
  case: string | null;
  kind: "case" | "thread" | "drafting" | "note";
  /** Of a draft: its request, as the server says; only to say so in its place. */
  request?: string;
  retention: string;
  at: string;
  doubted?: true;
  /** Something of it was here and went; what was noted in advance has proven nothing. */
  wiped?: true;
  /** Milliseconds: since when what is of unknown age here counts as said. */
  since?: number;
};

/**
 * When something came into a circle here, or was written here for it, last: milliseconds of this
 * device's own clock, never less than before. No host can date it back.
 */
export type HeardRecord = {
  at: number;
  /** The case it belongs to, as it was first known here. */
  case?: string;
};
