/** The part of the gallery's client that auditors use: a search, an entry, figures, wishes. */

import type { CaseHubClient, Entry, EntryRow, Masked } from "../../src/ui/client";
import { indicators } from "./indicators";

const DAY = "2026-11-20";
const masked = (over: Partial<Masked> = {}): Masked => ({
  pseudonym: "P-7K3Q9XY0",
  quarter: "2026Q4",
  state: "SV",
  office: "Ministerio Público, unidad especializada (SV)",
  name: null,
  own: false,
  ...over,
});

const ROWS: readonly EntryRow[] = [
  ["cases.case.read", "done", masked()],
  ["core.act.refused", "refused", masked({ pseudonym: "P-1M2N3P4Q" })],
  ["cases.case.opened", "done", masked({ name: "Inés Paz" })],
  ["", "erased", null],
  ["messaging.message.accepted", "done", masked({ state: "MX", office: null })],
].map(([kind, outcome, actor], index) => ({
  log: "acts-2026",
  position: 12_345 - index,
  at: `${DAY}T1${index}:12:44.000001Z`,
  kind: kind as string,
  outcome: outcome as EntryRow["outcome"],
  actor: actor as Masked | null,
  subject: kind === "" ? null : { sort: "case", text: "SV-2026-0147", person: null },
  proof: index === 0 ? "sealed" : "cosigned",
}));

const ENTRY: Omit<Entry, keyof EntryRow> = {
  states: ["SV", "MX"],
  fields: [
    { name: "case", values: [{ sort: "case", text: "SV-2026-0147", person: null }] },
    { name: "person", values: [{ sort: "person", text: "P-1M2N3P4Q", person: masked() }] },
    { name: "circles", values: [] },
    { name: "digest", values: [{ sort: "opaque", text: "7K3Q9XY0", person: null }] },
  ],
  unread: false,
  size: 12_346,
  needed: 2,
  cosigned: [
    { witness: "CA", at: `${DAY}T15:59:56Z` },
    { witness: "MX", at: `${DAY}T15:59:57Z` },
  ],
  proof_text: "c2sp.org/tlog-proof@v1\n",
  leaf_hash: "5f".repeat(32),
  chain: [
    { step: "entered", at: null, log: "acts-2026", position: 17, count: 1 },
    { step: "designated", at: `${DAY}T09:00:00Z`, log: "acts-2026", position: 18, count: 2 },
    { step: "bound", at: `${DAY}T09:00:00Z`, log: "acts-2026", position: 19, count: 1 },
    { step: "devices", at: `${DAY}T10:00:00Z`, log: "acts-2026", position: 40, count: 2 },
    { step: "cases", at: null, log: null, position: null, count: 3 },
  ],
};

const witness = (name: string, trouble = "") => ({
  name,
  seen_at: trouble === "silent" ? null : `${DAY}T15:59:56Z`,
  size: 12_346,
  trouble,
  since: trouble === "" ? null : `${DAY}T12:00:00Z`,
});

const wish = {
  pseudonym: "P-4T5V6W8X",
  quarter: "2026Q4",
  ground: "complaint",
  reference: "Q-17/2026",
  asked_at: `${DAY}T12:00:00Z`,
  asked_by: "Rosa Lima",
  open_until: `${DAY}T23:00:00Z`,
  decided_at: null,
  decided_by: null,
  until: null,
  mine: false,
  name: null,
  tells_at: null,
  told_at: null,
  deferrals: [],
};
const pair = {
  ground: "complaint",
  reference: "R-1/2026",
  asked_at: `${DAY}T12:00:00Z`,
  asked_by: "Rosa Lima",
  open_until: `${DAY}T23:00:00Z`,
  decided_at: null,
  decided_by: null,
  until: null,
  mine: false,
  first: "MX",
  second: "SV",
  quarter: "2026Q4",
  reads: false,
  consented: true,
};
const naming = {
  day: "2026-10-20",
  body: "Órgano de supervisión (SV)",
  quarter: "2026Q4",
  ground: "complaint",
  told_at: null,
};
const deferral = {
  id: "d1",
  ground: "inquiry",
  reference: "Auto 12/2026",
  state: "open" as const,
  asked_at: `${DAY}T15:00:00Z`,
  asked_by: "Rosa Lima",
  open_until: `${DAY}T23:00:00Z`,
  decided_at: null,
  decided_by: null,
  mine: false,
  until: "2027-02-01T06:00:00Z",
};

/** The console against fixtures; what comes out of order in `scene` is the integrity. */
export function oversightPart(scene: string): CaseHubClient["oversight"] {
  const troubled = scene === "audit-red";
  return {
    integrity: async () => ({
      at: `${DAY}T16:00:00Z`,
      level: troubled ? "red" : "ok",
      logs: [
        {
          name: "acts-2026",
          origin: "audit.casehub.example/2026",
          level: troubled ? "red" : "ok",
          reasons: troubled ? ["disputed", "own-witness-missing"] : [],
          size: 12_346,
          signed: 12_346,
          published: 12_346,
          published_at: `${DAY}T15:59:56Z`,
          cosigned: troubled ? 1 : 3,
          needed: 2,
          waiting: troubled ? 41 : 0,
          witnesses: [
            witness("CA"),
            witness("MX", troubled ? "disputes" : ""),
            witness("SV", troubled ? "silent" : ""),
          ],
        },
      ],
      disputes: troubled
        ? [
            {
              log: "audit.casehub.example/2026",
              witness: "MX",
              at: `${DAY}T12:00:00Z`,
              theirs: "audit.casehub.example/2026\n12346\nAAAA\n",
              ours: "audit.casehub.example/2026\n12346\nBBBB\n",
            },
          ]
        : [],
    }),
    place: async () => ({ size: ENTRY.size, cosigned: ENTRY.cosigned }),
    offices: async () => [{ id: "o1", name: "Ministerio Público, unidad especializada (SV)" }],
    ask: async () => ({
      query: "q1",
      count: ROWS.length,
      most: 10_000,
      unknown: false,
      unknown_case: false,
      entries: [...ROWS],
      next: "1-1",
    }),
    page: async () => ({ entries: [], next: null }),
    figures: async () => ({
      since: "2026-11-18",
      until: DAY,
      zone: "America/El_Salvador",
      days: [
        { day: "2026-11-18", kind: "cases.case.read", count: 12 },
        { day: "2026-11-18", kind: "core.act.refused", count: 3 },
        { day: DAY, kind: "messaging.message.accepted", count: 40 },
      ],
      hours: [
        { hour: 3, count: 4 },
        { hour: 10, count: 51 },
      ],
      night: [22, 23, 0, 1, 2, 3, 4, 5],
      slowest: [
        {
          kind: "oversight.unmasking.agreed",
          log: "acts-2026",
          position: 70,
          at: `${DAY}T12:00:00Z`,
          seconds: 7200,
        },
      ],
      anomalies: (["bulk", "hasty", "refused", "night"] as const).map((sort) => ({
        sort,
        person: masked(),
        at: sort === "night" ? null : `${DAY}T09:00:00Z`,
        day: sort === "night" ? DAY : null,
        count: 21,
        log: sort === "hasty" ? "acts-2026" : null,
        position: sort === "hasty" ? 70 : null,
      })),
    }),
    export: async () => ({
      export: "e1",
      name: "acts-2026-12346.csv",
      log: "acts-2026",
      size: 12_346,
      count: ROWS.length,
      tag_key: "",
    }),
    piece: async () => ({ text: "log,position\r\n", entries: ROWS.length, next: null }),
    bundle: async () => ({ name: "acts-2026-SV-0-12345.zip", file: new Blob() }),
    complete: async () => ({
      origin: "audit.casehub.example/2026",
      size: 12_346,
      tagged: 4_321,
      shown: 4_321,
      hidden: [],
      untagged: [],
    }),
    open: async (log, position) => {
      const row = ROWS.find((one) => one.log === log && one.position === position);
      if (row === undefined) throw Object.assign(new Error("refused"), { code: "not-found" });
      return { ...row, ...ENTRY };
    },
    views: async () => [
      {
        id: "v1",
        name: "Noches",
        filter: {
          acts: ["cases"],
          person: null,
          office: null,
          case: null,
          since: null,
          until: null,
          outcome: null,
        },
        saved_at: `${DAY}T12:00:00Z`,
      },
    ],
    saveView: async () => [],
    removeView: async () => [],
    close: async () => undefined,
    unmaskings: async () => [
      { ...wish, id: "w1", state: "open" },
      { ...wish, id: "w2", state: "open", mine: true },
      {
        ...wish,
        id: "w3",
        state: "agreed",
        decided_by: "Saúl Cruz",
        decided_at: `${DAY}T14:00:00Z`,
        until: `${DAY}T23:00:00Z`,
        name: "Inés Paz",
        tells_at: "2099-12-20T14:00:00Z",
        deferrals: [deferral],
      },
      {
        ...wish,
        id: "w4",
        state: "over",
        decided_by: "Saúl Cruz",
        decided_at: `${DAY}T14:00:00Z`,
        until: `${DAY}T23:00:00Z`,
        tells_at: `${DAY}T14:00:00Z`,
        told_at: `${DAY}T16:00:00Z`,
      },
    ],
    askUnmasking: async () => [],
    askDeferral: async () => [],
    agreeToDeferral: async () => [],
    refuseDeferral: async () => [],
    namings: async () =>
      scene === "named"
        ? [
            { ...naming, id: "n1" },
            { ...naming, id: "n2", ground: null },
          ]
        : [],
    consents: async () => [
      { other: "GT", given_at: null, theirs: false },
      { other: "MX", given_at: `${DAY}T12:00:00Z`, theirs: true },
    ],
    giveConsent: async () => [],
    withdrawConsent: async () => [],
    pairViews: async () => [
      { ...pair, id: "v1", state: "open" },
      { ...pair, id: "v2", state: "open", mine: true, consented: false },
      {
        ...pair,
        id: "v3",
        state: "agreed",
        decided_by: "Saúl Cruz",
        decided_at: `${DAY}T14:00:00Z`,
        until: `${DAY}T23:00:00Z`,
        reads: true,
      },
    ],
    askPairView: async () => [],
    agreeToPairView: async () => [],
    refusePairView: async () => [],
    readPair: async () => ({
      acts: [
        {
          day: DAY,
          kind: "cases.thread.opened",
          outcome: "done",
          actor: "P-7K3Q9XY0",
          state: "MX",
        },
        { day: DAY, kind: "core.act.refused", outcome: "refused", actor: null, state: null },
      ],
      next: 50,
    }),
    confirmNaming: async () =>
      ["n1", "n2"].map((id) => ({ ...naming, id, told_at: `${DAY}T16:00:00Z` })),
    agreeToUnmasking: async () => [],
    refuseUnmasking: async () => [],
    audits: async () => ({
      audits: [
        {
          log: "acts-2026",
          position: 12_300,
          at: `${DAY}T12:00:00Z`,
          kind: "oversight.log.queried",
          name: "Rosa Lima",
          office: "Órgano de supervisión (SV)",
          state: "SV",
          fields: [{ name: "acts", values: [{ sort: "value", text: "cases", person: null }] }],
        },
      ],
      next: null,
    }),
    indicators: async (quarter) => indicators(quarter, scene),
    statistics: async (month) => ({
      month,
      least: 5,
      areas: [
        { name: "SV", cells: { accounts: 40, cases: 12, oversight: null } },
        { name: "MX", cells: { accounts: 31, cases: null, oversight: null } },
      ],
      days: [
        { name: "SV", cells: { [`${month}-18`]: 21, [`${month}-20`]: 31 } },
        { name: "MX", cells: { [`${month}-18`]: null, [`${month}-20`]: 31 } },
      ],
      notes: { sent: 13, acknowledged: null, declined: null, joined: 0, used: 0, led: 0 },
    }),
  };
}
