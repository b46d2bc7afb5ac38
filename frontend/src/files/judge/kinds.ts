/** What a file may be shown as, and why one is not: the words of the judges. */

/** By its name: what its reader expects to see. */
export type Kind = "pdf" | "picture" | "text";

/**
 * Why a file is not shown. "differs": it is not what its name says; "two": it is a second kind of file
 * as well, or something stands before or behind it; "bomb": it is or unpacks to more than is safe;
 * "locked": a password is asked for; "damaged": it does not keep to its format, so that two programs
 * could see two different things; "decoder": it cannot be drawn here, without anything being wrong.
 */
export const REASONS = ["differs", "two", "bomb", "locked", "damaged", "decoder"] as const;
export type Reason = (typeof REASONS)[number];

/**
 * What a reader is told beside what they see. "active": code or acts are inside, which nothing here
 * does; "attached": files are, which nothing here opens; "cut": only the beginning is shown; "first":
 * only its first picture is.
 */
export const NOTES = ["active", "attached", "cut", "first"] as const;
export type Note = (typeof NOTES)[number];

export type Verdict =
  | { readonly refused: Reason }
  | { readonly refused: null; readonly notes: readonly Note[] };

export class Unsound extends Error {
  constructor(readonly reason: Reason) {
    super(reason);
  }
}

/** What is looked at in a preview at most, in bytes: it is in memory as a whole. */
export const MOST_SHOWN = 48 * 1024 * 1024;

const SHOWN: Readonly<Record<Kind, readonly string[]>> = {
  pdf: ["pdf"],
  picture: ["jpg", "jpeg", "jpe", "png", "gif", "webp"],
  text: ["txt", "text", "csv", "tsv", "md", "log", "json", "srt"],
};

/** The last part of a name, in small letters; empty if it has none. */
export function extensionOf(name: string): string {
  return /\.([^.\s]+)\s*$/.exec(name)?.[1]?.toLowerCase() ?? "";
}

/** What a file may be shown as by its name; null if it is only for downloading. */
export function kindOf(name: string): Kind | null {
  const extension = extensionOf(name);
  for (const kind of ["pdf", "picture", "text"] as const) {
    if (SHOWN[kind].includes(extension)) return kind;
  }
  return null;
}

/** Run a judge; what it throws as unsound, and whatever it trips over, is a refusal. */
export function verdictOf(judge: () => readonly Note[]): Verdict {
  try {
    return { refused: null, notes: judge() };
  } catch (error) {
    if (error instanceof Unsound) return { refused: error.reason };
    if (error instanceof RangeError) return { refused: "damaged" };
    throw error;
  }
}
