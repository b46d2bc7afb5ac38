/**
 * Where a draft came from, kept inside it: `origins`, oldest first. Pure.
 *
 * A list, since a request copied from one that began with a message still rests on that message.
 * No rule reads it, and no document or file holds it (documents/kept.ts, documents/plain.ts).
 */

import * as v from "valibot";
import type { Json } from "../../../canonical";
import { type Handling, HandlingShape, type Leave, LeaveShape } from "../../../crypto/handling";
import type { Draft } from "../../../rules/book";
import { isBox } from "../document";

export type Origin =
  /** `state`: the author's. */
  | {
      readonly kind: "message";
      readonly circle: string;
      readonly seq: number;
      readonly person: string;
      readonly state: string;
      readonly at: string;
      /** Its message id, SHA-256 of its text, its terms, and the leave to use it here. */
      readonly id?: string;
      /** Who began a request with it. */
      readonly by?: string;
      readonly digest?: string;
      readonly handling?: Handling;
      readonly leave?: Leave;
    }
  | { readonly kind: "request"; readonly request: string; readonly version: number }
  /** `digest`: SHA-256 of the file, in hexadecimal; `law_date`: the day it was checked against. */
  | {
      readonly kind: "file";
      readonly name: string;
      readonly digest: string;
      readonly law_date: string;
    };

/** Messages and files stay whatever comes after them; of copies of copies the last are enough. */
const COPIES = 10;

const matching =
  (pattern: RegExp) =>
  (value: Json | undefined): value is string =>
    typeof value === "string" && pattern.test(value);
const isName = matching(/./);
const isState = matching(/^([A-Z]{2})?$/);
const isDay = matching(/^\d{4}-\d{2}-\d{2}$/);
const isDigest = matching(/^[0-9a-f]{64}$/);
const isHash = matching(/^[A-Za-z0-9_-]{43}$/);
const isMoment = (value: Json | undefined): value is string =>
  typeof value === "string" && !Number.isNaN(Date.parse(value));
const isCount = (value: Json | undefined): value is number =>
  Number.isSafeInteger(value) && Number(value) > 0;

/** What is said of a message's terms, as far as it can be read. */
function termsOf({
  id,
  by,
  digest,
  handling,
  leave,
}: {
  readonly [key: string]: Json | undefined;
}) {
  const terms = v.safeParse(HandlingShape, handling);
  const given = v.safeParse(LeaveShape, leave);
  return {
    ...(isName(id) && { id }),
    ...(isName(by) && { by }),
    ...(isHash(digest) && { digest }),
    ...(terms.success && { handling: terms.output }),
    ...(given.success && { leave: given.output }),
  };
}

function asOrigin(value: Json): Origin[] {
  if (!isBox(value)) return [];
  const { kind, circle, seq, person, state, at, request, version, name, digest, law_date } = value;
  if (kind === "message") {
    const said = isName(circle) && isCount(seq) && isName(person);
    if (!said || !isState(state) || !isMoment(at)) return [];
    return [{ kind, circle, seq, person, state, at, ...termsOf(value) }];
  }
  if (kind === "request" && isName(request) && isCount(version)) {
    return [{ kind, request, version }];
  }
  if (kind === "file" && isName(name) && isDigest(digest) && isDay(law_date)) {
    return [{ kind, name, digest, law_date }];
  }
  return [];
}

/** A colleague's browser wrote it: what is not an origin is passed over. */
export function originsOf(draft: Draft): Origin[] {
  const { origins } = draft;
  return Array.isArray(origins) ? origins.flatMap(asOrigin) : [];
}

/** The draft with one more origin, after those of what it was made from. */
export function withOrigin(draft: Draft, before: readonly Origin[], origin: Origin): Draft {
  const all = [...before, origin];
  const copies = all.filter(({ kind }) => kind === "request");
  const old = new Set<Origin>(copies.slice(0, -COPIES));
  return { ...draft, origins: all.filter((one) => !old.has(one)) };
}

/** Whether something in it was said informally by somebody of another State. */
export const isInformal = (origin: Origin, own: string): boolean =>
  origin.kind === "message" && origin.state !== own;
