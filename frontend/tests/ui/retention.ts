/** How long cases are kept, for pictures: one that is open, one closed and held, one deleted. */

import type { ErasedView, KeepingRow, Retention, RetentionActs } from "../../src/ui/client";

const CLASSES = [
  { code: "consultation", years: 1, source: "proposal" },
  { code: "case-file", years: 5, source: "proposal" },
  { code: "assistance", years: 10, source: "proposal" },
  { code: "long", years: 20, source: "proposal" },
];

function keeping(id: string, reference: string, over: Partial<KeepingRow>): KeepingRow {
  return {
    case: id,
    reference,
    state: "SV",
    states: ["GT", "MX", "SV"],
    retention: "case-file",
    opened_at: "2026-11-02T14:00:00Z",
    closed_at: null,
    delete_at: null,
    kept_until: null,
    erased_at: null,
    inside: true,
    by_office: true,
    under_way: [],
    holds: [],
    shortening: null,
    ...over,
  };
}

const KEEPING: Retention = {
  classes: CLASSES,
  cases: [
    keeping("c1", "SV-2026-0147", {}),
    keeping("c7", "SV-2021-0031", {
      inside: false,
      closed_at: "2021-11-24T15:00:00Z",
      delete_at: "2026-11-24T15:00:00Z",
      shortening: null,
    }),
    keeping("c8", "SV-2020-0012", {
      inside: false,
      closed_at: "2020-10-02T15:00:00Z",
      delete_at: "2025-10-02T15:00:00Z",
      holds: [
        {
          id: "h1",
          circle: null,
          state: "SV",
          ground: "court-order",
          at: "2025-09-01T15:00:00Z",
          lift: {
            asker: "p-rc",
            at: "2026-11-19T15:00:00Z",
            lapses_at: "2026-11-22T15:00:00Z",
          },
        },
        {
          id: "h2",
          circle: null,
          state: "MX",
          ground: "proceedings",
          at: "2025-09-02T15:00:00Z",
          lift: null,
        },
      ],
    }),
    keeping("c9", "SV-2019-0007", {
      inside: false,
      closed_at: "2019-10-02T15:00:00Z",
      delete_at: "2024-10-02T15:00:00Z",
      erased_at: "2024-10-02T15:01:00Z",
    }),
  ],
  notes: [
    {
      id: "h3",
      circle: "nc",
      state: "SV",
      ground: "investigation",
      at: "2026-11-02T15:00:00Z",
      lift: null,
    },
  ],
  erased: [],
};

/** Of the case that is open. */
export const KEPT = { keeping: KEEPING.cases[0] ?? null, erased: [] };

/** Of the whole view. */
export const RETAINED = { keeping: KEEPING, erasedNotes: [], erasedDrafts: [] };

const told = async (): Promise<Retention> => KEEPING;
export const RETENTION_ACTS: RetentionActs = {
  list: told,
  close: told,
  reopen: told,
  keepLonger: told,
  proposeShorter: told,
  agreeToShorter: told,
  refuseShorter: told,
  hold: told,
  holdNote: told,
  askLift: told,
  agreeToLift: told,
  refuseLift: told,
};

/** Of a case that is over: one of its threads. */
export const ERASED: ErasedView[] = [
  {
    circle: "t8",
    case: "c2",
    kind: "thread",
    retention: "case-file",
    at: "2026-11-18T15:01:00Z",
  },
];
