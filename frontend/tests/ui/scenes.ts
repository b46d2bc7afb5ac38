/** What the gallery can show, and whose page each is. */

import type { AltaScene } from "./alta";

export type Scene =
  | AltaScene
  | "anonymous"
  | "password"
  | "full"
  | "long"
  | "many"
  | "files"
  | "given"
  | "empty"
  | "week"
  | "offline"
  | "clock"
  | "frozen"
  | "named"
  | "auditor"
  | "audit-red"
  | "regional"
  | "coordinator"
  | "ministry"
  | "officer"
  | "central"
  | "forged"
  | "reminded";

/** Whose page it is, where it is not a prosecutor's. */
export const ROLES: Readonly<Partial<Record<Scene, string>>> = {
  auditor: "national-auditor",
  "audit-red": "national-auditor",
  regional: "regional-auditor",
  coordinator: "coordinator",
  ministry: "ministry",
  officer: "ministry",
  central: "central-authority",
  forged: "ministry",
  reminded: "coordinator",
};
