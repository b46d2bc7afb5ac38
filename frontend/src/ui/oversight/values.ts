/** What the fields of an act say, in words where it is a code of ours; the rest stays as it is. */

import kinds from "../../api/kinds.json";
import { className, groundName as holdGround, isHoldGround } from "../retention/words";
import { roleName } from "../roles";
import { type Key, t } from "../words";
import { actName } from "./acts";
import { groundName } from "./grounds";

const LEFT: Readonly<Record<string, readonly string[] | undefined>> = kinds;

/** Why a session ended, somebody was stopped, a designation was rejected, a name was asked for. */
const REASONS: Readonly<Record<string, Key | undefined>> = {
  absolute: "reason.absolute",
  "already-handled": "joining.reason.handled",
  closed: "reason.closed",
  "device-lost": "stopping.reason.device-lost",
  "device-revoked": "reason.deviceRevoked",
  drill: "stopping.reason.drill",
  "ended-elsewhere": "reason.endedElsewhere",
  "identity-doubt": "desig.reason.identity",
  expired: "reason.expired",
  idle: "reason.idle",
  "key-exposed": "stopping.reason.key-exposed",
  "left-post": "stopping.reason.left-post",
  misuse: "stopping.reason.misuse",
  "not-competent": "joining.reason.notCompetent",
  "not-needed": "desig.reason.needless",
  objection: "desig.reason.objection",
  "on-leave": "stopping.reason.on-leave",
  other: "stopping.reason.other",
  removed: "reason.removed",
  replaced: "reason.replaced",
  "signed-out": "reason.signedOut",
  "state-stopped": "reason.stateStopped",
  suspended: "reason.suspended",
  "talk-first": "joining.reason.talk",
  unused: "reason.unused",
  "wrong-data": "desig.reason.data",
};

/** An act by its row in the table of roles, or by the kind of what it left. */
function anyAct(name: string): string {
  return actName(LEFT[name]?.[0] ?? name);
}

function reasonName(code: string): string {
  const key = REASONS[code];
  return key === undefined ? groundName(code) : t(key);
}

const IN_WORDS: Readonly<Record<string, ((text: string) => string) | undefined>> = {
  act: anyAct,
  becomes: reasonName,
  functions: roleName,
  ground: (code) => (isHoldGround(code) ? holdGround(code) : groundName(code)),
  reason: reasonName,
  retention: className,
  role: roleName,
  roles: roleName,
  was: className,
};

/** A value of a field in words, or null where it has none but itself. */
export function valueName(field: string, text: string): string | null {
  const words = text === "" ? text : (IN_WORDS[field]?.(text) ?? text);
  return words === text ? null : words;
}
