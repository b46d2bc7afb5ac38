/** What the page and the frame say to each other, over a port that nobody else has. */

import { type Kind, NOTES, type Note, REASONS, type Reason } from "../files/judge/kinds";

/** From the page: once, as soon as the frame is ready. */
export type Show = {
  readonly show: Kind;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** BCP 47. */
  readonly language: string;
  readonly look: "light" | "dark";
  /** What is shown, in words: for those who do not see it. */
  readonly label: string;
};
/** From the page: another page of a PDF, counted from 1, or another size. */
export type Turn = { readonly page: number; readonly zoom: number; readonly label: string };

export const KEYS = ["close", "next", "previous", "larger", "smaller", "lock"] as const;
export type KeyName = (typeof KEYS)[number];

/** From the frame. It is not believed more than a stranger: see {@link heard}. */
export type Said =
  | { readonly ready: true }
  | { readonly shown: { readonly pages: number; readonly notes: readonly Note[] } }
  | { readonly refused: Reason }
  | { readonly drawn: number }
  | { readonly key: KeyName };

const MOST_PAGES = 100_000;

function isPage(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MOST_PAGES;
}

/** What a frame said, or null if it is nothing that it may say. */
export function heard(data: unknown): Said | null {
  if (typeof data !== "object" || data === null) return null;
  const said = data as Record<string, unknown>;
  if (said.ready === true) return { ready: true };
  if (isPage(said.drawn)) return { drawn: said.drawn };
  const reason = REASONS.find((one) => one === said.refused);
  if (reason !== undefined) return { refused: reason };
  const key = KEYS.find((one) => one === said.key);
  if (key !== undefined) return { key };
  if (typeof said.shown !== "object" || said.shown === null) return null;
  const { pages, notes } = said.shown as Record<string, unknown>;
  if (!isPage(pages) || !Array.isArray(notes)) return null;
  return { shown: { pages, notes: NOTES.filter((one) => notes.includes(one)) } };
}
