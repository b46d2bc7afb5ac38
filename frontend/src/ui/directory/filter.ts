/** Who of the directory is shown: filters in the address, groups by State and office. Pure. */

import type { Card, OfficeCard } from "../client";
import { matches } from "../search";

export type Filter = {
  readonly state: string;
  readonly role: string;
  readonly language: string;
  readonly now: boolean;
  readonly unverified: boolean;
};

export const OPEN: Filter = { state: "", role: "", language: "", now: false, unverified: false };

/** Read from what stands behind the question mark; the words that are searched for never do. */
export function filterOf(search: string): Filter {
  const asked = new URLSearchParams(search);
  return {
    state: asked.get("estado") ?? "",
    role: asked.get("funcion") ?? "",
    language: asked.get("idioma") ?? "",
    now: asked.get("ahora") === "1",
    unverified: asked.get("sin-verificar") === "1",
  };
}

export function searchOf(filter: Filter): string {
  const said = new URLSearchParams();
  if (filter.state !== "") said.set("estado", filter.state);
  if (filter.role !== "") said.set("funcion", filter.role);
  if (filter.language !== "") said.set("idioma", filter.language);
  if (filter.now) said.set("ahora", "1");
  if (filter.unverified) said.set("sin-verificar", "1");
  const text = said.toString();
  return text === "" ? "" : `?${text}`;
}

export type Asked = {
  readonly filter: Filter;
  readonly query: string;
  readonly isAtWork: (card: Card) => boolean;
  readonly isUnverified: (card: Card) => boolean;
  /** What else one might search for: names of State, roles, languages. */
  readonly wordsOf: (card: Card) => readonly string[];
};

export function shownOf(people: readonly Card[], asked: Asked): Card[] {
  const { filter, query } = asked;
  return people.filter(
    (card) =>
      (filter.state === "" || card.state === filter.state) &&
      (filter.role === "" || [...card.roles, ...card.functions].includes(filter.role)) &&
      (filter.language === "" || card.languages.includes(filter.language)) &&
      (!filter.now || asked.isAtWork(card)) &&
      (!filter.unverified || asked.isUnverified(card)) &&
      matches(query, card.name, card.post, card.office, card.state, ...asked.wordsOf(card)),
  );
}

export type OfficeGroup = {
  readonly office: string;
  readonly kind: string;
  readonly telephone: string;
  people: Card[];
};
export type StateGroup = { readonly state: string; readonly offices: OfficeGroup[] };

const KINDS = ["prosecution", "specialised-unit", "ministry", "central", "supervision", "regional"];
const placeOf = (kind: string): number => (KINDS.indexOf(kind) + KINDS.length) % KINDS.length;

/** State, then office, then people; States by what `nameOf` calls them, offices by what they are. */
export function grouped(
  people: readonly Card[],
  offices: readonly OfficeCard[],
  nameOf: (state: string) => string,
): StateGroup[] {
  const kinds = new Map(offices.map(({ id, kind }) => [id, kind]));
  const states = new Map<string, Map<string, OfficeGroup>>();
  for (const card of people) {
    const within = states.get(card.state) ?? new Map<string, OfficeGroup>();
    states.set(card.state, within);
    const key = card.office_id ?? "";
    const group = within.get(key) ?? {
      office: card.office,
      kind: kinds.get(key) ?? "",
      telephone: card.telephone,
      people: [],
    };
    within.set(key, group);
    group.people.push(card);
  }
  return [...states]
    .sort(([a], [b]) => nameOf(a).localeCompare(nameOf(b)))
    .map(([state, within]) => ({
      state,
      offices: [...within.values()]
        .sort((a, b) => placeOf(a.kind) - placeOf(b.kind) || a.office.localeCompare(b.office))
        .map((group) => ({
          ...group,
          people: group.people.toSorted((a, b) => a.name.localeCompare(b.name)),
        })),
    }));
}
