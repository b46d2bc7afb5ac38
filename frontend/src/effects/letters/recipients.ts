/** To whom a letter is sealed: those whom the server names, as far as the directory vouches for them. */

import type { LetterReader } from "../../api/letters";
import type { Audience } from "../../audience";
import { b64u } from "../../bytes";
import { sealingKeyOf } from "../../crypto/sealingKey";
import { canSealTo } from "../../crypto/sealTo";
import { MAY } from "../../roles";
import type { Directory } from "../../verify/chain";
import { CENTRAL } from "../dossiers/whose";

/** In which roles somebody drafts. */
export const DRAFTS: readonly string[] = MAY["requests.request.read"];

export type Between = { readonly requesting_state: string; readonly requested_state: string };

/** Of which States those are who read a letter: to one's own nobody abroad, whoever is named. */
export const statesOf = (between: Between, audience: Audience): readonly string[] =>
  audience === "home"
    ? [between.requesting_state]
    : [between.requesting_state, between.requested_state];
/** A public key of somebody: their identity key's, or the history key of a device of theirs. */
export type Recipient = { readonly person: string; readonly key: string };
export type Known = Pick<Directory, "person" | "named" | "devicesOf" | "device">;

export type Recipients = {
  readonly to: readonly Recipient[];
  /** Named by the server, and nobody that a signed statement here says they are, or without a key. */
  readonly doubted: readonly LetterReader[];
};

/** What was found of a key stays true: each is tried once. */
const tried = new Map<string, Promise<boolean>>();

function isUsable(key: string): Promise<boolean> {
  const found = tried.get(key) ?? canSealTo(b64u.decode(key));
  tried.set(key, found);
  return found;
}

/**
 * A central authority has no device: what is for it is sealed to the key that its State vouched for.
 * Whoever drafts opens it on each device. Whoever named a device with a worthless key keeps nobody
 * else from reading.
 */
export async function recipientsOf(
  readers: readonly LetterReader[],
  between: Between,
  audience: Audience,
  directory: Known,
  now: number,
): Promise<Recipients> {
  const states = statesOf(between, audience);
  const to: Recipient[] = [];
  const doubted: LetterReader[] = [];
  for (const reader of readers) {
    const known = isWhoTheySay(reader, between, states, directory, now)
      ? keysOf(reader, directory, now)
      : [];
    const usable = await Promise.all(known.map(isUsable));
    const keys = known.filter((_, at) => usable[at]);
    if (keys.length === 0) doubted.push(reader);
    to.push(...keys.map((key) => ({ person: reader.person, key })));
  }
  return { to, doubted };
}

function isWhoTheySay(
  { person, name, state, central }: LetterReader,
  { requesting_state }: Between,
  ofCentral: readonly string[],
  directory: Known,
  now: number,
): boolean {
  const standing = directory.person(person, { now });
  if (!standing.ok || standing.bound.state !== state) return false;
  if (directory.named(person)?.name !== name) return false;
  const states = central ? ofCentral : [requesting_state];
  const roles = central ? [CENTRAL] : DRAFTS;
  return states.includes(state) && roles.some((role) => standing.bound.roles.has(role));
}

function keysOf({ person, central }: LetterReader, directory: Known, now: number): string[] {
  if (central) {
    const standing = directory.person(person, { now });
    const key = standing.ok ? sealingKeyOf(b64u.decode(standing.bound.key)) : null;
    return key === null ? [] : [b64u.encode(key)];
  }
  const named = directory.devicesOf(person).filter((device) => {
    const keys = {
      signatureKey: b64u.decode(device.signature_key),
      historyKey: b64u.decode(device.history_key),
    };
    return directory.device({ ...device, ...keys }, { now }).ok;
  });
  return named.map(({ history_key }) => history_key);
}
