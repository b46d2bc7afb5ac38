/** An act's event and its proven place in the log, out of one text that carries all of it. */

import { canonical, fromCanonical } from "../../canonical";
import { instant } from "../bundle/form";
import { type LoggedEvent, openEvent } from "../tlog/event";
import type { Policy } from "../tlog/policy";
import { parseProof, verifyProof } from "../tlog/proof";
import { Malformed, Unproven } from "../tlog/refusal";
import { fromBase64, toBase64 } from "../tlog/text";

const HEADER = "c2sp.org/tlog-proof@v1\n";

/** As the server hands it out: bytes in base64, and a tlog-proof without extra. */
export type Opening = {
  readonly leaf: string;
  readonly payload: string | null;
  readonly salt: string | null;
  readonly proof: string | null;
};

/** One text of it; null while the log has no proof, or the event is erased. */
export function receiptOf({ leaf, payload, salt, proof }: Opening): string | null {
  if (proof === null || payload === null || salt === null) return null;
  const extra = toBase64(canonical({ leaf, payload, salt }));
  return `${HEADER}extra ${extra}\n${proof.slice(HEADER.length)}`;
}

export type Logged = LoggedEvent & {
  readonly index: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Witnesses who had cosigned the tree, and when (seconds). */
  readonly cosigned: ReadonlyMap<string, number>;
};

/**
 * The event that a receipt proves.
 *
 * @throws {Malformed} if it is none.
 * @throws {Unproven} if signature, quorum, path or commitment do not hold, or it is in another log.
 */
export async function logged(text: string, policy: Policy): Promise<Logged> {
  const proof = parseProof(text);
  if (proof.extra === null) throw new Malformed("it carries no entry");
  const held = objectIn(proof.extra);
  const [leaf, payload, salt] = ["leaf", "payload", "salt"].map((name) => {
    const value = held[name];
    if (typeof value !== "string") throw new Malformed("it carries no entry");
    return fromBase64(value);
  });
  if (leaf === undefined || payload === undefined || salt === undefined) {
    throw new Malformed("it carries no entry");
  }
  const { checkpoint, cosigned } = await verifyProof(proof, leaf, policy);
  if (checkpoint.origin.startsWith("dir.")) throw new Unproven("no log of acts");
  const event = await openEvent(leaf, payload, salt);
  const { t } = objectOf(leaf);
  const time = Date.parse(event.at);
  const dated = typeof t === "number" && `${event.at.slice(0, 19)}Z` === instant(t);
  if (Number.isNaN(time) || !dated) throw new Unproven("it is dated otherwise");
  return { ...event, index: proof.index, time, cosigned };
}

function objectIn(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value = fromCanonical(bytes);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    throw new Malformed("not an object");
  }
  throw new Malformed("not an object");
}

function objectOf(leaf: Uint8Array): Record<string, unknown> {
  // openEvent has read it before.
  return JSON.parse(new TextDecoder().decode(leaf)) as Record<string, unknown>;
}
