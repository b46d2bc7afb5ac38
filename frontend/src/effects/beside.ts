/** The act on a message that stands in clear beside what is sealed, where the server reads it. */

import type { ActKind } from "../crypto/content";

export const ACT =
  /^\{"about":(?:0|[1-9]\d{0,14}),"act":"(edit|withdraw|acknowledge|pin|unpin|resolve|reopen|ask-leave|give-leave|refuse-leave)","client_msg_id":"([0-9a-f-]{36})","v":2\}$/;

/** Which act on which entry stands in clear beside a message; null of what is none on a message. */
export function actBeside(aad: Uint8Array): { kind: ActKind; about: number } | null {
  const found = ACT.exec(new TextDecoder().decode(aad));
  const about = Number(/"about":(\d+)/.exec(found?.[0] ?? "")?.[1]);
  return found?.[1] === undefined || about === 0 ? null : { kind: found[1] as ActKind, about };
}
