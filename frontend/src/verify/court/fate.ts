/**
 * What may leave for a court: pure, asked by whoever makes an export and by whoever checks it.
 *
 * Whatever its author gave under a code that restricts it leaves with that author's leave for this
 * use, in this very text, or not at all: also as a quotation, as what was brought from another
 * thread, as the code of a file, and as an earlier or later text of the same message.
 */

import { b64u } from "../../bytes";
import { type Content, digestOf, type Unknown } from "../../crypto/content";
import { bothOf, type Handling, isRestricted, leaveSignedBy } from "../../crypto/handling";
import type { Held } from "./form";

/** One entry that was opened: whose it is by signature, and what it says. */
export type Seen = {
  readonly seq: number;
  readonly id: string;
  readonly person: string;
  readonly device: string;
  readonly content: Content | Unknown;
};

export type Asked = {
  readonly circle: string;
  /** The first entry of the range. */
  readonly first: number;
  /** Who makes the export. */
  readonly person: string;
  /** A device's signature key, if it is of that person. */
  readonly keyOf: (person: string, device: string) => Uint8Array | null;
  /** Under what terms an entry was given that is not among the seen; null where nobody knows. */
  readonly termsOf?: (seq: number) => Handling | null;
  /** Entries that were taken back. */
  readonly withdrawn: ReadonlySet<number>;
  /** Messages of which a change is known that cannot go along. */
  readonly incomplete?: ReadonlySet<number>;
};

type Text = Extract<Content, { kind: "text" }>;
export type Message = Seen & { readonly content: Text };

/** Whether somebody else gave it, or a file of it, under a code that restricts it. */
export function isClosed({ person, content }: Message, exporter: string): boolean {
  const { handling, files = [] } = content;
  const terms = files.reduce((all, file) => bothOf(all, file.handling), handling ?? null);
  return person !== exporter && isRestricted(terms);
}

export const isText = (one: Seen): one is Message => one.content.kind === "text";

/** Of each entry why it may not leave; null if it may. */
export async function fates(
  seen: readonly Seen[],
  asked: Asked,
): Promise<Map<number, Held | null>> {
  const found = new Map<number, Held | null>();
  const messages = new Map(seen.filter(isText).map((one) => [one.seq, one]));
  const leaves = new Leaves(seen, messages, asked);
  const edits = new Map<number, string[]>();
  for (const { content } of seen) {
    if (content.kind === "edit") {
      edits.set(content.about, [...(edits.get(content.about) ?? []), content.text]);
    }
  }
  for (const one of messages.values()) {
    found.set(one.seq, await whyNot(one, edits.get(one.seq) ?? [], leaves, messages, asked));
  }
  for (const { seq, content } of seen) {
    if (content.kind === "text") continue;
    if (content.kind === "edit") {
      const base = found.get(content.about);
      const lacking = content.about < asked.first ? "outside" : "unsigned";
      const gone = asked.withdrawn.has(content.about) ? "withdrawn" : lacking;
      found.set(seq, base === undefined ? gone : base);
    } else found.set(seq, BESIDE.has(content.kind) ? "beside" : null);
  }
  return found;
}

const BESIDE: ReadonlySet<string> = new Set([
  ...["title", "version", "comment", "comment-resolved", "give-history", "unknown"],
]);

async function whyNot(
  one: Message,
  edits: readonly string[],
  leaves: Leaves,
  messages: ReadonlyMap<number, Message>,
  asked: Asked,
): Promise<Held | null> {
  const { text, quote, carried } = one.content;
  if (asked.withdrawn.has(one.seq)) return "withdrawn";
  // Without one of its changes an earlier text would stand there as the one that counts.
  if (asked.incomplete?.has(one.seq)) return "unsigned";
  if (isClosed(one, asked.person)) {
    for (const each of [text, ...edits]) {
      if (!(await leaves.has(one, await digestOf(each)))) return "code";
    }
  }
  if (carried !== undefined && isRestricted(carried.handling) && carried.person !== asked.person) {
    return "carries";
  }
  if (quote === undefined) return null;
  // In what its author signed the words of it stand as they were.
  if (asked.withdrawn.has(quote.seq)) return "withdrawn";
  const target = messages.get(quote.seq);
  const kept = asked.termsOf?.(quote.seq) ?? null;
  const known = bothOf(bothOf(quote.handling, target?.content.handling), kept);
  if (!isRestricted(known)) return null;
  if (target === undefined || target.id !== quote.id) return "quotes";
  if (target.person === asked.person) return null;
  return (await leaves.has(target, quote.digest)) ? null : "quotes";
}

/** The leaves that were given to whoever makes the export, for a court, in this thread. */
class Leaves {
  readonly #asks = new Map<number, Seen & { content: Extract<Content, { kind: "ask-leave" }> }>();
  readonly #answers: (Seen & { content: Extract<Content, { kind: "give-leave" }> })[] = [];

  constructor(
    seen: readonly Seen[],
    private readonly messages: ReadonlyMap<number, Message>,
    private readonly asked: Asked,
  ) {
    for (const one of seen) {
      const { content } = one;
      if (content.kind === "ask-leave") this.#asks.set(one.seq, { ...one, content });
      if (content.kind === "give-leave") this.#answers.push({ ...one, content });
    }
  }

  async has({ seq, id, person, content }: Message, digest: string): Promise<boolean> {
    const { circle, person: to, keyOf } = this.asked;
    for (const answer of this.#answers) {
      const ask = this.#asks.get(answer.content.about);
      const of = ask?.content;
      const fits =
        ask !== undefined &&
        of !== undefined &&
        answer.content.id === ask.id &&
        answer.person === person &&
        ask.person === to &&
        of.about === seq &&
        of.use === "court" &&
        of.into === circle &&
        of.digest === digest &&
        this.messages.get(seq)?.id === id;
      const key = fits ? keyOf(person, answer.device) : null;
      if (!fits || key === null) continue;
      const granted = {
        ...{ circle, seq, id, digest, handling: content.handling ?? null },
        ...{ to, ask: ask.id, use: "court" as const, into: circle },
      };
      if (await leaveSignedBy(key, granted, b64u.decode(answer.content.signature))) return true;
    }
    return false;
  }
}
