/** The form of a designation: what is typed, what is lacking, what is sent; pure. */

import { carriedBefore, carriesAny, FUNCTIONS } from "../../crypto/functions";
import type { DesignationRow, DraftBody } from "../client";
import { asLine } from "../typed";
import type { Key } from "../words";

export type Form = {
  name: string;
  post: string;
  office: string;
  role: string;
  /** What they do besides, as a liaison or coordinator. */
  functions: string[];
  languages: string[];
  scope: string[];
  /** The part of the State; empty: all of it. */
  region: string;
  /** The id of the person who stands in; empty: nobody. */
  deputy: string;
  /** Days of the reader's calendar, `2026-11-20`; both are part of the term. */
  starts: string;
  until: string;
  urgent: boolean;
  /** Of a renewal: they are to have another identity key. */
  rekey: boolean;
};

export const LANGUAGES = ["es", "en", "fr"] as const;
export const SCOPES = ["smuggling-of-migrants", "trafficking-in-persons"] as const;
/** Months of a first term, of a renewed one; days of an urgent one. */
const FIRST_MONTHS = 6;
const RENEWED_MONTHS = 12;
const URGENT_DAYS = 6;
/** Days from today on which a term may begin, at the latest. */
const AHEAD_DAYS = 60;

/** A calendar day of this browser's zone. */
export function dayText(at: Date): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function dayAt(text: string, hours: readonly [number, number, number]): Date | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return null;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const at = new Date(year, month - 1, day, ...hours);
  return dayText(at) === text ? at : null;
}

const instant = (at: Date | null): string =>
  at === null ? "" : `${at.toISOString().slice(0, 19)}Z`;

/** The last day of a term that begins on a day. */
export function lastDay(
  starts: string,
  { urgent, renewed }: { urgent: boolean; renewed: boolean },
) {
  const at = dayAt(starts, [0, 0, 0]);
  if (at === null) return "";
  const months = renewed ? RENEWED_MONTHS : FIRST_MONTHS;
  const end = new Date(at);
  if (urgent) end.setDate(at.getDate() + URGENT_DAYS);
  else {
    end.setMonth(at.getMonth() + months);
    end.setDate(end.getDate() - 1);
  }
  return dayText(end);
}

export function blank(now: Date, role: string): Form {
  const starts = dayText(now);
  return {
    name: "",
    post: "",
    office: "",
    role,
    functions: [...carriedBefore([role])],
    languages: ["es"],
    scope: [...SCOPES],
    region: "",
    deputy: "",
    starts,
    until: lastDay(starts, { urgent: false, renewed: false }),
    urgent: false,
    rekey: false,
  };
}

/**
 * A draft once more, or a new term of the same person that begins where the old one ends: today, if
 * that is over or too far ahead.
 */
export function formOf(row: DesignationRow, renewing: Date | null): Form {
  const ends = new Date(row.until);
  const latest = new Date(renewing ?? ends);
  latest.setDate(latest.getDate() + AHEAD_DAYS);
  const now = renewing !== null && (renewing > ends || ends > latest);
  const begins = now ? renewing : renewing && ends;
  const starts = dayText(begins ?? new Date(row.starts));
  return {
    name: row.name,
    post: row.post,
    office: row.office.id,
    role: row.roles.includes("liaison") ? "liaison" : (row.roles[0] ?? ""),
    functions: [...row.functions],
    languages: [...row.languages],
    scope: [...row.scope],
    region: row.region ?? "",
    deputy: row.deputy?.id ?? "",
    starts,
    until: renewing ? lastDay(starts, { urgent: false, renewed: !row.first }) : dayText(ends),
    urgent: renewing === null && row.urgent,
    rekey: renewing === null && row.rekey,
  };
}

/** What was kept of a form; null if an older version of this page had kept something else. */
export function formFrom(text: string | null, like: Form): Form | null {
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as Record<string, unknown>;
    const same = Object.entries(like).every(([name, value]) => {
      return Array.isArray(value) ? Array.isArray(kept[name]) : typeof kept[name] === typeof value;
    });
    return same ? (kept as Form) : null;
  } catch {
    return null;
  }
}

/** What the form lacks, by the field where it is put right. */
export function lacking(form: Form): ReadonlyArray<{ field: string; words: Key }> {
  const found: { field: string; words: Key }[] = [];
  const need = (field: string, is: boolean, words: Key): void => {
    if (!is) found.push({ field, words });
  };
  need("name", form.name.trim() !== "", "desig.lacksName");
  need("post", form.post.trim() !== "", "desig.lacksPost");
  need("office", form.office !== "", "desig.lacksOffice");
  need("languages", form.languages.length > 0, "desig.lacksLanguages");
  need("scope", form.scope.length > 0, "desig.lacksScope");
  const [starts, until] = [dayAt(form.starts, [0, 0, 0]), dayAt(form.until, [0, 0, 0])];
  need("starts", starts !== null, "desig.lacksStarts");
  need("until", until !== null && (starts === null || until >= starts), "desig.lacksUntil");
  return found;
}

/** What is sent; the whole of both days is in the term. `roles`: those a term had before. */
export function bodyOf(form: Form, roles: readonly string[] = []): DraftBody {
  const kept = roles.includes(form.role) ? roles : [form.role];
  return {
    name: asLine(form.name),
    post: asLine(form.post),
    office: form.office,
    roles: kept,
    functions: carriesAny(kept) ? FUNCTIONS.filter((one) => form.functions.includes(one)) : [],
    languages: LANGUAGES.filter((one) => form.languages.includes(one)),
    scope: SCOPES.filter((one) => form.scope.includes(one)),
    region: asLine(form.region) || null,
    deputy: form.deputy || null,
    starts: instant(dayAt(form.starts, [0, 0, 0])),
    until: instant(dayAt(form.until, [23, 59, 59])),
    urgent: form.urgent,
  };
}
