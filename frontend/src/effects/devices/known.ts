/** Which devices of its person a new device takes as given: those there were when it came. */

import type { Api } from "../../api/api";
import type { WireStatement } from "../../api/schema";
import { b64u } from "../../bytes";
import { fromCanonical, NotCanonical } from "../../canonical";
import { keys } from "../../store/records";
import type { Tx } from "../../store/vault";

type Named = { person?: unknown; device?: unknown };

/**
 * The statements that name a person's devices, whatever these are worth: a browser that is no
 * device yet keeps no directory of its own, and judges them once it is one. @throws {Unreachable}
 */
export async function deviceStatements(api: Api, person: string): Promise<WireStatement[]> {
  const found: WireStatement[] = [];
  for (let after = 0; ; ) {
    const page = await api.directoryLog(after);
    for (const { statement } of page.entries) {
      if (statement?.type === "device" && namedIn(statement)?.person === person) {
        found.push(statement);
      }
    }
    after += page.entries.length;
    if (page.entries.length === 0 || after >= page.size) return found;
  }
}

/** Their devices. */
export function devicesIn(statements: readonly WireStatement[]): string[] {
  return [...new Set(statements.map((one) => String(namedIn(one)?.device)))];
}

function namedIn(wire: WireStatement): Named | null {
  try {
    return fromCanonical(b64u.decode(wire.body)) as Named;
  } catch (error) {
    if (error instanceof NotCanonical) return null;
    throw error;
  }
}

/** From now on none of these rings on this device. */
export async function takeAsKnown(tx: Tx, devices: readonly string[]): Promise<void> {
  for (const device of devices) {
    const record = await tx.get(keys.ownDevice(device));
    tx.put(keys.ownDevice(device), { name: record?.name ?? "", known: true });
  }
}
