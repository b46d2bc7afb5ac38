/** The places of the program, in the order of the bars. */

import { paths, type Route } from "../routes";
import type { Key } from "../words";

export type Place = { href: string; words: Key; pages: ReadonlyArray<Route["page"]> };

export const PLACES: readonly Place[] = [
  { href: paths.cases, words: "nav.cases", pages: ["cases", "case"] },
  { href: paths.requests, words: "nav.requests", pages: ["requests", "request"] },
  { href: paths.directory, words: "nav.directory", pages: ["directory"] },
  { href: paths.account, words: "nav.account", pages: ["account"] },
];

/** What `aria-current` says of a place: this very page, or the part of the program it is in. */
export function currentOf(place: Place, page: Route["page"]): "page" | "true" | undefined {
  if (!place.pages.includes(page)) return undefined;
  return place.pages[0] === page ? "page" : "true";
}
