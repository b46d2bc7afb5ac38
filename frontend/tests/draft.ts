/** Drafts for tests. */
import type { Json } from "../src/canonical";
import type { Draft } from "../src/rules/book";

/** A draft in which SV asks MX, with what a test puts into it. */
export function makeDraft(sections: { readonly [name: string]: Json } = {}): Draft {
  return {
    v: 1,
    language: "es",
    law_date: "2026-11-24",
    requesting_state: "SV",
    requested_state: "MX",
    unknown: [],
    overrides: [],
    ...sections,
  };
}
