/**
 * The chains as they come without their order, judged at one moment (pure: no clock, no network).
 *
 * root (pinned) -> officers -> designation by two officers -> binding by a coordinator (a
 * coordinator's own by an officer) -> device by the bound identity key. Any one of those entitled
 * can revoke. Each layer rests only on the one before, so nothing here is circular:
 * officers, then coordinators, then who of these is revoked, then everybody.
 *
 * Reasons are those of casehub/directory/chain.py; both run tests/vectors/chain.json. Where several
 * stand, this reader gives one of time last.
 */
import { b64u, equal } from "../../bytes";
import { decodeIdentity, type Identity, IdentityMalformed } from "../../crypto/identity";
import type { Statement, StatementOf, StatementType } from "../../crypto/statements";

import type { ChainReason, Roots } from "./records";

export type Verdict =
  | { readonly ok: true; readonly person: string; readonly state: string }
  | { readonly ok: false; readonly why: ChainReason };

export type Bound = {
  readonly person: string;
  readonly state: string;
  readonly roles: ReadonlySet<string>;
  /** The identity key that was vouched for, b64u. */
  readonly key: string;
};

type Refusal = { readonly ok: false; readonly why: ChainReason };

/**
 * Reasons of time: the chain holds, key equality included, but is not in force now. They are
 * given only where no other reason stands, so that "it was good once" can be concluded from them:
 * an expired device is really that person's, not somebody's forgery with an old date.
 */
const REASONS_OF_TIME: ReadonlySet<ChainReason> = new Set<ChainReason>([
  "designation-not-yet",
  "designation-expired",
  "person-revoked",
  "device-not-yet",
  "device-expired",
  "device-revoked",
]);

type Designated = {
  readonly ok: true;
  readonly designation: StatementOf<"designation">;
  readonly late: ChainReason | undefined;
};
type Standing = {
  readonly ok: true;
  readonly bound: Bound;
  readonly late: ChainReason | undefined;
};

/** An officer's mandate: a person and the key the root named, b64u. */
type Officer = { readonly person: string; readonly key: string };

const COORDINATOR = "coordinator";

export class Directory {
  readonly #statements: readonly Statement[];
  readonly #now: number;
  readonly #officers = new Map<string, Officer[]>();
  /** Everybody once bound as coordinator, revoked or not: a revoked one may still revoke. */
  readonly #coordinators: readonly Bound[];

  constructor(statements: readonly Statement[], roots: Roots, now: number) {
    this.#statements = statements;
    this.#now = now;
    for (const { fields, signers } of this.#of("officer")) {
      const root = Object.hasOwn(roots, fields.state) ? roots[fields.state] : undefined;
      if (root === undefined || !signers.has(root)) continue;
      if (fields.from > now || fields.until <= now) continue;
      const officers = this.#officers.get(fields.state) ?? [];
      officers.push({ person: fields.person, key: fields.key });
      this.#officers.set(fields.state, officers);
    }
    const people = new Set(this.#of("designation").map(({ fields }) => fields.person));
    this.#coordinators = [...people].flatMap((person) => {
      const found = this.#designation(person);
      if (!found.ok || found.late !== undefined || !isCoordinator(found.designation)) return [];
      const { designation } = found;
      const bound = this.#boundBy(this.#officerKeys(designation.fields.state), designation);
      return "key" in bound ? [bound] : [];
    });
  }

  /** The person's designation in force and vouched-for key, or the reason against. */
  person(person: string): { readonly ok: true; readonly bound: Bound } | Refusal {
    const standing = this.#standing(person);
    if (!standing.ok) return standing;
    return standing.late === undefined ? standing : refusal(standing.late);
  }

  #standing(person: string): Standing | Refusal {
    const found = this.#designation(person);
    if (!found.ok) return found;
    const { state } = found.designation.fields;
    const vouchers = isCoordinator(found.designation)
      ? this.#officerKeys(state)
      : this.#coordinators
          .filter((other) => other.state === state && !this.#isRevoked(other, null))
          .map((other) => other.key);
    const bound = this.#boundBy(vouchers, found.designation);
    if (!("key" in bound)) return bound;
    const late = found.late ?? (this.#isRevoked(bound, null) ? "person-revoked" : undefined);
    return { ok: true, bound, late };
  }

  /** May the device that this identity names act for its person? */
  device(identity: Identity): Verdict {
    const named = this.#of("device").filter(({ fields }) => fields.serial === identity.serial);
    if (named.length === 0) return refusal("no-device");
    // a serial is the signer's to choose: others may have used it too, without effect
    const verdicts = named.map((statement) => this.#judge(identity, statement));
    const genuine = verdicts.find((verdict) => !verdict.ok && REASONS_OF_TIME.has(verdict.why));
    return verdicts.find(({ ok }) => ok) ?? genuine ?? verdicts[0] ?? refusal("no-device");
  }

  /** The same for an MLS leaf: its credential must name the key that it stands under. */
  leaf(leaf: { credential: Uint8Array; signatureKey: Uint8Array }): Verdict {
    let identity: Identity;
    try {
      identity = decodeIdentity(leaf.credential);
    } catch (error) {
      if (error instanceof IdentityMalformed) return refusal("malformed");
      throw error;
    }
    if (!equal(identity.signatureKey, leaf.signatureKey)) return refusal("key-mismatch");
    return this.device(identity);
  }

  #judge(identity: Identity, { fields, signers }: StatementOf<"device">): Verdict {
    const standing = this.#standing(fields.person);
    if (!standing.ok) return standing;
    const { bound } = standing;
    if (fields.state !== bound.state || !signers.has(bound.key)) return refusal("device-unsigned");
    const isSame =
      identity.state === fields.state &&
      identity.person === fields.person &&
      identity.device === fields.device &&
      b64u.encode(identity.signatureKey) === fields.signature_key &&
      b64u.encode(identity.historyKey) === fields.history_key;
    if (!isSame) return refusal("key-mismatch");
    const late = standing.late ?? this.#lateness(bound, fields);
    if (late !== undefined) return refusal(late);
    return { ok: true, person: bound.person, state: bound.state };
  }

  #lateness(bound: Bound, fields: StatementOf<"device">["fields"]): ChainReason | undefined {
    if (fields.from > this.#now) return "device-not-yet";
    if (fields.until <= this.#now) return "device-expired";
    return this.#isRevoked(bound, fields.device) ? "device-revoked" : undefined;
  }

  /** What a person was designated as, in force now or once; nobody whom two officers did not name. */
  rolesOf(person: string): ReadonlySet<string> {
    const found = this.#designation(person);
    return new Set(found.ok ? found.designation.fields.roles : []);
  }

  /** Until when, in milliseconds, they are or were designated; 0 if two officers never named them. */
  designatedUntil(person: string): number {
    const found = this.#designation(person);
    return found.ok ? found.designation.fields.until : 0;
  }

  #of<Type extends StatementType>(type: Type): StatementOf<Type>[] {
    return this.#statements.filter(
      (statement): statement is StatementOf<Type> => statement.type === type,
    );
  }

  #officerKeys(state: string): string[] {
    return (this.#officers.get(state) ?? []).map(({ key }) => key);
  }

  /** The newest designation in force; else the newest that is signed; else why there is none. */
  #designation(person: string): Designated | Refusal {
    const found = newestAbout(person, this.#of("designation"));
    if (found.length === 0) return refusal("no-designation");
    let fallback: Designated | undefined;
    for (const designation of found) {
      if (!this.#isByTwoOfficers(designation)) continue;
      const { from, until } = designation.fields;
      const late =
        from > this.#now
          ? "designation-not-yet"
          : until <= this.#now
            ? "designation-expired"
            : undefined;
      if (late === undefined) return { ok: true, designation, late };
      fallback ??= { ok: true, designation, late };
    }
    return fallback ?? refusal("designation-unsigned");
  }

  /** Two people and two keys: one key under two names, or two keys of one person, is one hand. */
  #isByTwoOfficers({ fields, signers }: StatementOf<"designation">): boolean {
    const signing = (this.#officers.get(fields.state) ?? []).filter(({ key }) => signers.has(key));
    return signing.some((a) => signing.some((b) => a.person !== b.person && a.key !== b.key));
  }

  /** The newest binding of the designated person that one of `vouchers` signed. */
  #boundBy(vouchers: readonly string[], designation: StatementOf<"designation">): Bound | Refusal {
    const { person, state, roles } = designation.fields;
    const found = newestAbout(person, this.#of("binding"));
    if (found.length === 0) return refusal("no-binding");
    const good = found.find(
      ({ fields, signers }) => fields.state === state && vouchers.some((key) => signers.has(key)),
    );
    if (good === undefined) return refusal("binding-unsigned");
    return { person, state, roles: new Set(roles), key: good.fields.key };
  }

  /** Revoked as a person, or (given a device) that device: by officer, coordinator, or oneself. */
  #isRevoked(bound: Bound, device: string | null): boolean {
    const entitled = new Set([
      bound.key,
      ...this.#officerKeys(bound.state),
      ...this.#coordinators.filter(({ state }) => state === bound.state).map(({ key }) => key),
    ]);
    return newestAbout(bound.person, this.#of("revocation")).some(
      ({ fields, signers }) =>
        (fields.device === null || fields.device === device) &&
        [...signers].some((key) => entitled.has(key)),
    );
  }
}

function newestAbout<S extends { fields: { person: string; issued: number } }>(
  person: string,
  statements: readonly S[],
): S[] {
  return statements
    .filter(({ fields }) => fields.person === person)
    .sort((a, b) => b.fields.issued - a.fields.issued);
}

function isCoordinator(designation: StatementOf<"designation">): boolean {
  return designation.fields.roles.includes(COORDINATOR);
}

function refusal(why: ChainReason): Refusal {
  return { ok: false, why };
}
