/** One piece of the index, in memory: what MiniSearch is asked, and how it is kept. Pure. */

import MiniSearch, { type AsPlainObject, type Options } from "minisearch";
import { fold, wordsIn } from "../../fold";
import { FORMAT, type PieceRecord } from "../../store/found";
import type { LineRecord } from "../../store/records";

export type Wanted = {
  /** As it was typed: each of its words begins a word of the message. */
  text: string;
  person?: string;
  /** Milliseconds, the first included and the last not. */
  from?: number;
  to?: number;
};

export type Place = { seq: number; person: string; at: number };

type Stored = { person: string; at: number };
type Doc = Stored & { id: number; text: string };

const OPTIONS: Options<Doc> = {
  fields: ["text"],
  storeFields: ["person", "at"],
  tokenize: wordsIn,
  processTerm: (term) => fold(term) || null,
  searchOptions: { prefix: true, combineWith: "AND" },
};

export class Piece {
  private constructor(
    readonly index: MiniSearch<Doc>,
    readonly count: number,
    /** The date of its first message; empty without one. */
    readonly since: string,
  ) {}

  static of(lines: readonly LineRecord[]): Piece {
    const said = lines.flatMap((line) =>
      line.kind === "message" && line.error === undefined && !line.withdrawn ? [line] : [],
    );
    const index = new MiniSearch<Doc>(OPTIONS);
    index.addAll(
      said.map((line) => {
        const { seq, person, at } = line;
        return { id: seq, text: wordsOf(line), person, at: Date.parse(at) };
      }),
    );
    return new Piece(index, said.length, said[0]?.at ?? "");
  }

  /** Null if it was kept by a program that did so in another way, or is damaged. */
  static restored({ format, index, count, since }: PieceRecord): Piece | null {
    if (format !== FORMAT) return null;
    try {
      return new Piece(MiniSearch.loadJS<Doc>(index as AsPlainObject, OPTIONS), count, since);
    } catch {
      return null;
    }
  }

  kept(): PieceRecord {
    const { index, count, since } = this;
    return { format: FORMAT, index: index.toJSON(), count, since };
  }

  find({ text, person, from, to }: Wanted): Place[] {
    const everything = wordsIn(text).length === 0;
    const fits = (one: Stored): boolean =>
      (person === undefined || one.person === person) &&
      (from === undefined || one.at >= from) &&
      (to === undefined || one.at < to);
    return this.index
      .search(everything ? MiniSearch.wildcard : text, {
        filter: (found) => fits(found as unknown as Stored),
      })
      .map(({ id, person: by, at }) => ({ seq: Number(id), person: String(by), at: Number(at) }));
  }
}

/** What somebody may remember of a message: what it says, and how its files are called. */
function wordsOf({ text, files = [] }: Extract<LineRecord, { kind: "message" }>): string {
  return [text, ...files.map(({ name }) => name)].join("\n");
}
