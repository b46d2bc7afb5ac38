/** What the page gives and gets of files. */

import type { Handling } from "../../crypto/handling";
import type { Tells } from "../../store/said";
import type { Vault } from "../../store/vault";
import type { InTurn } from "../identity";

/** A file as a browser holds it: its bytes are read piece by piece, never all at once. */
export type FileSource = {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
};

/**
 * An upload in the composer. "reading": its digests are computed; "sending"; "waiting": the network or
 * the server is away, it goes on by itself; "asleep": its bytes are not here since the page was
 * loaded anew, so its owner has to choose the file again; "ready"; "failed": it does not go on.
 */
export type UploadView = {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly stripped: boolean;
  readonly tells?: Tells;
  readonly phase: "reading" | "sending" | "waiting" | "asleep" | "ready" | "failed";
  /** Bytes read or sent so far, of `total`. */
  readonly done: number;
  readonly total: number;
  /** base64url, once it is known. */
  readonly sha256: string | null;
  /** Under what terms it is given, if it has any of its own. */
  readonly handling?: Handling;
  /** A code with words in the catalogue of errors. */
  readonly error?: string;
};

/** Where a file is written, in order. What was written is of no use before `close`. */
export type Sink = {
  write(part: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  /** What was written is not to be kept. */
  abort(): Promise<void>;
};

export type Fetching = { signal: AbortSignal; progress: (bytes: number) => void };
/** Fetches a file into a sink: whose it is, and where, is known to whoever made it. */
export type FileFetch = (sink: Sink, how: Fetching) => Promise<void>;

/** Where sealed pieces go to, and whence they come: `place` is a thread, or what a letter is about. */
export type FileDoor = {
  begin(place: string, id: string, size: number): Promise<{ readonly missing: readonly number[] }>;
  put(
    id: string,
    index: number,
    sealed: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<unknown>;
  complete(id: string, digest: Uint8Array): Promise<unknown>;
  remove(id: string): Promise<unknown>;
  open(id: string): Promise<{ readonly size: number }>;
  piece(id: string, index: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
};

/** Whoever keeps files of somebody: their store, their tab, and the door behind which pieces lie. */
export type Keeper = {
  readonly door: FileDoor;
  readonly vault: Pick<Vault, "read" | "list" | "watch">;
  readonly exclusive: InTurn;
  readonly tab: string;
  /** They are signed out, or their store is closed. */
  readonly over: boolean;
  isOpenElsewhere(tab: string): boolean;
  now(): string;
  uuid(): string;
  sleep(ms: number): Promise<void>;
  report(error: unknown): void;
};
