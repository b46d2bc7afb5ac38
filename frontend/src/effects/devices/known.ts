/** Which devices of its person a new device takes as given: those there were when it came. */

import type { Api } from "../../api/api";
import { b64u } from "../../bytes";
import { fromCanonical, NotCanonical } from "../../canonical";
import { keys } from "../../store/records";
import type { Tx } from "../../store/vault";

type Named = { person?: unknown; device?: unknown };

/** The devices that statements about a person name, whatever these are worth. @throws {Unreachable} */
export async function devicesNamed(api: Api, person: string): Promise<string[]> {
  const named = (await api.chains([person])).flatMap((wire) => {
    if (wire.type !== "device") return [];
    try {
      const fields = fromCanonical(b64u.decode(wire.body)) as Named;
      return fields.person === person ? [String(fields.device)] : [];
    } catch (error) {
      if (error instanceof NotCanonical) return [];
      throw error;
    }
  });
  return [...new Set(named)];
}

/** From now on none of these rings on this device. */
export async function takeAsKnown(tx: Tx, devices: readonly string[]): Promise<void> {
  for (const device of devices) {
    const record = await tx.get(keys.ownDevice(device));
    tx.put(keys.ownDevice(device), { name: record?.name ?? "", known: true });
  }
}
