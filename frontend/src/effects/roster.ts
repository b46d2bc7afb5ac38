/** The members of a group by person and device, and what a commit changed among them. */

import { b64u } from "../bytes";
import type { Roster } from "../crypto/engine";
import { decodeIdentity } from "../crypto/identity";
import type { Member } from "../store/records";

/**
 * Read who each leaf is. The engine's authentication hook has verified every credential before a
 * leaf gets into a roster, so this only reads.
 */
export function membersOf(roster: Roster): Member[] {
  return roster.map(({ leaf, credential, signatureKey }) => ({
    leaf,
    ...identityOf(credential),
    key: b64u.encode(signatureKey),
  }));
}

export function identityOf(credential: Uint8Array): {
  person: string;
  state: string;
  device: string;
} {
  const { person, state, device } = decodeIdentity(credential);
  return { person, state, device };
}

/** The leaves of devices that did not stand in `before`. */
export function addedTo(before: readonly Member[], after: Roster): Roster {
  const old = new Set(before.map(({ device }) => device));
  return after.filter((leaf) => !old.has(identityOf(leaf.credential).device));
}

export type RosterChange = {
  /** Persons who were not there before. */
  joined: string[];
  /** Persons who are there no more. */
  gone: string[];
  /** Persons who were there already and have a further device now. */
  devices: string[];
  /** Devices that are there no more, of persons who are. */
  lost: Member[];
  /** A device has another owner or key than before, or stands twice: never legitimate. */
  altered: boolean;
};

export function rosterChange(before: readonly Member[], after: readonly Member[]): RosterChange {
  const old = new Map(before.map((member) => [member.device, member]));
  const persons = (members: readonly Member[]) => new Set(members.map((member) => member.person));
  const were = persons(before);
  const are = persons(after);
  const kept = new Set(after.map(({ device }) => device));
  const fresh = after.filter((member) => !old.has(member.device));
  const altered = after.some((member) => {
    const known = old.get(member.device);
    return known !== undefined && (known.person !== member.person || known.key !== member.key);
  });
  return {
    joined: [...are].filter((person) => !were.has(person)),
    gone: [...were].filter((person) => !are.has(person)),
    lost: before.filter(({ device, person }) => !kept.has(device) && are.has(person)),
    devices: [...persons(fresh)].filter((person) => were.has(person)),
    altered: altered || new Set(after.map((member) => member.device)).size !== after.length,
  };
}
