/** A filter as it stands in the address, so that a link shows what its sender saw. Pure. */

import type { Filter } from "../client";

export const EMPTY: Filter = {
  acts: [],
  person: null,
  office: null,
  case: null,
  since: null,
  until: null,
  outcome: null,
};

export type Place = { log: string; position: number };

const NAMES = {
  person: "persona",
  office: "oficina",
  case: "expediente",
  since: "desde",
  until: "hasta",
} as const;
const OUTCOMES = { hecho: "done", rechazado: "refused" } as const;
const PLACE = /^([a-z]+-\d{4})\/(\d{1,15})$/;

/** What an address asks for; whatever in it is no filter of ours is left out. */
export function filterOf(search: string): Filter {
  const asked = new URLSearchParams(search);
  const outcome = asked.get("resultado");
  const found: Filter = { ...EMPTY, acts: asked.getAll("acto") };
  for (const [name, key] of Object.entries(NAMES) as [keyof typeof NAMES, string][]) {
    found[name] = asked.get(key) || null;
  }
  if (outcome === "hecho" || outcome === "rechazado") found.outcome = OUTCOMES[outcome];
  return found;
}

/** The entry that an address opens. */
export function entryOf(search: string): Place | null {
  const found = PLACE.exec(new URLSearchParams(search).get("entrada") ?? "");
  if (found === null) return null;
  return { log: found[1] ?? "", position: Number(found[2]) };
}

/** What stands behind the question mark, or nothing. */
export function searchOf(filter: Partial<Filter>, entry: Place | null = null): string {
  const asked = new URLSearchParams();
  for (const act of filter.acts ?? []) asked.append("acto", act);
  for (const [name, key] of Object.entries(NAMES) as [keyof typeof NAMES, string][]) {
    const value = filter[name];
    if (value) asked.set(key, value);
  }
  if (filter.outcome === "done") asked.set("resultado", "hecho");
  if (filter.outcome === "refused") asked.set("resultado", "rechazado");
  if (entry !== null) asked.set("entrada", `${entry.log}/${entry.position}`);
  const text = asked.toString();
  return text === "" ? "" : `?${text}`;
}

/** The part of a filter that is not open: what is sent. */
export function sent(filter: Filter): Partial<Filter> {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => value !== null && String(value) !== ""),
  );
}
