/** What a message says, and what it does to another one; see docs/wire.md, "What a message holds". */
import * as v from "valibot";
import { b64u } from "../bytes";
import type { Json } from "../canonical";

import { MOST_BYTES } from "./fileSeal";

import { type Handling, HandlingShape, type Leave, LeaveShape, USES, type Use } from "./handling";

import { type Grant, GrantEntries } from "./history";

import { Uuid } from "./identity";

import { type Consult, ConsultShape } from "./opinion";

/** The message that another one answers to, as its author saw it. */
export type Quote = {
  /** Where it stands in the thread's log, and its own id. */
  readonly seq: number;
  readonly id: string;
  /** SHA-256 of the whole text that was quoted, base64url. */
  readonly digest: string;
  /** Its beginning; see `excerptOf`. */
  readonly excerpt: string;
  /** Under what terms the quoted message was given. */
  readonly handling?: Handling;
};

/** A message of another thread, whole, as whoever brings it here has it. */
export type Carried = {
  readonly circle: string;
  readonly seq: number;
  readonly id: string;
  /** Its author, and when it was said there. */
  readonly person: string;
  readonly at: string;
  readonly text: string;
  readonly handling?: Handling;
  readonly leave?: Leave;
};

/** A file that goes with a message: what it is, where its pieces lie, and what opens them. */
export type FileSaid = {
  /** Its id at the server, authenticated with each piece. */
  readonly id: string;
  readonly name: string;
  /** As its author's browser says it, e.g. "image/png"; "" if it says nothing. */
  readonly type: string;
  /** Bytes of the file itself. */
  readonly size: number;
  /** SHA-256 of the file, and what stands for its sealed pieces (fileSeal.ts); base64url. */
  readonly sha256: string;
  readonly sealed: string;
  /** 32 and 7 bytes, base64url. */
  readonly key: string;
  readonly prefix: string;
  /** Its author had what a camera or a program had written into it taken out. */
  readonly stripped?: true;
  /** Under what terms it is given, beside those of its message: both count. */
  readonly handling?: Handling;
};

export type Said = {
  readonly text: string;
  readonly files?: readonly FileSaid[];
  readonly quote?: Quote;
  /** Persons named in it, by id. The server is not told. */
  readonly mentions?: readonly string[];
  /** Its author asks whoever reads it to acknowledge receipt. */
  readonly asks?: true;
  /** Its author calls it urgent. The server is told so, and counts. */
  readonly urgent?: true;
  /** Under what terms it is given; nothing: under none but the case's. */
  readonly handling?: Handling;
  readonly carried?: Carried;
  /** What it asks about, or answers, in an informal consultation; the text says it in words. */
  readonly consult?: Consult;
};

/** An act on the message at `about`, whose id is `id`: both must name the same one. */
export type Act =
  | {
      readonly kind: "edit";
      readonly about: number;
      readonly id: string;
      readonly text: string;
      readonly mentions?: readonly string[];
    }
  | { readonly kind: "withdraw"; readonly about: number; readonly id: string }
  | {
      readonly kind: "acknowledge";
      readonly about: number;
      readonly id: string;
      /** SHA-256 of the text of which receipt is acknowledged, base64url: an edit is another text. */
      readonly digest: string;
    }
  | {
      readonly kind: "pin";
      readonly about: number;
      readonly id: string;
      /** Why it is pinned, in its pinner's words. */
      readonly note?: string;
    }
  | { readonly kind: "unpin"; readonly about: number; readonly id: string }
  | {
      readonly kind: "ask-leave";
      readonly about: number;
      readonly id: string;
      readonly use: Use;
      /** The circle that it would be quoted in, or the case of the request. */
      readonly into: string;
      /** The States whose people would read it there, by the word of whoever asks. */
      readonly states: readonly string[];
      /** SHA-256 of the text that would be used, base64url. */
      readonly digest: string;
      /** What for, in their words. */
      readonly reason: string;
    }
  | {
      /** `about` and `id` are of the entry that asked. */
      readonly kind: "give-leave";
      readonly about: number;
      readonly id: string;
      /** See handling.ts `Granted`; 64 bytes, base64url. */
      readonly signature: string;
    }
  | {
      readonly kind: "refuse-leave";
      readonly about: number;
      readonly id: string;
      readonly reason: string;
    }
  /** Messages from before somebody came; `about` is 0, and `id` the thread's own. See history.ts. */
  | ({ readonly kind: "give-history"; readonly about: number; readonly id: string } & Grant)
  | {
      /** On the whole thread: `about` is 0, and `id` the thread's own. */
      readonly kind: "resolve" | "reopen";
      readonly about: number;
      readonly id: string;
      /** In words, for its readers. */
      readonly reason: string;
    };

export type ActKind = Act["kind"];

export type Content =
  | ({ readonly kind: "text" } & Said)
  | Act
  /** group.state: the case's title, or the thread's name; the stopped thread that it goes on from. */
  | { readonly kind: "title"; readonly title: string; readonly continues?: string | undefined }
  /** The key of a draft's version, which the server keeps sealed; see draftSeal.ts. */
  | {
      readonly kind: "version";
      readonly request: string;
      /** The version's own id, authenticated with its body. */
      readonly client_id: string;
      /** The version it was made from; 0 for the first. */
      readonly base: number;
      readonly key: Uint8Array;
      readonly digest: Uint8Array;
      /** Of the commitment that screening signs. */
      readonly salt: Uint8Array;
      /** Said again for a newcomer: who, by the sender's word, said it first. */
      readonly author?: string;
    }
  | {
      readonly kind: "comment";
      readonly request: string;
      readonly id: string;
      readonly section: string;
      readonly text: string;
    }
  | { readonly kind: "comment-resolved"; readonly request: string; readonly comment: string };

/** Of a later version of the program: kept as it came, as JSON, until one can show it. */
export type Unknown = { readonly kind: "unknown"; readonly kept: string };

export const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Seq = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const DIGEST = /^[A-Za-z0-9_-]{43}$/;
export const Bytes32 = v.pipe(
  v.string(),
  v.regex(DIGEST),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return b64u.decode(dataset.value);
    } catch {
      addIssue({ message: "not base64url" });
      return NEVER;
    }
  }),
);

/** Graphemes of an excerpt, and UTF-16 units at most, whatever they are made of. */
export const EXCERPT = 160;
const EXCERPT_UNITS = 640;
const MOST_MENTIONS = 64;
const MOST_STATES = 32;
export const MOST_FILES = 8;
/** UTF-16 units of a file's name. */
export const LONGEST_NAME = 255;
export const LONGEST_NOTE = 280;

const Mentions = v.exactOptional(v.pipe(v.array(Uuid), v.minLength(1), v.maxLength(MOST_MENTIONS)));
const Digest = v.pipe(v.string(), v.regex(DIGEST));
const File = v.strictObject({
  id: Uuid,
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_NAME)),
  type: v.pipe(v.string(), v.maxLength(127), v.regex(/^([\w.+-]+\/[\w.+-]+)?$/)),
  size: v.pipe(Count, v.maxValue(MOST_BYTES)),
  sha256: Digest,
  sealed: Digest,
  key: Digest,
  prefix: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{9}[AQgw]$/)),
  stripped: v.exactOptional(v.literal(true)),
  handling: v.exactOptional(HandlingShape),
});
export const Files = v.exactOptional(
  v.pipe(
    v.array(File),
    v.minLength(1),
    v.maxLength(MOST_FILES),
    // Two under one key would stop the page of everybody who reads it.
    v.check((files) => new Set(files.map(({ id }) => id)).size === files.length),
  ),
);
const Reason = v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_NOTE));
const whole = { about: v.literal(0), id: Uuid, reason: Reason };
const on = { about: Seq, id: Uuid };
const State = v.pipe(v.string(), v.regex(/^[A-Z]{2}$/));
const Terms = v.exactOptional(HandlingShape);
const CarriedShape = v.strictObject({
  circle: Uuid,
  seq: Seq,
  id: Uuid,
  person: Uuid,
  at: v.pipe(v.string(), v.isoTimestamp()),
  text: v.pipe(v.string(), v.minLength(1)),
  handling: Terms,
  leave: v.exactOptional(LeaveShape),
});

const Known = v.variant("kind", [
  v.strictObject({
    kind: v.literal("text"),
    text: v.string(),
    files: Files,
    quote: v.exactOptional(
      v.strictObject({
        seq: Seq,
        id: Uuid,
        digest: v.pipe(v.string(), v.regex(DIGEST)),
        excerpt: v.pipe(v.string(), v.maxLength(EXCERPT_UNITS + 1)),
        handling: Terms,
      }),
    ),
    mentions: Mentions,
    asks: v.exactOptional(v.literal(true)),
    urgent: v.exactOptional(v.literal(true)),
    handling: Terms,
    carried: v.exactOptional(CarriedShape),
    consult: v.exactOptional(ConsultShape),
  }),
  v.strictObject({ kind: v.literal("edit"), ...on, text: v.string(), mentions: Mentions }),
  v.strictObject({ kind: v.literal("withdraw"), ...on }),
  v.strictObject({
    kind: v.literal("acknowledge"),
    ...on,
    digest: v.pipe(v.string(), v.regex(DIGEST)),
  }),
  v.strictObject({
    kind: v.literal("pin"),
    ...on,
    note: v.exactOptional(v.pipe(v.string(), v.maxLength(LONGEST_NOTE))),
  }),
  v.strictObject({ kind: v.literal("unpin"), ...on }),
  v.strictObject({
    kind: v.literal("ask-leave"),
    ...on,
    use: v.picklist(USES),
    into: Uuid,
    digest: v.pipe(v.string(), v.regex(DIGEST)),
    states: v.pipe(v.array(State), v.maxLength(MOST_STATES)),
    reason: Reason,
  }),
  v.strictObject({
    kind: v.literal("give-leave"),
    ...on,
    signature: LeaveShape.entries.signature,
  }),
  v.strictObject({ kind: v.literal("refuse-leave"), ...on, reason: Reason }),
  v.strictObject({
    kind: v.literal("give-history"),
    about: v.literal(0),
    id: Uuid,
    ...GrantEntries,
  }),
  v.strictObject({ kind: v.literal("resolve"), ...whole }),
  v.strictObject({ kind: v.literal("reopen"), ...whole }),
  v.strictObject({ kind: v.literal("title"), title: v.string(), continues: v.optional(Uuid) }),
  v.strictObject({
    kind: v.literal("version"),
    request: Uuid,
    client_id: Uuid,
    base: Count,
    key: Bytes32,
    digest: Bytes32,
    salt: Bytes32,
    author: v.exactOptional(Uuid),
  }),
  v.strictObject({
    kind: v.literal("comment"),
    request: Uuid,
    id: Uuid,
    section: v.string(),
    text: v.string(),
  }),
  v.strictObject({ kind: v.literal("comment-resolved"), request: Uuid, comment: Uuid }),
]);

/** Every kind that this version of the program knows. */
export const KINDS: ReadonlySet<string> = new Set(
  Known.options.map((option) => option.entries.kind.literal),
);

const Stranger = v.pipe(
  v.looseObject({ kind: v.pipe(v.string(), v.regex(/^[a-z][a-z-]{0,31}$/)) }),
  v.check(({ kind }) => !KINDS.has(kind)),
  v.transform((content): Unknown => ({ kind: "unknown", kept: JSON.stringify(content) })),
);

export const ContentShape = v.union([Known, Stranger]);

const ON_THREAD: ReadonlySet<string> = new Set(["resolve", "reopen"]);
const ACTS: ReadonlySet<string> = new Set([
  ...["edit", "withdraw", "acknowledge", "pin", "unpin"],
  ...["ask-leave", "give-leave", "refuse-leave", "give-history"],
  ...ON_THREAD,
]);

export function isAct(content: { readonly kind: string }): content is Act {
  return ACTS.has(content.kind);
}

export type OnThread = Extract<Act, { kind: "resolve" | "reopen" }>;
export type Answer = Extract<Act, { kind: "give-leave" | "refuse-leave" }>;
export type Giving = Extract<Act, { kind: "give-history" }>;
export type OnMessage = Exclude<Act, OnThread | Answer | Giving>;

/** The name of an act in the table of roles (messaging/services/acts.py `row_of`). */
export function rowOf(act: ActKind | "post"): string {
  if (act === "give-history") return "messaging.history.give";
  return `messaging.${ON_THREAD.has(act) ? "thread" : "message"}.${act}`;
}

/** Whether an act is on the thread as a whole, not on one message. */
export function isOnThread(act: Act): act is OnThread {
  return ON_THREAD.has(act.kind);
}

/** What is said or done in the thread itself, not beside it. */
export function isOfThread(content: Content): content is Extract<Content, { kind: "text" }> | Act {
  return content.kind === "text" || isAct(content);
}

/**
 * The authenticated data of a message: what stands in clear beside it. Of an act the server learns
 * which it is and the other message's number, and so checks whose that is; of what gives somebody
 * history, whom and between which entries; of an urgent message that it is, and so counts them;
 * never what is said.
 */
export function dataOf(id: string, content: Content | Unknown): Json {
  if (content.kind === "text" && content.urgent) return { client_msg_id: id, urgent: true, v: 3 };
  if (!isAct(content)) return { client_msg_id: id, v: 1 };
  if (content.kind === "give-history") {
    const { kind: act, to, first, last, count } = content;
    return { act, client_msg_id: id, count, first, last, to, v: 4 };
  }
  return { about: content.about, act: content.kind, client_msg_id: id, v: 2 };
}

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

/** The beginning of a text, as it is quoted: whole graphemes, with an ellipsis where it was cut. */
export function excerptOf(text: string): string {
  let taken = "";
  let count = 0;
  for (const { segment } of graphemes.segment(text)) {
    if (count === EXCERPT || taken.length + segment.length > EXCERPT_UNITS) return `${taken}…`;
    taken += segment;
    count += 1;
  }
  return taken;
}

/** SHA-256 of a text in UTF-8, base64url. */
export async function digestOf(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return b64u.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
