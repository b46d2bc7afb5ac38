/** What a designation's bytes say, field by field, in words; pure but for the language. */

import { carriesAny } from "../../crypto/functions";
import type { Designation, SaidDesignation } from "../client";
import { preferences } from "../preferences.svelte";
import { roleName } from "../roles";
import { moment, shortDay, zoneHere } from "../time";
import { type Key, listed, t } from "../words";

export type Line = {
  readonly field: string;
  readonly label: Key;
  readonly values: readonly string[];
  /** An objection, or an urgent path: to be looked at before one signs. */
  readonly loud: boolean;
  /** What it said in the term before, where that was another. */
  readonly before: string | null;
};

const LANGUAGES: Readonly<Record<string, Key | undefined>> = {
  es: "desig.language.es",
  en: "desig.language.en",
  fr: "desig.language.fr",
};
const SCOPES: Readonly<Record<string, Key | undefined>> = {
  "smuggling-of-migrants": "desig.scope.smuggling",
  "trafficking-in-persons": "desig.scope.trafficking",
};
const AGENCIES: Readonly<Record<string, Key | undefined>> = {
  police: "desig.agency.police",
  migration: "desig.agency.migration",
  interior: "desig.agency.interior",
  intelligence: "desig.agency.intelligence",
  justice: "desig.agency.justice",
  "public-ministry": "desig.agency.own",
  other: "desig.agency.other",
};
const OUTCOMES: Readonly<Record<string, Key | undefined>> = {
  "no-objection": "desig.outcome.none",
  objection: "desig.outcome.objection",
  "no-answer": "desig.outcome.silent",
};

/** A code in words; one that this page does not know stands as it was signed. */
const named = (names: Readonly<Record<string, Key | undefined>>) => (code: string) => {
  const key = names[code];
  return key === undefined ? code : t(key);
};
export const languageName = named(LANGUAGES);
export const scopeName = named(SCOPES);
export const agencyName = named(AGENCIES);
export const outcomeName = named(OUTCOMES);

export { roleName };

/** What a liaison or coordinator does besides, in words. */
export const functionNames = (functions: readonly string[]): string =>
  functions.length === 0 ? t("desig.functionsNone") : listed(functions.map(roleName));

type Said = SaidDesignation;
/** The signed name of a person; who has none stands as their id. */
export type Named = (person: string) => string;
type Reading = {
  label: Key;
  of: (said: Said, named: Named) => string[];
  loud?: (said: Said) => boolean;
};

const at = (ms: number): string =>
  moment(new Date(ms).toISOString(), preferences.language, zoneHere());

function consulted(said: Said): string[] {
  return said.consultation.map(({ agency_kind, outcome, date }) =>
    t("desig.said.answer", {
      agency: agencyName(agency_kind),
      outcome: outcomeName(outcome),
      day: shortDay(`${date}T12:00:00Z`, preferences.language, "UTC"),
    }),
  );
}

const READINGS: Readonly<Record<string, Reading>> = {
  name: { label: "desig.name", of: ({ name }) => [name] },
  post: { label: "desig.post", of: ({ post }) => [post] },
  agency: { label: "desig.office", of: ({ agency }) => [agency] },
  state: { label: "desig.state", of: ({ state }) => [state] },
  roles: { label: "desig.roles", of: ({ roles }) => [listed(roles.map(roleName))] },
  functions: {
    label: "desig.functions",
    of: ({ roles, functions }) => (carriesAny(roles) ? [functionNames(functions)] : []),
  },
  scope: { label: "desig.scope", of: ({ scope }) => [listed(scope.map(scopeName))] },
  languages: {
    label: "desig.languages",
    of: ({ languages }) => [listed(languages.map(languageName))],
  },
  region: {
    label: "desig.region",
    of: ({ v, region }) => [v === 1 ? t("desig.notSaid") : (region ?? t("desig.regionAll"))],
  },
  deputy: {
    label: "desig.deputy",
    of: ({ v, deputy }, named) => {
      if (v === 1) return [t("desig.notSaid")];
      return [deputy === null ? t("desig.deputyNone") : named(deputy)];
    },
  },
  from: { label: "desig.from", of: ({ from }) => [at(from)] },
  until: { label: "desig.until", of: ({ until }) => [at(until)] },
  urgent: {
    label: "desig.path",
    of: ({ urgent }) => [t(urgent ? "desig.pathUrgent" : "desig.pathUsual")],
    loud: ({ urgent }) => urgent,
  },
  consultation: {
    label: "desig.consulted",
    of: consulted,
    loud: ({ consultation }) => consultation.some(({ outcome }) => outcome === "objection"),
  },
};

const asSigned: Named = (person) => person;

/** All that the bytes say, in the order of a letter of appointment. */
export function linesOf(said: Said, before: Said | null = null, named: Named = asSigned): Line[] {
  return Object.entries(READINGS).map(([field, { label, of, loud }]) => {
    const values = of(said, named);
    const old = before === null ? values : of(before, named);
    const same = values.join("\n") === old.join("\n");
    return {
      field,
      label,
      values: orNone(values),
      loud: loud?.(said) ?? false,
      before: same ? null : listed(orNone(old)),
    };
  });
}

const orNone = (values: readonly string[]): readonly string[] =>
  values.length > 0 ? values : [t("desig.said.nothing")];

type Draft = Pick<
  Designation,
  "name" | "post" | "roles" | "functions" | "scope" | "languages" | "region" | "starts" | "until"
> & {
  readonly urgent: boolean;
  readonly office: { readonly name: string };
  readonly deputy: { readonly name: string } | null;
};
export type Fact = {
  readonly label: Key;
  readonly value: string;
  /** What the term before said, where that was another; its dates always are, and say nothing. */
  readonly before: string | null;
};

const DATES: readonly Key[] = ["desig.from", "desig.until"];

const valuesOf = (found: Draft): [Key, string][] => [
  ["desig.name", found.name],
  ["desig.post", found.post],
  ["desig.office", found.office.name],
  ["desig.roles", listed(found.roles.map(roleName))],
  ["desig.functions", carriesAny(found.roles) ? functionNames(found.functions) : ""],
  ["desig.scope", listed(found.scope.map(scopeName))],
  ["desig.languages", listed(found.languages.map(languageName))],
  ["desig.region", found.region ?? t("desig.regionAll")],
  ["desig.deputy", found.deputy?.name ?? t("desig.deputyNone")],
  ["desig.from", at(Date.parse(found.starts))],
  ["desig.until", at(Date.parse(found.until))],
  ["desig.path", t(found.urgent ? "desig.pathUrgent" : "desig.pathUsual")],
];

/** What a designation says by its row; of a role that carries no functions none are a line. */
export function factsOf(found: Draft, old: Draft | null = null): Fact[] {
  const earlier = new Map(old === null ? [] : valuesOf(old));
  return valuesOf(found).flatMap(([label, value]) => {
    const was = earlier.get(label) ?? value;
    if (value === "" && was === "") return [];
    const same = was === value || DATES.includes(label);
    const [now, before] = [value, was].map((one) => one || t("desig.said.nothing"));
    return [{ label, value: now ?? "", before: same ? null : (before ?? "") }];
  });
}

const TAKES: Readonly<Record<string, Key | undefined>> = {
  "focal-point": "desig.takesFocalPoint",
  signatory: "desig.takesSignatory",
};

/** What somebody can do no more once a term with other functions counts, in the order given. */
export const takenFrom = (before: readonly string[], now: readonly string[]): Key[] =>
  before.flatMap((one) => (now.includes(one) ? [] : (TAKES[one] ?? [])));
