/** Dossiers of the fixture: none yet. */

import type { CaseHubClient } from "../../src/ui/client";

const refused = () => Promise.reject(Object.assign(new Error("refused"), { code: "not-found" }));

export function dossiersPart(): CaseHubClient["dossiers"] {
  return {
    list: async () => [],
    read: refused,
    move: refused,
    hashes: async () => [],
    check: async () => new Map(),
  };
}
