/**
 * Under what terms information is given, and the leave of whoever gave it to use it elsewhere.
 *
 * The codes are those of police networks (docs/handling.md). A leave is signed by the author's
 * device, so that whoever receives the information in another thread can check it without being in
 * the one where it was given: "casehub/leave/1" 00 and canonical JSON, signed like an attestation.
 */

import * as v from "valibot";
import { concat, utf8 } from "../bytes";
import { canonical } from "../canonical";
import { signWith, verifies } from "./ed25519";
import { Uuid } from "./identity";

/** In the order in which they are shown and signed. */
export const CODES = ["lawful", "court", "onward", "conditions"] as const;
export type Code = (typeof CODES)[number];

export type Handling = {
  /** At least one, each once, in the order of {@link CODES}. */
  readonly codes: readonly Code[];
  /** In its author's words; there if and only if "conditions" is among the codes. */
  readonly conditions?: string;
};

export const LONGEST_CONDITIONS = 280;

/** What leave is asked for: to quote it in another thread, to begin a request with it, to show it to a court. */
export const USES = ["thread", "request", "court"] as const;
export type Use = (typeof USES)[number];

export type Leave = {
  /** The entry that asked for it, by its message id. */
  readonly ask: string;
  /** Of the author of what is used; it signed. */
  readonly device: string;
  /** 64 bytes, base64url. */
  readonly signature: string;
};

/** What a leave is of, to whom it is given, and for what. */
export type Granted = {
  readonly circle: string;
  readonly seq: number;
  readonly id: string;
  /** SHA-256 of the text, base64url: an edited text needs another leave. */
  readonly digest: string;
  readonly handling: Handling | null;
  /** Who asked, by which message of theirs. */
  readonly to: string;
  readonly ask: string;
  readonly use: Use;
  /** The circle that it may be quoted in; the case of the request; of a court, the circle that it is from. */
  readonly into: string;
};

const inOrder = (codes: readonly Code[]): boolean =>
  codes.every((code, at) => at === 0 || CODES.indexOf(code) > CODES.indexOf(codes[at - 1] as Code));

export const HandlingShape = v.pipe(
  v.strictObject({
    codes: v.pipe(
      v.array(v.picklist(CODES)),
      v.minLength(1),
      v.check((codes) => inOrder(codes)),
    ),
    conditions: v.exactOptional(
      v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_CONDITIONS)),
    ),
  }),
  v.check(
    ({ codes, conditions }) => codes.includes("conditions") === (conditions !== undefined),
    "conditions and their code go together",
  ),
);

const Signature64 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{85}[AQgw]$/));

export const LeaveShape = v.strictObject({ ask: Uuid, device: Uuid, signature: Signature64 });

/** Codes as chosen, in order, with what belongs to them; null where none is chosen. */
export function handlingOf(codes: Iterable<Code>, conditions: string): Handling | null {
  const chosen = new Set(codes);
  const said = conditions.trim().slice(0, LONGEST_CONDITIONS);
  if (said === "") chosen.delete("conditions");
  const ordered = CODES.filter((code) => chosen.has(code));
  if (ordered.length === 0) return null;
  return { codes: ordered, ...(chosen.has("conditions") && { conditions: said }) };
}

/** Whether it takes its author's leave to use elsewhere what was given under this code. */
export const restricts = (code: Code): boolean => code !== "lawful";

/** Whether it may not be used elsewhere without its author's leave. */
export function isRestricted(handling: Handling | null | undefined): boolean {
  return handling?.codes.some(restricts) ?? false;
}

/**
 * The terms of what goes with something else: those of both. Conditions of both stand one after the
 * other, so they may be longer than one's own: for who reads them, never for a message.
 */
export function bothOf(
  one: Handling | null | undefined,
  other: Handling | null | undefined,
): Handling | null {
  const codes = CODES.filter((code) => one?.codes.includes(code) || other?.codes.includes(code));
  if (codes.length === 0) return null;
  const said = [one?.conditions, other?.conditions].filter((each) => each !== undefined);
  const conditions = [...new Set(said)].join(" · ");
  return { codes, ...(conditions !== "" && { conditions }) };
}

export function sameHandling(one: Handling | null, other: Handling | null): boolean {
  const [a, b] = [one, other];
  if (a === null || b === null) return a === b;
  return a.codes.join() === b.codes.join() && a.conditions === b.conditions;
}

function signed(granted: Granted): Uint8Array<ArrayBuffer> {
  const { circle, seq, id, digest, handling, to, ask, use, into } = granted;
  const terms = handling === null ? null : { ...handling, codes: [...handling.codes] };
  const said = { v: 1, circle, seq, id, digest, handling: terms, to, ask, use, into };
  return concat(utf8.encode("casehub/leave/1\0"), canonical(said));
}

/** 64 bytes, by the device's signature key (an Ed25519 seed). */
export async function signLeave(granted: Granted, seed: Uint8Array): Promise<Uint8Array> {
  return (await signWith(seed, signed(granted))).signature;
}

/** Whether the signature is that of the device's public key, 32 bytes. */
export function leaveSignedBy(
  key: Uint8Array,
  granted: Granted,
  signature: Uint8Array,
): Promise<boolean> {
  return verifies(key, signature, signed(granted));
}
