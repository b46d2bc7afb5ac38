/**
 * What the log publishes of an event, and the event behind it. Python: audit/commitments.py.
 *
 * The leaf binds whoever runs the log to the event's bytes: with the salt anybody can see that
 * these bytes are what was logged, and without it nobody can.
 */

import { concat, equal, MalformedBytes, owned, utf8 } from "../../bytes";
import { Malformed, Unproven } from "./refusal";
import { fromBase64 } from "./text";

const LABEL = utf8.encode("casehub-audit-event/1");

/** An event as its canonical bytes say it. */
export type LoggedEvent = {
  readonly kind: string;
  readonly actor: string;
  readonly at: string;
  readonly payload: Readonly<Record<string, unknown>>;
};

/** HMAC-SHA-256(salt, label ‖ bytes): 32 bytes. */
export async function commitmentTo(payload: Uint8Array, salt: Uint8Array): Promise<Uint8Array> {
  const hash = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", owned(salt), hash, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, concat(LABEL, payload)));
}

/**
 * The event that a leaf commits to.
 *
 * @throws {Malformed} if leaf or event are none.
 * @throws {Unproven} if the leaf commits to something else.
 */
export async function openEvent(
  leaf: Uint8Array,
  payload: Uint8Array,
  salt: Uint8Array,
): Promise<LoggedEvent> {
  const entry = objectIn(leaf);
  if (entry.v !== 1 || entry.k !== "event" || typeof entry.c !== "string") {
    throw new Malformed("not the entry of an event");
  }
  const named = fromBase64(entry.c);
  if (!equal(named, await commitmentTo(payload, salt))) {
    throw new Unproven("the entry was made from another event");
  }
  const { kind, actor, at, payload: more } = objectIn(payload);
  const words = typeof kind === "string" && typeof actor === "string" && typeof at === "string";
  if (!words || typeof more !== "object" || more === null) throw new Malformed("not an event");
  return { kind, actor, at, payload: more as Record<string, unknown> };
}

function objectIn(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof MalformedBytes)) throw error;
  }
  throw new Malformed("not an object");
}
