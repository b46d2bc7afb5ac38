/** From the server's answer about one act to its proven place, or to what does not hold. */

import kinds from "../../api/kinds.json";
import type { Receipt } from "../../api/schema";
import { canonical } from "../../canonical";
import type { PromiseRecord, ReceiptRecord } from "../../store/records";
import { type LoggedEvent, openEvent } from "../../verify/tlog/event";
import { leafHash } from "../../verify/tlog/merkle";
import type { Policy } from "../../verify/tlog/policy";
import { parsePromise } from "../../verify/tlog/promise";
import { parseProof, verifyProof } from "../../verify/tlog/proof";
import { Malformed, Unproven } from "../../verify/tlog/refusal";
import { fromBase64, toBase64 } from "../../verify/tlog/text";
import type { LogWatch } from "./watch";

const HEADER = "c2sp.org/tlog-proof@v1\n";

/** The server stands by something else than it had promised, or proves what is not so. */
export class Refuted extends Error {
  override readonly name = "Refuted";

  constructor(readonly what: NonNullable<PromiseRecord["wrong"]>) {
    super(what);
  }
}

/** Whose log an answer is checked against, and by whom. */
export type Prover = {
  policy: Policy;
  watch: Pick<LogWatch, "agree">;
  /** The id of the person whose acts these are. */
  me: string;
};

/** A promise and its event are dated by one clock; the promise in whole seconds. */
const APART_MS = 1_000;
const KINDS: Readonly<Record<string, readonly string[] | undefined>> = kinds;

/**
 * The receipt of an act; null while the log has no proof of it. Where the server does not open the
 * event any more, the place alone is proven: the promise stays, and says so.
 *
 * @throws {Refuted} if entry, event or proof are not what was promised.
 * @throws {Unproven} if the proof is of a history that is not followed here; that is an alarm already.
 * @throws {Unreachable} if the log's files cannot be read now.
 */
export async function proven(
  record: PromiseRecord,
  answer: Receipt,
  { policy, watch, me }: Prover,
): Promise<ReceiptRecord | PromiseRecord | null> {
  const leaf = await promisedLeaf(record, answer);
  const event = await openedEvent(leaf, answer);
  if (event !== null) requireOwn(event, record, me);
  // Of an act without a promise nothing says that this closed entry is it.
  else if (record.promise === null) return null;
  if (answer.proof === null) return null;
  const { proof, opened } = await placed(answer.proof, leaf, policy, record.promise);
  await watch.agree(proof.checkpoint);
  const place = {
    index: proof.index,
    cosigned: [...opened.cosigned.keys()],
    log: answer.log,
    size: opened.checkpoint.size,
    proof: withOpening(answer.proof, answer),
  };
  const { lacking: _over, unopened: _closed, ...rest } = record;
  if (event === null) return { ...rest, unopened: place };
  return { ...rest, ...place, kind: event.kind, at: event.at };
}

/** A server that may choose what it promises could promise, and prove, another act than was done. */
function requireOwn(event: LoggedEvent, { act, promise, line }: PromiseRecord, me: string): void {
  const left = KINDS[act];
  const time = promise === null ? null : parsePromise(promise).time * 1_000;
  const mine = event.actor === me && (left === undefined || left.includes(event.kind));
  const then = time === null || Math.abs(Date.parse(event.at) - time) <= APART_MS;
  if (!mine || !then || !isOf(event, line)) throw new Refuted("event");
}

/** Of a message the event names its place in the thread, and its ciphertext: it is no other's. */
function isOf({ payload }: LoggedEvent, line: PromiseRecord["line"]): boolean {
  if (line === undefined) return true;
  const { circle, seq, digest = payload.digest } = line;
  return payload.thread === circle && payload.seq === seq && payload.digest === digest;
}

async function promisedLeaf({ promise }: PromiseRecord, answer: Receipt): Promise<Uint8Array> {
  const leaf = await orRefuted("entry", async () => fromBase64(answer.leaf));
  if (promise !== null && toBase64(await leafHash(leaf)) !== parsePromise(promise).hash) {
    throw new Refuted("entry");
  }
  return leaf;
}

/** Null if the server opens none: it is erased, or withheld. */
function openedEvent(leaf: Uint8Array, { payload, salt }: Receipt): Promise<LoggedEvent | null> {
  return orRefuted("event", async () => {
    if (payload === null || salt === null) return null;
    return openEvent(leaf, fromBase64(payload), fromBase64(salt));
  });
}

function placed(text: string, leaf: Uint8Array, policy: Policy, promise: string | null) {
  return orRefuted("proof", async () => {
    const proof = parseProof(text);
    const opened = await verifyProof(proof, leaf, policy);
    if (promise !== null) {
      const { origin } = parsePromise(promise);
      if (host(origin) !== host(opened.checkpoint.origin)) throw new Unproven("another log");
    }
    return { proof, opened };
  });
}

/**
 * An act of the year's last second may stand in the next year's log, and one that waited when a log
 * was closed for its key's sake in the log that took over.
 */
const host = (origin: string): string => origin.replace(/\/\d{4}(-\d+)?$/, "");

async function orRefuted<T>(what: Refuted["what"], act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Unproven || error instanceof Malformed) throw new Refuted(what);
    throw error;
  }
}

/** The proof with all that its bearer needs to show what it proves, in the format's own place. */
function withOpening(proof: string, { leaf, payload, salt }: Receipt): string {
  const extra = toBase64(canonical({ leaf, payload, salt }));
  return `${HEADER}extra ${extra}\n${proof.slice(HEADER.length)}`;
}
