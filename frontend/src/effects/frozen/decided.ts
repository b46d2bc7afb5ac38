/** Where somebody goes on from a thread that stopped, as they decided on this device. */

import { keys } from "../../store/records";
import type { Tx } from "../../store/vault";

/** From here on the stopped thread is no alarm any more. */
export async function decided(tx: Tx, circle: string, into: string): Promise<void> {
  const thread = await tx.get(keys.thread(circle));
  if (thread?.status === "frozen") tx.put(keys.thread(circle), { ...thread, continuedIn: into });
}
