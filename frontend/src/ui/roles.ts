/** The names of roles, by the codes of casehub/core/roles.yaml. */

import { type Key, t } from "./words";

const NAMES: Readonly<Record<string, Key | undefined>> = {
  liaison: "role.liaison",
  coordinator: "role.coordinator",
  ministry: "role.ministry",
  "central-authority": "role.centralAuthority",
  "national-auditor": "role.nationalAuditor",
  "regional-auditor": "role.regionalAuditor",
  secretariat: "role.secretariat",
};

/** A role in words; a code this page does not know stays as it is. */
export function roleName(code: string): string {
  const key = NAMES[code];
  return key === undefined ? code : t(key);
}
