/** Whether a statement counts at its own entry: one rule for each type, and what all share. */

import type { Statement, StatementOf, StatementType } from "../../crypto/statements";
import type { ChainReason, PersonRecord, Term, When } from "./records";
import { COORDINATOR, isAfter, isCoordinator, type Ledger, lasts, reads } from "./standing";

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** The signer's clock may be before the server's. */
const SKEW = 300_000;
/**
 * What gives is entered soon after it was signed: a host must not keep it for the day on which it
 * serves. The root signs offline. What stops is never too old.
 */
const FRESH: { readonly [Type in StatementType]?: number } = {
  "state-root": 31 * DAY,
  officer: 31 * DAY,
  designation: 72 * HOUR,
  binding: 72 * HOUR,
  device: 72 * HOUR,
  reinstatement: 72 * HOUR,
  "state-lift": 72 * HOUR,
};
/** The agency that proposes: its answer is no other's. */
const PUBLIC_MINISTRY = "public-ministry";
const FRESH_URGENT = 2 * HOUR;
const LONGEST: { readonly [Type in StatementType]?: number } = {
  officer: 366 * DAY,
  designation: 366 * DAY,
  device: 183 * DAY,
};
const LONGEST_URGENT = 7 * DAY;
/** Six months of the calendar, and the hour that a clock may be set back. */
const LONGEST_FIRST = 185 * DAY;
/** What a stopped State may still say: its root is above what is stopped, and what stops goes on. */
const GOES_ON: ReadonlySet<StatementType> = new Set<StatementType>([
  "state-root",
  "officer",
  "revocation",
  "state-stop",
  "state-lift",
]);
/** What a renewal by one officer says as the term before it did. */
const UNCHANGED = [
  "state",
  "person",
  "name",
  "post",
  "office",
  "agency",
  "region",
  "deputy",
] as const;
const UNCHANGED_SETS = ["roles", "functions", "scope", "languages"] as const;
/** What is never too old: it takes away. */
const STOPS: ReadonlySet<StatementType> = new Set<StatementType>(["revocation", "state-stop"]);
const NOT_FOR_REMOVED: ReadonlySet<StatementType> = new Set<StatementType>([
  "officer",
  "designation",
  "binding",
]);

/**
 * Who signed a statement with a key that counts at its entry; never whom it is about. Nor anybody
 * who was stopped after its date, also if they are in again: what they signed before may have been
 * signed by whoever was the reason.
 */
export class Hands {
  readonly officers: ReadonlySet<string>;
  readonly coordinators: ReadonlySet<string>;
  readonly people: ReadonlySet<string>;
  readonly root: boolean;
  readonly weaker: boolean;

  constructor(ledger: Ledger, { type, fields, signers }: Statement, when: When) {
    const about = "person" in fields ? fields.person : "";
    const gives = !STOPS.has(type);
    const stands = (who: string) =>
      who !== about && !(gives && ledger.stoppedSince(fields.state, who, fields.issued, when.size));
    const signing = (keys: ReadonlyMap<string, string>) =>
      new Set([...keys].flatMap(([who, key]) => (signers.has(key) && stands(who) ? who : [])));
    this.officers = signing(ledger.officers(fields.state, when));
    this.coordinators = signing(ledger.coordinators(fields.state, when));
    this.people = new Set([...this.officers, ...this.coordinators]);
    const root = ledger.states.get(fields.state)?.roots.at(-1);
    this.root = root !== undefined && signers.has(root.key);
    this.weaker = root?.approval === "officer-and-coordinator";
  }
}

type Why = ChainReason | null;

/** Why a statement has no effect at its entry; null if it has. */
export function whyNot(ledger: Ledger, statement: Statement, when: When): Why {
  const { type, fields } = statement;
  if (!ledger.states.has(fields.state)) return "no-root";
  const why = whyNotNow(ledger, statement, when);
  if (why !== null) return why;
  if ("person" in fields) {
    const known = ledger.people.get(fields.person);
    if (known !== undefined && known.state !== fields.state) return "person-of-another";
    if (NOT_FOR_REMOVED.has(type) && isRemoved(ledger, fields, when)) return "person-revoked";
  }
  const ruled = byRule(ledger, statement, when);
  // Asked last: what nobody entitled has signed is just that, whatever happens to the State.
  const stopped = !GOES_ON.has(type) && isCutOff(ledger, statement, when);
  return ruled === null && stopped ? "state-stopped" : ruled;
}

/** Whether a statement's State is stopped, or was after its date: a lift gives none back. */
function isCutOff(ledger: Ledger, { fields: { state, issued } }: Statement, when: When): boolean {
  const holds = ledger.stateStops(state, when).length > 0;
  return holds || ledger.stateStoppedSince(state, issued, when.size);
}

function byRule(ledger: Ledger, statement: Statement, when: When): Why {
  switch (statement.type) {
    case "state-root":
      return root(ledger, statement);
    case "officer":
      return officer(ledger, statement, when);
    case "designation":
      return designation(ledger, statement, when);
    case "binding":
      return binding(ledger, statement, when);
    case "device":
      return device(ledger, statement, when);
    case "revocation":
      return revocation(ledger, statement, when);
    case "reinstatement":
      return reinstatement(ledger, statement, when);
    case "state-stop":
      return stop(ledger, statement, when);
    case "state-lift":
      return lift(ledger, statement, when);
  }
}

/** Whether it may bear a serial that is known: a stop's second hand, or a device named for longer. */
function mayRepeat(ledger: Ledger, statement: Statement, when: When): boolean {
  return statement.type === "device"
    ? renews(ledger, statement, when)
    : confirms(ledger, statement, when);
}

const RENEWED_AS_IT_IS = [
  "serial",
  "state",
  "person",
  "device",
  "signature_key",
  "history_key",
] as const;

/**
 * Whether a device in force is named once more, for longer and else unchanged. Only while it still
 * counts, and never across a stop: so no judgement of the past changes by it.
 */
function renews(ledger: Ledger, { fields }: StatementOf<"device">, when: When): boolean {
  const known = ledger.deviceIds.get(fields.device);
  if (known === undefined) return false;
  const before = known.statement.fields;
  if (before.until <= when.now || fields.until <= before.until) return false;
  const stops = ledger.states.get(fields.state)?.ended.get(fields.person) ?? [];
  return (
    RENEWED_AS_IT_IS.every((name) => fields[name] === before[name]) &&
    !ledger.isReplaced(known, when.size) &&
    stops.every(({ index }) => index < known.index)
  );
}

/** What is against it by its serial and dates, whoever signed. */
function whyNotNow(ledger: Ledger, statement: Statement, when: When): Why {
  const { type, fields } = statement;
  if (ledger.serials.has(`${type} ${fields.serial}`) && !mayRepeat(ledger, statement, when)) {
    return "serial-known";
  }
  const urgent = "urgent" in fields && fields.urgent;
  const fresh = urgent ? FRESH_URGENT : FRESH[type];
  if (fields.issued > when.now + SKEW) return "issued-early";
  if (fresh !== undefined && fields.issued < when.now - fresh) return "issued-late";
  if ("until" in fields) {
    const longest = (urgent ? LONGEST_URGENT : LONGEST[type]) ?? 0;
    const term = fields.until - fields.from;
    if (term <= 0 || term > longest || fields.until <= when.now) return "term";
  }
  return type === "designation" && isLongForFirst(ledger, fields, when) ? "term" : null;
}

/**
 * Whether a liaison's first term, the urgent one apart, is longer than six months. From version 2
 * on: what was signed before is judged as it was then.
 */
function isLongForFirst(
  ledger: Ledger,
  fields: StatementOf<"designation">["fields"],
  { size }: When,
): boolean {
  if (fields.v === 1 || !fields.roles.includes("liaison")) return false;
  const bound = ledger.binding(fields.person, size) !== undefined;
  const served = ledger.terms(fields.person, size).some(({ statement: { fields: before } }) => {
    return before.roles.includes("liaison") && !before.urgent;
  });
  return !(bound && served) && fields.until - fields.from > LONGEST_FIRST;
}

/**
 * A known stop's own body once more: then it may bring the second hand. Only while that stop holds
 * by itself: everybody can read the first hand in the log, and with one that is over a single
 * person would stop a State for good.
 */
function confirms(ledger: Ledger, { type, fields, body }: Statement, when: When): boolean {
  if (type !== "state-stop") return false;
  const known = ledger.states.get(fields.state)?.stops.get(fields.serial);
  if (known === undefined || !ledger.stateStops(fields.state, when).includes(known)) return false;
  return known.body === body && known.confirmed === null;
}

function isRemoved(
  ledger: Ledger,
  { state, person }: { state: string; person: string },
  { size }: When,
): boolean {
  return ledger.stopsOf(state, person, size).some(({ kind }) => kind === "removed");
}

function isKeyTaken(ledger: Ledger, key: string, owner: string): boolean {
  return (ledger.keys.get(key) ?? owner) !== owner;
}

const isDesignated = (record: PersonRecord | undefined, { now }: When): boolean =>
  record?.terms.some(({ statement }) => statement.fields.until > now) ?? false;

const isOfficer = (record: PersonRecord | undefined, { now }: When): boolean =>
  record?.mandates.some(({ statement }) => statement.fields.until > now) ?? false;

function root(ledger: Ledger, { fields, signers }: StatementOf<"state-root">): Why {
  const { key, previous, state } = fields;
  const roots = ledger.states.get(state)?.roots ?? [];
  const current = roots.at(-1)?.key ?? null;
  if (previous !== current || !signers.has(key)) return "root-unsigned";
  if (previous !== null && !signers.has(previous)) return "root-unsigned";
  const used = isKeyTaken(ledger, key, state) || roots.some((one) => one.key === key);
  return key !== current && used ? "key-known" : null;
}

function officer(ledger: Ledger, { fields, signers }: StatementOf<"officer">, when: When): Why {
  const current = ledger.states.get(fields.state)?.roots.at(-1);
  const record = ledger.people.get(fields.person);
  if (current === undefined || !signers.has(current.key)) return "officer-unsigned";
  if (isDesignated(record, when)) return "roles-incompatible";
  if (isKeyTaken(ledger, fields.key, fields.person)) return "key-known";
  const before = record?.mandates.at(-1)?.statement.fields;
  return before !== undefined && fields.issued < before.issued ? "superseded" : null;
}

function designation(ledger: Ledger, statement: StatementOf<"designation">, when: When): Why {
  const { fields } = statement;
  const { roles, urgent } = fields;
  const record = ledger.people.get(fields.person);
  const hands = new Hands(ledger, statement, when);
  const nominated = roles.includes("liaison") && !roles.includes(COORDINATOR);
  const second = nominated ? hands.coordinators.size > 0 : hands.root;
  // What goes on as it was takes one officer beside the coordinator: two approved just this.
  const last = ledger.terms(fields.person, when.size).at(-1);
  const fewer = hands.weaker || (nominated && goesOn(last, fields, when));
  const enough = hands.officers.size >= 2 || (fewer && second && hands.officers.size > 0);
  // In a hurry nobody waits for agencies, so a coordinator proposes, whomever it is for.
  const proposed = hands.coordinators.size > 0 || !(nominated || urgent);
  if (!enough || !proposed) return "designation-unsigned";
  const mixed = roles.includes("national-auditor") && roles.length > 1;
  if (isOfficer(record, when) || mixed) return "roles-incompatible";
  if (!isConsulted(fields) && !urgent) return "not-consulted";
  const before = record?.terms.at(-1)?.statement.fields;
  return before !== undefined && fields.issued < before.issued ? "superseded" : null;
}

/**
 * Whether an agency other than the public ministry, which proposes, has answered by then. An
 * objection is an answer, too, for the ministry to weigh. Days are those of the State's own clock,
 * which may be ahead of UTC.
 */
const isConsulted = ({ consultation, issued }: StatementOf<"designation">["fields"]): boolean =>
  consultation.some(
    ({ agency_kind, outcome, date }) =>
      outcome !== "no-answer" &&
      agency_kind !== PUBLIC_MINISTRY &&
      Date.parse(`${date}T00:00:00Z`) <= issued + DAY,
  );

/**
 * Whether a designation only prolongs the newest that counts: nothing new, and no gap between.
 *
 * The key cannot be in it: another one takes the two hands of its own binding. An urgent term was
 * approved in a hurry, so nothing goes on from it.
 */
function goesOn(
  last: Term | undefined,
  fields: StatementOf<"designation">["fields"],
  { now }: When,
): boolean {
  const before = last?.statement.fields;
  if (before === undefined || fields.urgent || before.urgent) return false;
  if (before.until <= now || fields.from > before.until) return false;
  const same = UNCHANGED.every((name) => fields[name] === before[name]);
  const sorted = (list: readonly string[]) => [...list].sort().join(" ");
  return same && UNCHANGED_SETS.every((name) => sorted(fields[name]) === sorted(before[name]));
}

function binding(ledger: Ledger, statement: StatementOf<"binding">, when: When): Why {
  const { fields } = statement;
  const record = ledger.people.get(fields.person);
  const term = record?.terms.at(-1);
  if (term?.statement.fields.serial !== fields.designation) return "no-designation";
  if (term.statement.fields.until <= when.now) return "designation-expired";
  const hands = new Hands(ledger, statement, when);
  const before = ledger.binding(fields.person, when.size);
  const vouchers = isCoordinator(term) ? hands.officers : hands.coordinators;
  const replaces = before !== undefined && before.key !== fields.key;
  // Lost keys take a second hand: otherwise a coordinator alone could become anybody.
  const second = hands.officers.size > 0 && hands.people.size > 1;
  if (vouchers.size === 0 || (replaces && !second)) return "binding-unsigned";
  if (isKeyTaken(ledger, fields.key, fields.person)) return "key-known";
  if (before !== undefined && fields.issued < before.issued) return "superseded";
  // Whoever has found a key that was replaced, or stolen it, may have it still.
  const had = record?.bindings.some(({ key }) => key === fields.key) ?? false;
  return replaces && had ? "key-known" : null;
}

function device(ledger: Ledger, statement: StatementOf<"device">, when: When): Why {
  const { fields, signers } = statement;
  const { person, state } = fields;
  const { term, late } = ledger.term(person, when);
  if (term === undefined || late !== undefined) return late ?? "no-designation";
  const bound = ledger.binding(person, when.size);
  if (bound === undefined) return "no-binding";
  if (!signers.has(bound.key)) return "device-unsigned";
  if (!reads(term.statement.fields.roles)) return "reads-nothing";
  const stopped =
    ledger.stopsOf(state, person, when.size).length > 0 ||
    ledger.stoppedSince(state, person, fields.issued, when.size);
  if (stopped) return "person-revoked";
  const ended = ledger.states.get(state)?.endedDevices.has(`${person} ${fields.device}`);
  if (ended) return "device-revoked";
  const taken =
    ledger.deviceIds.has(fields.device) ||
    ledger.keys.has(fields.signature_key) ||
    isKeyTaken(ledger, fields.history_key, person);
  return taken && !renews(ledger, statement, when) ? "device-known" : null;
}

function revocation(ledger: Ledger, statement: StatementOf<"revocation">, when: When): Why {
  const { fields, signers } = statement;
  if (new Hands(ledger, statement, when).people.size > 0) return null;
  const mandate = ledger.people.get(fields.person)?.mandates.at(-1)?.statement.fields.key;
  const own = [mandate, ledger.binding(fields.person, when.size)?.key];
  const signed = own.some((key) => key !== undefined && signers.has(key));
  return signed ? null : "revocation-unsigned";
}

function reinstatement(ledger: Ledger, statement: StatementOf<"reinstatement">, when: When): Why {
  const { state, person, revokes } = statement.fields;
  const hands = new Hands(ledger, statement, when);
  const last = ledger.terms(person, when.size).at(-1);
  const coordinates = last !== undefined && isCoordinator(last);
  const second = coordinates ? hands.people.size > 1 : hands.coordinators.size > 0;
  if (hands.officers.size === 0 || !second) return "reinstatement-unsigned";
  const lifted = ledger
    .stopsOf(state, person, when.size)
    .some(({ digest, kind }) => digest === revokes && kind === "suspended");
  return lifted ? null : "nothing-revoked";
}

function stop(ledger: Ledger, statement: StatementOf<"state-stop">, when: When): Why {
  const { people } = new Hands(ledger, statement, when);
  const least = confirms(ledger, statement, when) ? 2 : 1;
  return people.size < least ? "stop-unsigned" : null;
}

function lift(ledger: Ledger, statement: StatementOf<"state-lift">, when: When): Why {
  const { state, stops, issued } = statement.fields;
  const hands = new Hands(ledger, statement, when);
  if (hands.officers.size === 0 || hands.people.size < 2) return "lift-unsigned";
  const all = ledger.states.get(state)?.stops;
  const named = all?.get(stops);
  if (named === undefined || !lasts(named, when.size)) return "nothing-stopped";
  // Of a hand that was put under one of these meanwhile whoever signed this knew nothing.
  const meanwhile = [...(all?.values() ?? [])].some(
    (one) => lasts(one, when.size) && one.index <= named.index && isAfter(one.said, issued),
  );
  return meanwhile ? "superseded" : null;
}
