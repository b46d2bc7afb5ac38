/** Devices that count, by the directory's log as it was replayed here. */

import { b64u } from "../../bytes";
import type { Directory } from "../../verify/chain";

/** A device in force, as its person's signed statement says. */
export type DeviceInForce = {
  device: string;
  serial: string;
  /** Ed25519 and X25519, 32 bytes each. */
  signatureKey: Uint8Array;
  historyKey: Uint8Array;
  /** Milliseconds since 1970. */
  until: number;
};

/** Those of a person that are in force at `now` (milliseconds since 1970), in one order. */
export function devicesInForce(directory: Directory, person: string, now: number): DeviceInForce[] {
  const found = directory.devicesOf(person).flatMap((fields): DeviceInForce[] => {
    const { device, serial, state, until } = fields;
    const signatureKey = b64u.decode(fields.signature_key);
    const historyKey = b64u.decode(fields.history_key);
    const identity = { state, person, device, signatureKey, historyKey, serial };
    if (!directory.device(identity, { now }).ok) return [];
    return [{ device, serial, signatureKey, historyKey, until }];
  });
  return found.sort((a, b) => (a.device < b.device ? -1 : 1));
}
