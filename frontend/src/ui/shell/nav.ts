/** The places of the program, in the order of the bars, as far as somebody has to do with them. */

import type { SessionInfo } from "../client";
import {
  mayAudit,
  mayDesignate,
  mayFollow,
  mayHaveDeadlines,
  mayHear,
  mayKeep,
  mayRead,
  maySeeAudits,
  maySeeIndicators,
  maySeePeople,
} from "../rights";
import { paths, type Route } from "../routes";
import type { Key } from "../words";

export type Place = { href: string; words: Key; pages: ReadonlyArray<Route["page"]> };

const INBOX: Place = { href: paths.inbox, words: "nav.inbox", pages: ["inbox"] };
const WORK: readonly Place[] = [
  INBOX,
  { href: paths.cases, words: "nav.cases", pages: ["cases", "case"] },
  {
    href: paths.requests,
    words: "nav.requests",
    pages: ["requests", "request", "dossiers", "dossier", "custody"],
  },
];
const DOSSIERS: Place = {
  href: paths.dossiers,
  words: "nav.dossiers",
  pages: ["dossiers", "dossier", "custody"],
};
const DIRECTORY: Place = { href: paths.directory, words: "nav.directory", pages: ["directory"] };
const NOTES: Place = { href: paths.notes, words: "nav.notes", pages: ["notes"] };
const SEARCH: Place = { href: paths.search, words: "nav.search", pages: ["search"] };
const DESIGNATIONS: Place = {
  href: paths.designations,
  words: "nav.designations",
  pages: ["designations", "designation"],
};
const ANNOUNCED: Place = { href: paths.announced, words: "nav.announced", pages: ["announced"] };
const LOG: Place = { href: paths.log, words: "nav.log", pages: ["log"] };
const AUDITS: Place = { href: paths.audits, words: "nav.audits", pages: ["audits"] };
const INDICATORS: Place = {
  href: paths.indicators,
  words: "nav.indicators",
  pages: ["indicators"],
};
/** Whoever has case files finds it with them. */
const RETENTION: Place = { href: paths.retention, words: "nav.retention", pages: ["retention"] };
const DEADLINES: Place = { href: paths.deadlines, words: "nav.deadlines", pages: ["deadlines"] };
const ACCOUNT: Place = { href: paths.account, words: "nav.account", pages: ["account"] };

/** Where this session's person can go; without any right yet, they still see what there is. */
export function placesOf(session: SessionInfo): readonly Place[] {
  const audits = mayAudit(session);
  const elsewhere = audits || mayDesignate(session) || maySeePeople(session);
  return [
    ...(elsewhere && !mayRead(session) ? [] : WORK),
    // Whoever drafts comes there from their requests.
    ...(mayFollow(session) && !mayRead(session) ? [INBOX, DOSSIERS] : []),
    DIRECTORY,
    ...(mayRead(session) ? [NOTES, SEARCH] : []),
    ...(mayDesignate(session) ? [DESIGNATIONS] : []),
    ...(mayHear(session) ? [ANNOUNCED] : []),
    ...(mayHaveDeadlines(session) ? [DEADLINES] : []),
    ...(audits ? [LOG] : []),
    ...(maySeeAudits(session) ? [AUDITS] : []),
    ...(maySeeIndicators(session) ? [INDICATORS] : []),
    ...(mayKeep(session) && !mayRead(session) ? [RETENTION] : []),
    ACCOUNT,
  ];
}

/** What `aria-current` says of a place: this very page, or the part of the program it is in. */
export function currentOf(place: Place, page: Route["page"]): "page" | "true" | undefined {
  if (!place.pages.includes(page)) return undefined;
  return place.pages[0] === page ? "page" : "true";
}
