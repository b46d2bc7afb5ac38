/** Letterheads and documents for pages that show none. */
import type { CaseHubClient } from "../../src/ui/client";

export const PAPER_ACTS: CaseHubClient["papers"] = {
  letterheads: async () => ({ own: null, after: 0, letterheads: [] }),
  changeLetterhead: async () => ({ own: null, after: 0, letterheads: [] }),
  ready: () => Promise.reject(new Error("not here")),
  make: async () => [],
  made: async () => [],
  recognise: async () => [],
};
