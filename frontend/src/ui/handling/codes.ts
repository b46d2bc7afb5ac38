/** The words of handling codes: short ones for tags, whole ones for who chooses or copies. */

import { bothOf, CODES, type Code, type Handling, handlingOf } from "../../crypto/handling";
import type { Person } from "../client";
import { preferences } from "../preferences.svelte";
import { isolated, type Key, t } from "../words";

export {
  bothOf,
  CODES,
  type Code,
  type Handling,
  handlingOf,
  isRestricted,
  restricts,
} from "../../crypto/handling";

export const SHORT: Readonly<Record<Code, Key>> = {
  lawful: "handling.lawful",
  court: "handling.court",
  onward: "handling.onward",
  conditions: "handling.conditions",
};

export const WHOLE: Readonly<Record<Code, Key>> = {
  lawful: "handling.lawfulHow",
  court: "handling.courtHow",
  onward: "handling.onwardHow",
  conditions: "handling.conditionsHow",
};

/** The terms of a message with all of its files. */
export function termsOf(message: {
  readonly handling?: Handling | undefined;
  readonly files?: readonly { readonly handling?: Handling | undefined }[] | undefined;
}): Handling | null {
  const { handling = null, files = [] } = message;
  return files.reduce((all: Handling | null, file) => bothOf(all, file.handling), handling);
}

/** What stands beside copied text: the codes, and whose information it is. */
export function lineOf(
  { codes, conditions }: Handling,
  author: Pick<Person, "name" | "state"> | null,
): string {
  const words = CODES.filter((code) => codes.includes(code)).map((code) => t(SHORT[code]));
  const said = conditions === undefined ? words : [...words, isolated(conditions)];
  const who = author === null ? t("people.unknown") : `${isolated(author.name)} (${author.state})`;
  return t("handling.line", { codes: said.join("; "), who });
}

/** What something new is given under unless its author says otherwise. */
export const usualHandling = (): Handling | null =>
  preferences.handling === "none" ? null : handlingOf([preferences.handling], "");
