/** Who is what, as of a moment and of a size of the log. */

import type {
  Binding,
  Bound,
  ChainReason,
  Named,
  Officer,
  PersonRecord,
  Roots,
  StateRecord,
  Stop,
  Term,
  When,
} from "./records";

export const COORDINATOR = "coordinator";
/** Who has cases, and so threads to read: READ_CASES of casehub/directory/limits.py. */
const READERS: readonly string[] = ["liaison", COORDINATOR];
/** What one person's stop of a State lasts by itself. */
const SINGLE_STOP_MS = 3_600_000;
/** Statements are dated in whole seconds, entries are not. */
const TICK_MS = 1000;

export type Refusal = { readonly ok: false; readonly why: ChainReason };
export type Late = ChainReason | undefined;
export type Standing = { readonly ok: true; readonly bound: Bound; readonly late: Late };

/** All that was accepted so far, and why the rest was not. */
export class Ledger {
  readonly states = new Map<string, StateRecord>();
  readonly people = new Map<string, PersonRecord>();
  /** By serial and by device id. */
  readonly devices = new Map<string, Named>();
  readonly deviceIds = new Map<string, Named>();
  /** Whose key it is: a person's id, or a State's code for its root. */
  readonly keys = new Map<string, string>();
  readonly serials = new Set<string>();
  readonly refusals = new Map<string, { index: number; why: ChainReason; person: string }[]>();

  constructor(states: Iterable<string> = []) {
    for (const state of states) {
      this.states.set(state, {
        roots: [],
        people: [],
        stops: new Map(),
        ended: new Map(),
        endedDevices: new Map(),
      });
    }
  }

  /** A person's mandate in force, if nobody stopped them. */
  officer(person: string, when: When): Officer | null {
    const record = this.people.get(person);
    const mandate = record && lastOf(record.mandates, when.size);
    if (record === undefined || mandate === undefined) return null;
    if (this.stopsOf(record.state, person, when.size).length > 0) return null;
    const { name, post, key, from, until } = mandate.statement.fields;
    return from <= when.now && when.now < until ? { person, name, post, key, from, until } : null;
  }

  /** The keys of a State's officers in force, by person. */
  officers(state: string, when: When): Map<string, string> {
    const found = new Map<string, string>();
    for (const person of this.states.get(state)?.people ?? []) {
      const officer = this.officer(person, when);
      if (officer !== null) found.set(person, officer.key);
    }
    return found;
  }

  /** The keys of a State's coordinators whom officers vouched for, by person. */
  coordinators(state: string, when: When): Map<string, string> {
    const found = new Map<string, string>();
    for (const person of this.states.get(state)?.people ?? []) {
      const { term, late } = this.term(person, when);
      if (term === undefined || late !== undefined || !isCoordinator(term)) continue;
      const binding = this.binding(person, when.size);
      if (!binding?.byOfficer || this.stopsOf(state, person, when.size).length > 0) continue;
      found.set(person, binding.key);
    }
    return found;
  }

  /**
   * A person's designations that count, in their order: those in which their key was vouched for.
   * One that was approved and not bound, perhaps rejected since, neither gives nor takes
   * (docs/adr/0022). Of whoever has no key yet all count: there is none that anybody could use.
   */
  terms(person: string, size: number): Term[] {
    const record = this.people.get(person);
    const terms = record?.terms.filter(({ index }) => index < size) ?? [];
    const bindings = record?.bindings.filter(({ index }) => index < size) ?? [];
    const named = new Set(bindings.map(({ designation }) => designation));
    return named.size === 0
      ? terms
      : terms.filter(({ statement }) => named.has(statement.fields.serial));
  }

  /**
   * The designation that decides, and what is the matter with its time. The newest entered among
   * those that have begun: one that took something away is not outlived by the one before.
   */
  term(person: string, { now, size, grace = 0 }: When): { term: Term | undefined; late: Late } {
    const terms = this.terms(person, size);
    const begun = terms.filter(({ statement }) => statement.fields.from <= now).at(-1);
    if (begun === undefined) {
      const term = terms.at(-1);
      return { term, late: term && "designation-not-yet" };
    }
    const over = begun.statement.fields.until + grace <= now;
    return { term: begun, late: over ? "designation-expired" : undefined };
  }

  /** The newest binding. */
  binding(person: string, size: number): Binding | undefined {
    return lastOf(this.people.get(person)?.bindings ?? [], size);
  }

  /**
   * Whether another key was vouched for after a device was named: then it is over for good.
   * Whichever key counts now: one that was lost brings nothing back.
   */
  isReplaced({ index: named, key: by, statement }: Named, size: number): boolean {
    const bindings = this.people.get(statement.fields.person)?.bindings ?? [];
    return bindings.some(({ index, key }) => named < index && index < size && key !== by);
  }

  /** What stops a person. */
  stopsOf(state: string, person: string, size: number): Stop[] {
    const stops = this.states.get(state)?.ended.get(person) ?? [];
    return stops.filter((stop) => lasts(stop, size));
  }

  /** What stops a State. */
  stateStops(state: string, { now, size }: When): Stop[] {
    return [...(this.states.get(state)?.stops.values() ?? [])].filter((stop) => {
      const confirmed = stop.confirmed !== null && stop.confirmed < size;
      return lasts(stop, size) && (confirmed || now < stop.at + SINGLE_STOP_MS);
    });
  }

  /** Whether somebody was stopped after what they signed is dated, lifted since or not. */
  stoppedSince(state: string, person: string, issued: number, size: number): boolean {
    const stops = this.states.get(state)?.ended.get(person) ?? [];
    return stops.some(({ index, at }) => index < size && isAfter(at, issued));
  }

  /** Whether a State was stopped after what somebody of it signed is dated. */
  stateStoppedSince(state: string, issued: number, size: number): boolean {
    const stops = [...(this.states.get(state)?.stops.values() ?? [])];
    return stops.some(({ index, said }) => index < size && isAfter(said, issued));
  }

  /** The person's chain and the reason of time against it, or why there is none. */
  person(person: string, when: When, pinned: Roots): Standing | Refusal {
    const { term, late: over } = this.term(person, when);
    if (term === undefined) return this.#refused("designation", person, when, "no-designation");
    const { state } = term.statement.fields;
    const pin = Object.hasOwn(pinned, state) ? pinned[state] : undefined;
    if (!this.states.get(state)?.roots.some(({ key }) => key === pin)) return no("no-root");
    const binding = this.binding(person, when.size);
    if (binding === undefined) return this.#refused("binding", person, when, "no-binding");
    let late = over;
    if (this.stopsOf(state, person, when.size).length > 0) late ??= "person-revoked";
    if (this.stateStops(state, when).length > 0) late ??= "state-stopped";
    return { ok: true, bound: this.#bound(person, term, binding, when.size), late };
  }

  #bound(person: string, term: Term, { key }: Binding, size: number): Bound {
    const { state, name, post, office, agency, languages, until } = term.statement.fields;
    const { roles, functions } = term.statement.fields;
    const limits = (this.people.get(person)?.bindings ?? [])
      .filter(({ index }) => index < size)
      .map(({ limitedUntil }) => limitedUntil ?? 0);
    const effective = Math.max(term.effective, ...limits);
    const shown = { name, post, office, agency, languages };
    const held = { roles: new Set(roles), functions: new Set<string>(functions) };
    return { person, state, ...shown, ...held, key, until, effective };
  }

  /** The device of a serial with its person's standing, or why there is none. */
  device(serial: string, when: When, pinned: Roots): (Standing & { named: Named }) | Refusal {
    const named = this.devices.get(serial);
    if (named === undefined || named.index >= when.size) return this.#unnamed(serial, when, pinned);
    const standing = this.person(named.statement.fields.person, when, pinned);
    if (!standing.ok) return standing;
    const late = standing.late ?? this.#lateness(standing.bound, named, when);
    return { ...standing, late, named };
  }

  #lateness({ person, state }: Bound, named: Named, { now, size }: When): Late {
    const { until, device } = named.statement.fields;
    if (named.from > now) return "device-not-yet";
    if (until <= now) return "device-expired";
    const record = this.states.get(state);
    const ended = record?.endedDevices.get(`${person} ${device}`) ?? [];
    if (ended.some((index) => index < size)) return "device-revoked";
    // Whoever comes back, or was given another key, begins with new devices.
    const stops = record?.ended.get(person) ?? [];
    const stopped = stops.some(({ index }) => named.index < index && index < size);
    return stopped || this.isReplaced(named, size) ? "device-revoked" : undefined;
  }

  /** Why a device is none: what is wrong with its person says more than that it is unknown. */
  #unnamed(serial: string, when: When, pinned: Roots): Refusal {
    const known = this.#refusal("device", serial, when);
    if (known === undefined) return no("no-device");
    const standing = this.person(known.person, when, pinned);
    return standing.ok ? no(known.why) : standing;
  }

  #refused(kind: string, person: string, when: When, otherwise: ChainReason): Refusal {
    return no(this.#refusal(kind, person, when)?.why ?? otherwise);
  }

  #refusal(kind: string, subject: string, { size }: When) {
    const known = this.refusals.get(`${kind} ${subject}`) ?? [];
    return known.filter(({ index }) => index < size).at(-1);
  }
}

export function no(why: ChainReason): Refusal {
  return { ok: false, why };
}

export function isCoordinator({ statement }: Term): boolean {
  return statement.fields.roles.includes(COORDINATOR);
}

/** Whether one of these roles reads threads. */
export function reads(roles: Iterable<string>): boolean {
  return [...roles].some((role) => READERS.includes(role));
}

/** Whether it was made and not lifted in the first `size` entries. */
export function lasts({ index, lifted }: Stop, size: number): boolean {
  return index < size && (lifted === null || lifted >= size);
}

/** Whether an entry's moment lies after that of a signature. */
export function isAfter(at: number, issued: number): boolean {
  return at - issued >= TICK_MS;
}

function lastOf<Item extends { readonly index: number }>(
  items: readonly Item[],
  size: number,
): Item | undefined {
  return items.filter(({ index }) => index < size).at(-1);
}
