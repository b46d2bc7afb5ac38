/** The names of roles and functions, by the codes of casehub/core/roles.yaml and directory/functions.py. */

import { type Key, t } from "./words";

const NAMES: Readonly<Record<string, Key | undefined>> = {
  liaison: "role.liaison",
  coordinator: "role.coordinator",
  ministry: "role.ministry",
  "central-authority": "role.centralAuthority",
  "national-auditor": "role.nationalAuditor",
  "regional-auditor": "role.regionalAuditor",
  secretariat: "role.secretariat",
  "focal-point": "role.focalPoint",
  signatory: "role.signatory",
};

/** What somebody is, in words: their roles, and what they do besides as a liaison or coordinator. */
export const heldNames = (one: {
  readonly roles: readonly string[];
  readonly functions: readonly string[];
}): string[] => [...one.roles, ...one.functions].map(roleName);

/** A role in words; a code this page does not know stays as it is. */
export function roleName(code: string): string {
  const key = NAMES[code];
  return key === undefined ? code : t(key);
}
