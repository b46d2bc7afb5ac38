/** Letters about a request on the wire: sealed to each who carries or drafts it. */

import * as v from "valibot";
import { AUDIENCES, type Audience } from "../audience";
import type { Call } from "./http";
import { uuid } from "./schema";

const text = v.string();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const base64 = v.pipe(text, v.regex(/^[A-Za-z0-9_-]*$/));

const audience = v.picklist(AUDIENCES);

const reader = v.object({ person: uuid, name: text, state: text, central: v.boolean() });
/** Who may read, as the server names them: each is looked up before anything is sealed to them. */
export type LetterReader = v.InferOutput<typeof reader>;

const opened = v.object({ person: uuid, name: text, state: text, at: text });
/** Who opened a file, and when first, as the server says it. */
export type FileOpened = v.InferOutput<typeof opened>;
/** A file that the letter took along: `digest` stands for its sealed pieces, hex. */
const file = v.object({ id: uuid, size: count, digest: text, opened: v.array(opened) });

const letter = v.object({
  id: uuid,
  person: uuid,
  name: text,
  state: text,
  step: count,
  at: text,
  body: base64,
  /** The letter's key, sealed to public keys of the caller. */
  keys: v.array(v.object({ key: base64, wrapped: base64 })),
  /** All public keys to which it is sealed. */
  held: v.array(base64),
  files: v.optional(v.array(file), []),
});
export type LetterRow = v.InferOutput<typeof letter>;

/** A page of them, oldest first; `first` is the place of its first one among all, from 1 on. */
const letters = v.object({
  readers: v.array(reader),
  first: v.pipe(count, v.minValue(1)),
  letters: v.array(letter),
});
export type LettersTold = v.InferOutput<typeof letters>;

const unread = v.object({
  request: uuid,
  audience,
  requesting_state: text,
  requested_state: text,
  count,
  /** When the newest of them came. */
  at: text,
});
/** About which request others wrote what its reader was not shown yet, and how many letters. */
export type UnreadLetters = v.InferOutput<typeof unread>;

export type KeyBody = { person: string; key: string; wrapped: string };
export type LetterBody = {
  id: string;
  step: number;
  body: string;
  keys: readonly KeyBody[];
  enclosures: readonly string[];
  audience: Audience;
};

export function letterRoutes(call: Call) {
  return {
    /** The newest, or those that stand just before the place that is named. */
    list: (request: string, audience: Audience, before?: number) => {
      const where = `?audience=${audience}${before === undefined ? "" : `&before=${before}`}`;
      return call("GET", `/dossiers/${request}/letters${where}`, letters);
    },
    send: (request: string, body: LetterBody) =>
      call("POST", `/dossiers/${request}/letters`, letters, body),
    unread: () => call("GET", "/letters", v.array(unread)),
    /** Read up to this one, as far as this server knows; what is left of all requests. */
    mark: (request: string, audience: Audience, letter: string) =>
      call("PUT", `/dossiers/${request}/letters/read`, v.array(unread), { letter, audience }),
    share: (request: string, audience: Audience, keys: readonly (KeyBody & { letter: string })[]) =>
      call("POST", `/dossiers/${request}/letters/keys`, letters, { keys, audience }),
  };
}
export type LetterRoutes = ReturnType<typeof letterRoutes>;
