/** What a replay keeps: each record with the index of the entry that made it. */

import type { Statement, StatementOf } from "../../crypto/statements";

/** State code -> its root key (Ed25519, b64u), pinned when the bundle is built. */
export type Roots = Readonly<Record<string, string>>;

/** One entry of the directory's log, dated by its leaf in milliseconds; most say nothing signed. */
export type Entry = {
  readonly index: number;
  readonly at: number;
  readonly statement: Statement | null;
};

/** A person with a designation in force and a key that was vouched for. */
export type Bound = {
  readonly person: string;
  readonly state: string;
  readonly name: string;
  readonly post: string;
  readonly office: string;
  readonly agency: string;
  readonly languages: readonly string[];
  readonly roles: ReadonlySet<string>;
  /** What they do besides, as a liaison or coordinator. */
  readonly functions: ReadonlySet<string>;
  /** The identity key that was vouched for, b64u. */
  readonly key: string;
  readonly until: number;
  /** Before it they may not be let into threads of cases of more than one State. */
  readonly effective: number;
};

export type Officer = {
  readonly person: string;
  readonly name: string;
  readonly post: string;
  readonly key: string;
  readonly from: number;
  readonly until: number;
};

export type Root = {
  readonly index: number;
  readonly at: number;
  readonly key: string;
  readonly approval: string;
};

/** What stops a person or a State, and the entry that lifted it. */
export type Stop = {
  readonly index: number;
  readonly at: number;
  /** When somebody last put a hand under it. */
  said: number;
  readonly digest: string;
  readonly kind: string;
  /** Of a State's: the exact body, who said so, and the entry from which it holds until lifted. */
  readonly body: string;
  readonly people: Set<string>;
  confirmed: number | null;
  lifted: number | null;
};

export type Mandate = { readonly index: number; readonly statement: StatementOf<"officer"> };

export type Term = {
  readonly index: number;
  readonly statement: StatementOf<"designation">;
  readonly effective: number;
};

export type Binding = {
  readonly index: number;
  readonly key: string;
  /** The serial of the designation in which it was vouched for. */
  readonly designation: string;
  readonly issued: number;
  /** An officer was among those who vouched. */
  readonly byOfficer: boolean;
  /** Another key than before: then a while must pass, as with somebody new. */
  readonly limitedUntil: number | null;
};

/** A device that was accepted, and the identity key that named it. */
export type Named = {
  readonly index: number;
  readonly statement: StatementOf<"device">;
  readonly key: string;
  /** Since when it counts: of a renewed one, by its first statement. */
  readonly from: number;
};

export type PersonRecord = {
  readonly state: string;
  readonly mandates: Mandate[];
  readonly terms: Term[];
  readonly bindings: Binding[];
};

/** A State that the pinned root leads to. */
export type StateRecord = {
  readonly roots: Root[];
  readonly people: string[];
  readonly stops: Map<string, Stop>;
  /** By person, also of those not designated yet: a stop that comes first counts too. */
  readonly ended: Map<string, Stop[]>;
  /** Of single devices, by "person device": the entries that ended them. */
  readonly endedDevices: Map<string, number[]>;
};

/** A moment, and how many entries of the log are known at it. */
export type When = {
  readonly now: number;
  readonly size: number;
  /** Milliseconds for which a designation counts after its end; none, if it does not say. */
  readonly grace?: number;
};

export type ChainReason =
  | "malformed" // the credential is not an identity
  | "no-root" // the pinned root does not lead to it
  | "no-designation"
  | "designation-not-yet"
  | "designation-expired"
  | "no-binding"
  | "person-revoked"
  | "state-stopped"
  | "no-device" // no statement with the identity's serial
  | "device-not-yet"
  | "device-expired"
  | "device-revoked"
  | "key-mismatch" // the identity or the leaf's key is not what the statement says
  | "reads-no-more" // designated anew, in no role that reads threads
  // Why a statement had no effect at its own entry:
  | "root-unsigned"
  | "officer-unsigned"
  | "designation-unsigned"
  | "binding-unsigned"
  | "device-unsigned"
  | "reads-nothing" // no role of its person reads threads
  | "revocation-unsigned"
  | "reinstatement-unsigned"
  | "stop-unsigned"
  | "lift-unsigned"
  | "serial-known"
  | "issued-early"
  | "issued-late"
  | "superseded" // by one that was signed later, or by what was said meanwhile
  | "term" // too long, or over
  | "roles-incompatible"
  | "not-consulted"
  | "person-of-another" // State
  | "key-known" // somebody else's, or replaced by another
  | "device-known"
  | "nothing-revoked"
  | "nothing-stopped";

/** One more element in the list under a key. */
export function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
