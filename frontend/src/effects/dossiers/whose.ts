/** Whose hand is under something about a request, by the directory's log. */

import type { MoveRow } from "../../api/dossiers";
import { b64u } from "../../bytes";
import type { AsOf, Bound, Directory } from "../../verify/chain";
import { momentsAbout } from "../directory/then";

/** Who signed, as what they gave themselves out, and by which key. */
type Signed = Pick<MoveRow, "issued" | "person" | "state" | "name" | "device" | "key">;
export type Known = Pick<
  Directory,
  "standing" | "begun" | "sizeAt" | "device" | "deviceNamed" | "isEnded" | "names" | "stops"
>;
export type Whose = "ok" | "former" | "key";

/** What ends a device, and is entered at some moment. */
const SINCE: ReadonlySet<string> = new Set(["device-revoked", "person-revoked", "state-stopped"]);

export const CENTRAL = "central-authority";

/**
 * Whether somebody of that name, in one of these roles or functions, had that key when they signed.
 * Whoever acts as a central authority has no device, and whoever has none acts as that. Term, key
 * and device are judged by the log as it was then: what was stopped or replaced by that time signs
 * nothing, and what came later takes nothing back (`former`: it would not count today).
 */
export function whose(signed: Signed, who: readonly string[], directory: Known): Whose {
  const now = Date.parse(signed.issued);
  if (!directory.names(signed.person).has(signed.name)) return "key";
  const isCentral = signed.device === null;
  const as = who.filter((role) => (role === CENTRAL) === isCentral);
  const did = momentsAbout(directory, now).some((then) => {
    const bound = held(signed, directory, then);
    return bound !== null && as.some((one) => bound.roles.has(one) || bound.functions.has(one));
  });
  if (!did) return "key";
  return held(signed, directory, { now }) === null ? "former" : "ok";
}

/** What the person was whose key it is, if they were in office and the key theirs as of then. */
function held(signed: Signed, directory: Known, as: AsOf): Bound | null {
  const { person, state, device, key } = signed;
  // Of what was signed before a log that took over from another (ADR 17): by what it began with. What
  // it says of stops came later.
  const isBefore = as.size === 0;
  const found = directory.standing(person, isBefore ? directory.begun(person, as.now) : as);
  if (!found.ok || found.late !== undefined || found.bound.state !== state) return null;
  if (device === null) return key === found.bound.key ? found.bound : null;
  const named = directory.deviceNamed(device);
  if (named === null || named.person !== person || named.signature_key !== key) return null;
  const identity = {
    ...named,
    signatureKey: b64u.decode(named.signature_key),
    historyKey: b64u.decode(named.history_key),
  };
  const verdict = directory.device(identity, isBefore ? { now: as.now } : as);
  return verdict.ok || (isBefore && SINCE.has(verdict.why)) ? found.bound : null;
}
