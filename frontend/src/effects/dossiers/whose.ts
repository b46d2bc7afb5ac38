/** Whose hand is under something about a request, by the directory's log. */

import type { MoveRow } from "../../api/dossiers";
import { b64u } from "../../bytes";
import type { Directory } from "../../verify/chain";
import { boundThen } from "../directory/then";

/** Who signed, as what they gave themselves out, and by which key. */
type Signed = Pick<MoveRow, "issued" | "person" | "state" | "name" | "device" | "key">;
export type Known = Pick<
  Directory,
  "standing" | "sizeAt" | "device" | "deviceNamed" | "isKeyOf" | "isEnded" | "named" | "stops"
>;
export type Whose = "ok" | "former" | "key";

export const CENTRAL = "central-authority";

/**
 * Whether somebody of that name, in one of these roles or functions, had that key when they signed.
 * Whoever acts as a central authority has no device, and whoever has none acts as that. What they
 * were is judged by the term that counted then, their keys and stops by all that is known now.
 */
export function whose(signed: Signed, who: readonly string[], directory: Known): Whose {
  const now = Date.parse(signed.issued);
  const standing = directory.standing(signed.person, { now });
  if (!standing.ok || standing.bound.state !== signed.state) return "key";
  if (directory.named(signed.person)?.name !== signed.name) return "key";
  const isCentral = signed.device === null;
  const as = who.filter((role) => (role === CENTRAL) === isCentral);
  const did = boundThen(directory, signed.person, now).some(({ roles, functions }) =>
    as.some((one) => roles.has(one) || functions.has(one)),
  );
  if (!did) return "key";
  const since = directory.stops(signed.person).every((at) => at >= now);
  const term = standing.late;
  if (term === "designation-expired" || term === "designation-not-yet") return "key";
  if (term !== undefined && !since) return "key";
  const key = isCentral
    ? keyOfPerson(signed, standing.bound.key, directory)
    : keyOfDevice(signed, directory, now, since);
  return key === "ok" && term !== undefined ? "former" : key;
}

function keyOfPerson({ key, person }: Signed, bound: string, directory: Known): Whose {
  if (key === bound) return "ok";
  return directory.isKeyOf(key, person) ? "former" : "key";
}

function keyOfDevice(
  { device, key, person }: Signed,
  directory: Known,
  now: number,
  since: boolean,
): Whose {
  const named = device === null ? null : directory.deviceNamed(device);
  if (named === null || named.person !== person || named.signature_key !== key) return "key";
  const identity = {
    ...named,
    signatureKey: b64u.decode(named.signature_key),
    historyKey: b64u.decode(named.history_key),
  };
  const verdict = directory.device(identity, { now });
  if (verdict.ok) return "ok";
  const ended = verdict.why === "device-revoked" || verdict.why === "person-revoked";
  return ended && since ? "former" : "key";
}
