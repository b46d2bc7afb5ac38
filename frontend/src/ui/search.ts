/** Searching a short list as people type: without accents, without capitals, every word somewhere. */

import { fold } from "../fold";

export { fold };

/** Whether every word of `query` occurs in one of the `fields`; an empty query matches all. */
export function matches(query: string, ...fields: readonly string[]): boolean {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const hay = fold(fields.join("\n"));
  return words.every((word) => hay.includes(word));
}
