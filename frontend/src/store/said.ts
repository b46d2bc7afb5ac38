/** What is kept of a message beside its text: what it answers to, asks for, and what became of it. */

import type { ActKind, Carried, FileSaid } from "../crypto/content";
import type { Handling, Leave, Use } from "../crypto/handling";
import type { Grant } from "../crypto/history";
import type { Consult } from "../crypto/opinion";

/** By whom, when and at which entry something was done to a message. */
export type Done = { readonly person: string; readonly at: string; readonly seq: number };

export type QuoteRecord = {
  seq: number;
  id: string;
  digest: string;
  /** Empty once the quoted message was withdrawn. */
  excerpt: string;
  /** Who wrote the quoted message; null where it is not on this device. */
  person: string | null;
  /** Whether the excerpt is how a text of it begins; null where that cannot be told here. */
  matches: boolean | null;
  /** Of the quoted message: as it stands here, else as whoever quotes it says. */
  handling?: Handling;
};

/** That somebody asked for leave to use a message elsewhere, and what its author answered. */
export type LeaveRecord = {
  /** The entry that asked, and its message id. */
  readonly seq: number;
  readonly id: string;
  readonly person: string;
  readonly at: string;
  readonly use: Use;
  readonly into: string;
  /** Of the text that was there when it was asked: see crypto/handling.ts `Granted`. */
  readonly digest: string;
  readonly given?: Leave & { readonly at: string };
  readonly refused?: { readonly at: string; readonly reason: string };
};

/** Of a message from before this device came in: by whom it was given, when, at which entry. */
export type GivenRecord = {
  readonly person: string;
  readonly at: string;
  readonly seq: number;
  /** Its author's device was stopped since: nothing says that it was still in their hands. */
  readonly stopped?: true;
};

/** Why something that was given is not shown here: effects/history/judge.ts. */
export type WhyRefused =
  | "author"
  | "carries"
  | "inconsistent"
  | "incomplete"
  | "quotes"
  | "restricted"
  | "withdrawn";

/** What became of what was given, on this device. */
export type TakenRecord = {
  readonly at: string;
  readonly shown: number;
  readonly refused: Readonly<Partial<Record<WhyRefused, number>>>;
  /**
   * Nothing of it could be held against the log, or it was not what it was announced as; "missed":
   * it was sealed to other devices, or this one could not follow the thread then.
   */
  readonly whole?: "log" | "unreadable" | "missed";
};

/** Earlier messages that somebody gave: to whom, of which entries, how many. */
export type GivingRecord = {
  readonly to: string;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** On a device that it was for. */
  readonly taken?: TakenRecord;
};

/** What was given to this person and is not taken yet: gone once it is. */
export type GrantRecord = {
  readonly circle: string;
  readonly seq: number;
  readonly at: string;
  /** Who gave it. */
  readonly person: string;
  readonly grant: Grant;
};

export type SaidRecord = {
  quote?: QuoteRecord;
  files?: readonly FileSaid[];
  mentions?: readonly string[];
  asks?: true;
  /** Who read the thread when it asked, besides its author. Not known of what was given here later. */
  asked?: readonly string[];
  urgent?: true;
  /** Texts that gave way to a later one, oldest first; `at` is when each of them was written. */
  versions?: readonly { text: string; at: string }[];
  edited?: Done;
  /** From then on there is no text of it here, nor of what it said before. */
  withdrawn?: Done;
  /** By whom, and of which text: 0 is the first one. */
  acknowledged?: readonly (Done & { readonly version: number })[];
  pinned?: Done & { note?: string };
  handling?: Handling;
  carried?: Carried;
  consult?: Consult;
  leaves?: readonly LeaveRecord[];
  /** Entries of messages that quote it. */
  quotedBy?: readonly number[];
  /** Content of a kind that this version cannot show, as it came: JSON. */
  kept?: string;
  given?: GivenRecord;
};

export type ActRecord = {
  id: string;
  person: string;
  device: string;
  mine: boolean;
  what: ActKind;
  about: number;
  /** "not-here": the message is from before this device came in. */
  outcome: "done" | "refused" | "not-here";
  /** Why it does not count: a code with words in the catalogue. */
  why?: string;
  /** What an edit says of a message that is not here, a pin's note, why a thread was settled. */
  text?: string;
  /** Of which text of a message that is not here receipt is acknowledged; base64url. */
  digest?: string;
  /** Of what asks for leave: for what, and what its author answered. */
  asking?: {
    use: Use;
    into: string;
    states: readonly string[];
    author?: string;
    answered?: "given" | "refused";
  };
  /** Of what gives somebody history. */
  giving?: GivingRecord;
};

/** What a thread's record keeps of what was said in it. */
export type ThreadSaid = {
  /** Messages by which this person is called. */
  calls?: readonly Call[];
  /** Who said last that it has done its work, and why; gone once somebody reopened it. */
  resolved?: Resolved;
};
export type Resolved = { readonly person: string; readonly at: string; readonly reason: string };

/** From which entry on this person keeps a thread as unread, until they read it again. */
export type KeptUnread = {
  seq: number;
  /** Messages of others before it. */
  others: number;
  /** The server does not know of it yet. */
  untold: boolean;
  /** It was read again meanwhile, which the server does not know of yet. */
  over?: true;
};

/** A message by which somebody is called: named in it, asked to acknowledge it, or urgent. */
export type Call = {
  readonly seq: number;
  readonly at: string;
  readonly by: string;
  readonly named?: true;
  /** The entry of the edit that named them, if the message did not at first. */
  readonly from?: number;
  readonly owed?: true;
  /** Its author calls it urgent. */
  readonly urgent?: true;
  /** Somebody asks for leave to use it elsewhere, and waits for an answer. */
  readonly leave?: true;
};

export type Tells = "something" | "place";

/**
 * A file on its way to the server, or there and in no message yet. Its bytes stay where its owner has
 * them: after a reload they are asked for it again, and `pieces` tells whether it is the same one.
 */
export type UploadRecord = {
  id: string;
  circle: string;
  at: string;
  tab: string;
  name: string;
  type: string;
  size: number;
  /** SHA-256 of the file, base64url; and of each piece's plaintext, 32 bytes after the other. */
  sha256: string;
  pieces: Uint8Array;
  key: Uint8Array;
  prefix: Uint8Array;
  stripped: boolean;
  /** What was written into it beside the picture, and goes along: something, or also where. */
  tells?: Tells;
  /** What stands for the sealed pieces, base64url, once the server has them all. */
  sealed: string | null;
  /** Under what terms it is given, beside those of the message that it goes with. */
  handling?: Handling;
};
