/** What a step asks of whoever does it: the table of requests_mla/codes.py, for the dialog. Pure. */

import CLASSES from "../../api/classes.json";
import moves from "../../api/moves.json";
import { capitalZone } from "../../api/zones";
import type { Particulars } from "../../crypto/letter";
import { dayOf, daysLater } from "../../days";
import { besidesOf, hasAssets } from "../../effects/dossiers/asked";
import type { Book } from "../../rules/book";
import { type Dossier, type NextMove, NOTHING_SAID, type Said } from "../client";
import type { Key } from "../words";

export type Field = keyof Said;
type Asks = {
  needs: readonly string[];
  may: readonly string[];
  codes: readonly string[];
  chosen: Readonly<Partial<Record<Choice, readonly string[]>>>;
};
/** Fields that take one of some codes, which are the act's own. */
export const CHOICES = ["terms", "lapsed", "power"] as const satisfies readonly (keyof Said)[];
export type Choice = (typeof CHOICES)[number];
/** It answers all that is open: nothing is chosen. */
const EXECUTE = "execute";
const CLOSE = "close";
const ACTS: Readonly<Record<string, Asks | undefined>> = moves.acts;

export const { agreed, assets, bands, languages, conditions, by_deadline: BY_DEADLINE } = moves;

/** By which ways a step may leave: what confirms goes in writing, between central authorities. */
export const channelsOf = (act: string): readonly string[] =>
  act === "confirm" ? moves.written : moves.channels;

/** The fields that a step shows: proof only where one State records what the other did. */
export function fieldsOf(act: string, standsIn: boolean, said = NOTHING_SAID): readonly Field[] {
  const asks = ACTS[act];
  if (asks === undefined) return [];
  return [...asks.needs, ...asks.may, ...besidesOf(act, said)].filter(
    (name): name is Field => name in NOTHING_SAID && (name !== "proof" || standsIn),
  );
}

export function isNeeded(
  act: string,
  field: Field,
  standsIn: boolean,
  said = NOTHING_SAID,
): boolean {
  const needs = [...(ACTS[act]?.needs ?? []), ...besidesOf(act, said)];
  return (field === "proof" && standsIn) || needs.includes(field);
}

export const codesOf = (act: string): readonly string[] => ACTS[act]?.codes ?? [];
export const choicesOf = (act: string, field: Choice): readonly string[] =>
  ACTS[act]?.chosen[field] ?? [];
/** The band in which a closing puts a kind of asset; "" in none. */
export const bandOf = (told: readonly string[], kind: string): string =>
  told.find((one) => one.startsWith(`${kind}-`))?.split("-")[1] ?? "";
/** The same with another band, or none, of that kind. */
export const withBand = (told: readonly string[], kind: string, band: string): string[] => [
  ...told.filter((one) => !one.startsWith(`${kind}-`)),
  ...(band === "" ? [] : [`${kind}-${band}`]),
];
/** Whether a step that says this says what became of assets. */
export const asksAssets = ({ moves: done, disclosed }: Dossier, act: string, said: Said): boolean =>
  fieldsOf(act, false).includes("assets") && hasAssets(said, done, disclosed);
/** What is signed of what was typed: not that which its step does not ask for as it stands now. */
export const asSaid = (found: Dossier, act: string, said: Said): Said => ({
  ...said,
  agreed: said.agreed && agreed.includes(said.channel),
  conditions: fieldsOf(act, false, said).includes("conditions") ? [...said.conditions] : [],
  assets: asksAssets(found, act, said) ? [...said.assets] : [],
});
/** What can be chosen now: by its deadline nothing expires before that is over. */
export const choicesNow = (found: Dossier, act: string, field: Choice, now: string) =>
  choicesOf(act, field).filter((one) => one !== BY_DEADLINE || isExpired(found, now));
export const isOneCode = (act: string): boolean => moves.one.includes(act);

const LONGEST = Math.max(...Object.values(CLASSES));

/** The last day until which what closes on a day may have the file kept; "" without a day. */
export const keptAtMost = (on: string): string =>
  on && `${String(Number(on.slice(0, 4)) + LONGEST).padStart(4, "0")}${on.slice(4)}`;

/** Whether the reader records for the requested State what it did: it has nobody here. */
export function standsInFor(found: Dossier, next: NextMove, own: string): boolean {
  return next.side === "requested" && own === found.requesting_state;
}

/**
 * Whether a request may be called expired by its deadline: that is a day that is over in both States, each
 * by the clocks of its capital. The server judges it so again.
 */
export function isExpired(found: Dossier, now: string): boolean {
  const { deadline } = found.disclosed;
  const states = [found.requesting_state, found.requested_state];
  return !!deadline && states.every((state) => dayOf(now, capitalZone(state)) > deadline);
}

/** The last day on which an expiry that is said on a day can rest: some are in time on theirs. */
export const restsAtMost = (lapsed: string, on: string): string =>
  on && moves.in_time_on.includes(lapsed) ? daysLater(on, -1) : on;

/** The first day on which an expiry by a deadline can be said: the one after it. */
export const saidAtLeast = (lapsed: string, deadline: string): string | undefined =>
  lapsed === BY_DEADLINE && deadline ? daysLater(deadline, 1) : undefined;

/** What tells requests between the same two States apart, where nobody may read their titles. */
export const shortId = (id: string): string => id.slice(0, 8);

/** The lists of boxes of which a step needs one ticked, and none is: no browser asks for that by itself. */
export function untickedOf(act: string, said: Said): Field[] {
  const { codes, measures, conditions } = said;
  const wants = (field: Field): boolean => isNeeded(act, field, false, said);
  const unticked: Field[] = [];
  if (wants("codes") && !isOneCode(act) && codes.length === 0) unticked.push("codes");
  if (wants("measures") && act !== EXECUTE && measures.length === 0) unticked.push("measures");
  if (wants("conditions") && conditions.length === 0) unticked.push("conditions");
  return unticked;
}

/** The measures that are still to be answered or refused, by their place in the request. */
export function openMeasures({ disclosed, answered, refused }: Dossier): number[] {
  const closed = [...answered, ...refused];
  return disclosed.measures.map((_, index) => index).filter((index) => !closed.includes(index));
}

/** How a measure of a request stands, in words. */
export function measureStands({ answered, refused }: Dossier, place: number): Key {
  if (refused.includes(place)) return "dossier.refused";
  return answered.includes(place) ? "dossier.done" : "dossier.pending";
}

/** What a step begins with: an execution answers all that is open. */
export function begun(found: Dossier, act: string): Said {
  const said = { ...NOTHING_SAID };
  if (act === EXECUTE) return { ...said, measures: openMeasures(found) };
  const codes = codesOf(act);
  // What brought nothing was of no use to judge; whoever closes it may say otherwise.
  if (act === CLOSE && found.answered.length === 0) return { ...said, codes: [moves.nothing] };
  return isOneCode(act) && codes.length === 1 ? { ...said, codes: [...codes] } : said;
}

/** The ids of rules that somebody typed, each once. */
export function rulesIn(typed: string): string[] {
  return [
    ...new Set(
      typed
        .toUpperCase()
        .split(/[\s,;]+/)
        .filter((one) => one !== ""),
    ),
  ];
}

/** Those of some ids that the rulebook does not have: they are none, and are sent nowhere. */
export const notIn = (book: Pick<Book, "rules">, ids: readonly string[]): string[] =>
  ids.filter((id) => !book.rules.some((rule) => rule.id === id));

/** Acts of the requesting State alone, which the other one is not told of. */
const AT_HOME: readonly string[] = ["authorise", "ask-changes"];

/** Whether words for those who carry a request can go with an act: once both States know of it. */
export const goesWithWords = (found: Pick<Dossier, "letters">, act: string): boolean =>
  act === "transmit" || (found.letters && !AT_HOME.includes(act));

const BOTH = ["reference", "contact"] as const;
/** What the record of a step wants said besides, in the letter that goes with it. */
export const particularsOf = (act: string): readonly (keyof Particulars)[] =>
  act === "transmit" ? ["reference"] : ["acknowledge", "begin"].includes(act) ? BOTH : [];

const WAITS_HOURS = 72;
const WAITS_URGENT_HOURS = 2;
/** How many hours a step waits for its second person. */
export const waitsHours = ({ disclosed }: Pick<Dossier, "disclosed">): number =>
  moves.urgent.includes(disclosed.urgency ?? "") ? WAITS_URGENT_HOURS : WAITS_HOURS;

/** A list with one more, or without it. */
export function toggled<T>(list: readonly T[], one: T): T[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}
