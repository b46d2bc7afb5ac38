/** Public telephones of offices: as they are typed, dialled and looked for. Pure. */

import type { Person } from "../client";

/**
 * What somebody typed, as far as it is only a matter of how numbers are written: between groups of
 * digits one space. Whether it can be dialled from abroad the server says.
 */
export function asTelephone(typed: string): string {
  return typed
    .normalize("NFKC")
    .replace(/[\s().\-/\u2010-\u2015]+/gu, " ")
    .trim();
}

/** As a telephone takes it (RFC 3966): without the spaces. */
export const dialled = (telephone: string): string => telephone.replaceAll(" ", "");

/** What somebody may have typed to find it: with its spaces, and without. */
export const telephoneWords = (telephone: string): string[] =>
  telephone === "" ? [] : [telephone, dialled(telephone)];

export type OfficeNumber = { readonly office: string; readonly telephone: string };

/** Where those of a State who are `meant` and in force can be called: each office once. */
export function numbersOf(
  people: readonly Person[],
  state: string,
  meant: (person: Person) => boolean,
): OfficeNumber[] {
  const found = new Map<string, OfficeNumber>();
  for (const one of people) {
    const counts = one.status === "in-force" && one.stopped === null && one.telephone !== "";
    if (one.state !== state || !counts || !meant(one)) continue;
    found.set(`${one.office}\n${one.telephone}`, { office: one.office, telephone: one.telephone });
  }
  return [...found.values()];
}
