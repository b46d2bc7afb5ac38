/** What an export says, entry by entry, as people read it: from what was found sound (pure). */

import { type Content, digestOf, excerptOf } from "../../crypto/content";
import type { Handling } from "../../crypto/handling";
import type { Held } from "./form";
import type { Known } from "./people";
import type { Shown } from "./thread";

export type Row = {
  readonly seq: number;
  readonly at: number;
  /** Its place in the log of acts. */
  readonly index: number;
  readonly by: Pick<Known, "name" | "post" | "state" | "person"> | null;
  readonly what: Content["kind"] | "held" | "members";
  readonly about?: number;
  readonly text?: string;
  /** As its author quotes it; `matches` is null where what is quoted is not in here. */
  readonly quote?: { seq: number; excerpt: string; matches: boolean | null };
  /** By the word of whoever brought it. */
  readonly carried?: { name: string; at: string; text: string };
  readonly files?: readonly { name: string; size: number; sha256: string }[];
  readonly handling?: Handling;
  readonly urgent?: true;
  readonly asks?: true;
  /** Of an acknowledgement: whether it is of a text that stands here. */
  readonly matches?: boolean | null;
  readonly why?: Held;
  readonly added?: number;
  readonly removed?: number;
};

export async function recordOf(shown: readonly Shown[], nameOf: (person: string) => string) {
  const texts = new Map<number, string[]>();
  const rows: Row[] = [];
  for (const one of shown) {
    const { seq, at, index, by } = one;
    const base = { seq, at, index, by };
    if (one.is === "held") rows.push({ ...base, what: "held", why: one.why });
    else if (one.is === "members") {
      rows.push({ ...base, what: "members", added: one.added, removed: one.removed });
    } else rows.push({ ...base, ...(await saidIn(one.content, seq, texts, nameOf)) });
  }
  return rows;
}

async function saidIn(
  content: Content,
  seq: number,
  texts: Map<number, string[]>,
  nameOf: (person: string) => string,
): Promise<Omit<Row, "seq" | "at" | "index" | "by">> {
  const what = content.kind;
  const known = (about: number) => texts.get(about) ?? null;
  switch (content.kind) {
    case "text": {
      const { text, quote, carried, files, handling, urgent, asks } = content;
      texts.set(seq, [text]);
      const quoted = quote && known(quote.seq);
      return {
        what,
        text,
        ...(quote && {
          quote: {
            seq: quote.seq,
            excerpt: quote.excerpt,
            matches: quoted ? quoted.some((one) => excerptOf(one) === quote.excerpt) : null,
          },
        }),
        ...(carried && {
          carried: { name: nameOf(carried.person), at: carried.at, text: carried.text },
        }),
        ...(files && {
          files: files.map(({ name, size, sha256 }) => ({ name, size, sha256 })),
        }),
        ...(handling && { handling }),
        ...(urgent && { urgent }),
        ...(asks && { asks }),
      };
    }
    case "edit": {
      texts.set(content.about, [...(known(content.about) ?? []), content.text]);
      return { what, about: content.about, text: content.text };
    }
    case "acknowledge": {
      const of = known(content.about);
      const digests = of && (await Promise.all(of.map(digestOf)));
      return { what, about: content.about, matches: digests?.includes(content.digest) ?? null };
    }
    case "pin":
      return { what, about: content.about, ...(content.note && { text: content.note }) };
    case "ask-leave":
    case "refuse-leave":
    case "resolve":
    case "reopen":
      return { what, about: content.about, text: content.reason };
    case "withdraw":
    case "unpin":
    case "give-leave":
      return { what, about: content.about };
    default:
      return { what };
  }
}
