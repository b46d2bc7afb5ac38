/**
 * Does a leaf's key lead back to a foreign ministry? (pure: no clock, no network)
 *
 * root (pinned) -> officers -> designation -> binding -> device, by replaying the directory's log:
 * every statement is judged at its own entry, by the officers and coordinators who were in force
 * there. What ends later undoes nothing that was given before; what was stopped stays stopped until
 * somebody entitled lifts it (docs/adr/0018).
 *
 * Reasons are those of casehub/directory/chain; both run tests/vectors/chain.json. Where several
 * stand, one of time is given last.
 */
import { b64u, equal } from "../bytes";
import type { FunctionCode } from "../crypto/functions";
import { decodeIdentity, type Identity, IdentityMalformed } from "../crypto/identity";
import type { Statement, StatementOf } from "../crypto/statements";
import { whyNot } from "./chain/judging";
import {
  type Bound,
  type ChainReason,
  type Entry,
  type Officer,
  push,
  type Roots,
  type When,
} from "./chain/records";
import { Ledger, no, type Refusal, reads, type Standing } from "./chain/standing";
import { take } from "./chain/taking";

export type { Bound, ChainReason, Entry, Officer, Roots } from "./chain/records";

export type Verdict =
  | { readonly ok: true; readonly person: string; readonly state: string }
  | { readonly ok: false; readonly why: ChainReason };

/** A person's last designation that counted; `by`: the officers who signed it. */
export type TermSaid = {
  readonly issued: number;
  readonly until: number;
  readonly by: readonly string[];
  /** From version 2 on: the part of the State (null: all of it), and who stands in (null: nobody). */
  readonly region?: string | null;
  readonly deputy?: string | null;
  /** What they do besides; before version 3, what their roles did then. */
  readonly functions: readonly string[];
};

/**
 * As of which moment, in milliseconds, and of how many entries; all, if it does not say. With
 * `grace`, a designation counts for so many milliseconds after its end.
 */
export type AsOf = {
  readonly now: number;
  readonly size?: number | undefined;
  readonly grace?: number | undefined;
};

/**
 * Reasons of time: the chain holds, key equality included, but is not in force then. They are
 * given only where no other reason stands, so that "it was good once" can be concluded from them:
 * an expired device is really that person's, not somebody's forgery with an old date.
 */
export const REASONS_OF_TIME: ReadonlySet<ChainReason> = new Set<ChainReason>([
  "designation-not-yet",
  "designation-expired",
  "person-revoked",
  "state-stopped",
  "device-not-yet",
  "device-expired",
  "device-revoked",
]);

/** The directory's log replayed under pinned roots. */
export class Directory {
  readonly #pinned: Roots;
  readonly #entries: Entry[] = [];
  #ledger = new Ledger();
  #firsts = new Map<string, string>();
  #moment = Number.NEGATIVE_INFINITY;
  /** When each of the entries counted: never before the one that it follows. */
  #moments: number[] = [];
  /** Why entries have no effect, by index. */
  readonly refused = new Map<number, ChainReason>();

  /**
   * A pinned root need not be a State's first: earlier ones count as far as it names them as its
   * predecessors, later ones as far as each was named by the one before. Statements that fail
   * their own check have no effect: they neither help nor harm the others.
   */
  constructor(entries: Iterable<Entry>, roots: Roots) {
    this.#pinned = roots;
    this.extend(entries);
  }

  /** How many entries of the log were replayed. */
  get size(): number {
    const last = this.#entries.at(-1);
    return last === undefined ? 0 : last.index + 1;
  }

  /** How many entries the log had at a moment, in milliseconds, by what they are dated. */
  sizeAt(moment: number): number {
    let [low, high] = [0, this.#moments.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#moments[middle] ?? 0) <= moment) low = middle + 1;
      else high = middle;
    }
    return this.#entries[low]?.index ?? this.size;
  }

  /** Replay further entries; those of a root that leads elsewhere begin everything anew. */
  extend(entries: Iterable<Entry>): void {
    let more = [...entries];
    this.#entries.push(...more);
    if (more.some(({ statement }) => statement?.type === "state-root")) {
      this.#firsts = firstsOf(this.#pinned, this.#entries);
      this.#ledger = new Ledger(this.#firsts.keys());
      this.#moment = Number.NEGATIVE_INFINITY;
      this.#moments = [];
      this.refused.clear();
      more = this.#entries;
    }
    for (const entry of more) this.#enter(entry);
  }

  #enter({ index, at, statement }: Entry): void {
    // Acts are dated before their transactions end, so neighbours may come out of order.
    this.#moment = Math.max(this.#moment, at);
    this.#moments.push(this.#moment);
    if (statement === null) return;
    const when = { now: this.#moment, size: index };
    const why = this.#judge(statement, when);
    if (why === null) {
      take(this.#ledger, statement, when);
      return;
    }
    this.refused.set(index, why);
    const { fields } = statement;
    const person = "person" in fields ? fields.person : "";
    const subject = statement.type === "device" ? fields.serial : person;
    push(this.#ledger.refusals, `${statement.type} ${subject}`, { index, why, person });
  }

  #judge(statement: Statement, when: When): ChainReason | null {
    if (statement.type === "state-root") {
      const { state, key, previous } = statement.fields;
      const first = this.#firsts.get(state);
      if (first !== undefined && previous === null && key !== first) return "no-root";
    }
    return whyNot(this.#ledger, statement, when);
  }

  /** Why a statement would have no effect if it were the next entry; null if it would. */
  whyNot(statement: Statement, now: number): ChainReason | null {
    return this.#judge(statement, { now: Math.max(now, this.#moment), size: this.size });
  }

  /** The person's designation in force and vouched-for key, or the reason against. */
  person(person: string, as: AsOf): { readonly ok: true; readonly bound: Bound } | Refusal {
    const standing = this.standing(person, as);
    if (!standing.ok || standing.late === undefined) return standing;
    return no(standing.late);
  }

  /** The same, with what is against it by time alone set apart: what somebody is or was. */
  standing(person: string, as: AsOf): Standing | Refusal {
    return this.#ledger.person(person, this.#when(as), this.#pinned);
  }

  /** Whether somebody's designation in force carries a function. */
  carries(person: string, what: FunctionCode, as: AsOf): boolean {
    const found = this.person(person, as);
    return found.ok && found.bound.functions.has(what);
  }

  /** A ministry officer's mandate in force. */
  officer(person: string, as: AsOf): Officer | null {
    return this.#ledger.officer(person, this.#when(as));
  }

  /** The keys of a State's officers and of its coordinators in force, by person. */
  hands(state: string, as: AsOf): Record<"officers" | "coordinators", ReadonlyMap<string, string>> {
    const when = this.#when(as);
    return {
      officers: this.#ledger.officers(state, when),
      coordinators: this.#ledger.coordinators(state, when),
    };
  }

  /** Whether somebody is known here by a signed statement that counted, as what they were last. */
  named(person: string): { readonly name: string; readonly post: string; state: string } | null {
    const mandates = this.#ledger.people.get(person)?.mandates;
    const last = this.#last(person) ?? mandates?.at(-1)?.statement;
    return last === undefined ? null : last.fields;
  }

  /** As of a moment, by no more than the entries up to a person's first key in this log. */
  begun(person: string, now: number): AsOf {
    const [first] = this.#ledger.people.get(person)?.bindings ?? [];
    return { now, size: first === undefined ? 0 : first.index + 1 };
  }

  /** All the names that a person was ever given, by the statements that counted. */
  names(person: string): ReadonlySet<string> {
    const mandates = this.#ledger.people.get(person)?.mandates ?? [];
    const said = [...mandates, ...this.#ledger.terms(person, this.size)];
    return new Set(said.map(({ statement }) => statement.fields.name));
  }

  /**
   * Others of the State who bear the same name, as far as that is signed, in office or not: whoever
   * is removed, or is to seem two people, could be named anew under another id.
   */
  namesakes(person: string, name: string, state: string): string[] {
    const others = this.#ledger.states.get(state)?.people ?? [];
    const same = (other: string) => folded(this.named(other)?.name ?? "") === folded(name);
    return others.filter((other) => other !== person && same(other));
  }

  /** A person's last designation that counted, and which officers signed it, by person. */
  term(person: string): TermSaid | null {
    const last = this.#last(person);
    if (last === undefined) return null;
    const { v, issued, until, region, deputy, functions } = last.fields;
    const said = v === 1 ? {} : { region, deputy };
    const hands = [...last.signers].map((key) => this.#ledger.keys.get(key) ?? "");
    const officers = hands.filter(
      (one) => (this.#ledger.people.get(one)?.mandates.length ?? 0) > 0,
    );
    return { issued, until, by: [...new Set(officers)], functions, ...said };
  }

  #last(person: string): StatementOf<"designation"> | undefined {
    return this.#ledger.terms(person, this.size).at(-1)?.statement;
  }

  /** The entries that are about these persons. */
  about(people: readonly string[]): number[] {
    return this.#entries.flatMap(({ index, statement }) => {
      const fields = statement?.fields;
      return fields && "person" in fields && people.includes(fields.person) ? [index] : [];
    });
  }

  /** May the device that this identity names act for its person? */
  device(identity: Identity, as: AsOf): Verdict {
    const found = this.#ledger.device(identity.serial, this.#when(as), this.#pinned);
    if (!found.ok) return found;
    const { fields } = found.named.statement;
    const isSame =
      identity.state === fields.state &&
      identity.person === fields.person &&
      identity.device === fields.device &&
      b64u.encode(identity.signatureKey) === fields.signature_key &&
      b64u.encode(identity.historyKey) === fields.history_key;
    if (!isSame) return no("key-mismatch");
    if (found.late !== undefined) return no(found.late);
    return { ok: true, person: found.bound.person, state: found.bound.state };
  }

  /**
   * The same for an MLS leaf: its credential must name the key that it stands under, and its person
   * be designated in a role that reads threads.
   */
  leaf(leaf: { credential: Uint8Array; signatureKey: Uint8Array }, as: AsOf): Verdict {
    let identity: Identity;
    try {
      identity = decodeIdentity(leaf.credential);
    } catch (error) {
      if (error instanceof IdentityMalformed) return no("malformed");
      throw error;
    }
    if (!equal(identity.signatureKey, leaf.signatureKey)) return no("key-mismatch");
    const verdict = this.device(identity, as);
    if (!verdict.ok) return verdict;
    const standing = this.standing(verdict.person, as);
    if (!standing.ok) return standing;
    return reads(standing.bound.roles) ? verdict : no("reads-no-more");
  }

  /** The statement by which a device was named, if it counted. */
  deviceNamed(device: string): StatementOf<"device">["fields"] | null {
    return this.#ledger.deviceIds.get(device)?.statement.fields ?? null;
  }

  /** The statements by which a person's devices were named, of each the one that counts last. */
  devicesOf(person: string): StatementOf<"device">["fields"][] {
    const all = [...this.#ledger.deviceIds.values()].map(({ statement }) => statement.fields);
    return all.filter((fields) => fields.person === person);
  }

  /** When each stop of a person, or of their whole State, was entered; also of those now lifted. */
  stops(person: string): number[] {
    const record = this.#ledger.people.get(person);
    const state = record && this.#ledger.states.get(record.state);
    if (state === undefined) return [];
    return [...(state.ended.get(person) ?? []), ...state.stops.values()].map(({ at }) => at);
  }

  /** Whether a device was ended by a statement of its own, apart from its person. */
  isEnded(device: string): boolean {
    const fields = this.deviceNamed(device);
    const state = fields && this.#ledger.states.get(fields.state);
    return state?.endedDevices.has(`${fields?.person} ${device}`) ?? false;
  }

  /** Whether a State is stopped. */
  isStopped(state: string, as: AsOf): boolean {
    return this.#ledger.stateStops(state, this.#when(as)).length > 0;
  }

  /** Whether a State has declared that one officer and the coordinator are its pair. */
  isWeaker(state: string): boolean {
    const root = this.#ledger.states.get(state)?.roots.at(-1);
    return root?.approval === "officer-and-coordinator";
  }

  /** Whether a person's State has. */
  isWeakerFor(person: string): boolean {
    const record = this.#ledger.people.get(person);
    return record !== undefined && this.isWeaker(record.state);
  }

  #when({ now, size, grace }: AsOf): When {
    return { now, size: size ?? this.size, grace: grace ?? 0 };
  }
}

/** A name without accents and capitals, its words in one order. */
function folded(name: string): string {
  const bare = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return bare
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .sort()
    .join(" ");
}

/** The first root of each State from which its pinned one comes. */
function firstsOf(pinned: Roots, entries: readonly Entry[]): Map<string, string> {
  const roots = new Map<string, StatementOf<"state-root">[]>();
  for (const { statement } of entries) {
    if (statement?.type !== "state-root") continue;
    if (statement.signers.has(statement.fields.key)) push(roots, statement.fields.state, statement);
  }
  return new Map(
    Object.entries(pinned).flatMap(([state, key]): [string, string][] => {
      const first = firstOf(key, roots.get(state) ?? []);
      return first === null ? [] : [[state, first]];
    }),
  );
}

function firstOf(pinned: string, roots: readonly StatementOf<"state-root">[]): string | null {
  const seen = new Set<string>();
  let key = pinned;
  while (!seen.has(key)) {
    seen.add(key);
    const own = roots.filter(({ fields }) => fields.key === key);
    if (own.some(({ fields }) => fields.previous === null)) return key;
    const signed = own.find(({ fields: { previous }, signers }) => {
      return previous !== null && previous !== key && signers.has(previous);
    });
    if (signed?.fields.previous == null) return null;
    key = signed.fields.previous;
  }
  return null;
}
