/** All that is kept here of one circle, or of one draft: what has to go when it goes. */

import { keys } from "./records";

/** Beginnings of names: everything under them is about the circle. */
export const within = (circle: string): readonly string[] => [
  keys.lines(circle),
  `signed/${circle}/`,
  keys.grants(circle),
  keys.outboxOf(circle),
  keys.uploads(circle),
  keys.versionKeys(circle),
  `comment/${circle}/`,
  keys.typed(circle, ""),
  `sought/${circle}/`,
];

/** Single records of it. */
export const of = (circle: string): readonly string[] => [
  keys.thread(circle),
  keys.group(circle),
  keys.commit(circle),
  keys.claim(circle),
  keys.creation(circle),
  keys.draft(circle),
  keys.along(circle),
  keys.read(circle),
  keys.kept(circle),
  keys.quiet(circle),
  keys.refused(circle),
  keys.heard(circle),
];

/** Of a draft, which is kept by its request. */
export const ofDraft = (request: string): readonly string[] => [
  keys.draftOf(request),
  keys.savingOf(request),
  keys.sealed(request),
];

/** The place of the files that are chosen where a letter is typed: of which request, and an act or "free". */
export const placeOf = (request: string, form: string): string => `${request}.${form}`;

/** The request that such a place is of; null for a thread. */
export function requestOf(place: string): string | null {
  const at = place.indexOf(".");
  return at < 0 ? null : place.slice(0, at);
}

/** Beginnings of names of what is written about a request beside its steps, and goes with that. */
export const ofLetters = (request: string): readonly string[] => [
  `upload/${placeOf(request, "")}`,
  `letter-form/${request}/`,
  `letter-out/${request}/`,
  `letter-pair/${request}`,
  `letter-compared/${request}`,
];

/** The request that something of it is about which its author wrote or chose; null for what is none. */
export function writtenAbout(key: string): string | null {
  const [kind, place = ""] = key.split("/");
  if (kind === "letter-form" || kind === "letter-out") return place;
  return kind === "upload" ? requestOf(place) : null;
}
