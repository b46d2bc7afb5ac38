/** Designations and notices against fixtures: one at every stage; nobody here exists. */

import type {
  CaseHubClient,
  Designation,
  DesignationRow,
  SaidDesignation,
  StateNotice,
} from "../../src/ui/client";

type Acts = CaseHubClient["designations"];
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const soon = (ms: number): string => new Date(Date.now() + ms).toISOString();
const OFFICE = { id: "o1", name: "FGR, Unidad de Trata y Tráfico" };
const COORDINATOR = { id: "p-nc", name: "Marina Arévalo", post: "Coordinación nacional" };
const FIRST = { id: "p-o1", name: "Rosa Elena Funes", post: "Dirección Jurídica" };
const DIGEST = "9f2c41d07be85a36c1f04d9e72ab6350e8d1c4973fa2605bb7e94c108d56fa21";
export const WORDS = ["abeja", "cobre", "lince", "otoño", "rueda", "túnel"] as const;

const row = (id: string, name: string, change: Partial<DesignationRow>): DesignationRow => ({
  id,
  person: `n-${id}`,
  state: "SV",
  stage: "draft",
  since: soon(-DAY),
  due_at: soon(6 * DAY),
  overdue: false,
  name,
  post: "Fiscal de enlace",
  office: OFFICE,
  roles: ["liaison"],
  functions: ["focal-point"],
  drafts: "coordinator",
  languages: ["es", "en"],
  scope: ["smuggling-of-migrants", "trafficking-in-persons"],
  region: "Frontera occidental",
  deputy: { id: "p-dep", name: "Karla Sorto" },
  first: true,
  starts: "2026-11-20T06:00:00Z",
  until: "2027-05-20T05:59:59Z",
  urgent: false,
  renews: null,
  rekey: false,
  reminder: null,
  reads_until: null,
  quiet: null,
  signed: false,
  ...change,
});

export const ROWS: readonly DesignationRow[] = [
  row("d1", "Ana Lidia Rivas", { due_at: soon(9 * DAY) }),
  row("d2", "Bruno Castaneda", {
    stage: "consulted",
    due_at: soon(-HOUR),
    overdue: true,
    renews: "d0",
  }),
  row("d3", "Carla Menjívar", { stage: "nominated", due_at: soon(100 * 60_000), urgent: true }),
  row("d4", "Diego Quijano", { stage: "ministry-1", due_at: soon(2.2 * DAY), renews: "d7" }),
  row("d11", "Dora Mejía", { stage: "ministry-1", due_at: soon(1.2 * DAY) }),
  row("d5", "Elena Guardado", { stage: "approved", due_at: soon(8 * DAY) }),
  row("d6", "Félix Umaña", { stage: "ceremony", due_at: soon(50 * HOUR) }),
  row("d7", "José Benítez", {
    stage: "active",
    due_at: soon(20 * DAY),
    until: soon(20 * DAY),
    reminder: 30,
  }),
  row("d8", "Karla Sorto", {
    stage: "suspended",
    due_at: soon(90 * DAY),
    quiet: { becomes: "removed", at: soon(14 * DAY), since: soon(-76 * DAY) },
  }),
  row("d10", "Nora Cáceres", { stage: "expired", due_at: null, reads_until: soon(5 * DAY) }),
  row("d9", "Luis Ayala", { stage: "rejected", due_at: null }),
];

/** The term that the second renews, with a function that it takes. */
const BEFORE = row("d0", "Bruno Castaneda", {
  stage: "active",
  functions: ["focal-point", "signatory"],
  languages: ["es"],
});

const asked = (id: string, agency: string, change: object = {}) => ({
  id,
  agency,
  asked_at: soon(-3 * DAY),
  due_at: soon(9 * DAY),
  outcome: "",
  date: "",
  digest: null,
  ...change,
});
const HEARD = [
  asked("c1", "police", { outcome: "no-objection", date: "2026-11-18", digest: DIGEST }),
  asked("c2", "migration", { outcome: "objection", date: "2026-11-19" }),
];

const isVoid = (id: string) => (id === "d11" ? "signer-gone" : null);

function whole(base: DesignationRow): Designation {
  const nominated = !["draft", "consulted"].includes(base.stage);
  const signed = base.stage === "ministry-1";
  return {
    ...base,
    drafted_by: COORDINATOR,
    drafted_at: soon(-4 * DAY),
    nominated_by: nominated ? COORDINATOR : null,
    nominated_at: nominated ? soon(-2 * HOUR) : null,
    consultations:
      base.stage === "draft"
        ? [HEARD[0], asked("c3", "interior")].flatMap((one) => one ?? [])
        : HEARD,
    objected_before:
      base.stage === "draft"
        ? []
        : [{ agency: "police", date: "2026-11-12", name: "Lucía Ortega Díaz", roles: ["liaison"] }],
    flags: base.stage === "draft" ? [] : ["objection", "same-office"],
    binds: "coordinator",
    mode: "two-officers",
    hands: 2,
    fields: {},
    body: nominated ? "e30" : null,
    digest: nominated ? DIGEST : "",
    nomination: nominated ? { key: "k", signature: "s" } : null,
    nomination_void: null,
    approvals: signed
      ? [{ officer: FIRST, at: soon(-HOUR), key: "k1", signature: "s", void: isVoid(base.id) }]
      : [],
    approved_at: base.stage === "ceremony" ? soon(-DAY) : null,
    serial: nominated ? "s1" : null,
    code_until: null,
    enrolled: base.stage === "ceremony",
    passkeys: 2,
    passkeys_made: [soon(-2 * HOUR), soon(-HOUR)],
    key: base.stage === "ceremony" ? "k" : null,
    key_at: base.stage === "ceremony" ? soon(-HOUR) : null,
    binding: null,
    bound_at: null,
    reason: base.stage === "rejected" ? "wrong-data" : "",
  };
}

const said = (base: DesignationRow, change: Partial<SaidDesignation> = {}): SaidDesignation => ({
  v: 3,
  serial: "s1",
  issued: Date.now(),
  state: base.state,
  person: base.person,
  name: base.name,
  post: base.post,
  roles: ["liaison"],
  functions: ["focal-point"],
  office: base.office.id,
  agency: base.office.name,
  scope: [...base.scope],
  languages: [...base.languages],
  region: base.region,
  deputy: base.deputy?.id ?? null,
  from: Date.parse(base.starts),
  until: Date.parse(base.until),
  urgent: base.urgent,
  consultation: HEARD.map(({ agency, date, outcome, digest }) => ({
    agency_kind: agency,
    date,
    outcome: outcome as "objection",
    digest,
  })),
  ...change,
});

const notice = (id: string, kind: string, state: string, change: object): StateNotice => ({
  id,
  kind,
  state,
  person: "p-x",
  name: "Lucía Ortega",
  post: "Fiscal de enlace",
  until: "2027-05-20T05:59:59Z",
  urgent: false,
  changed: kind === "changed" ? ["post", "office"] : [],
  at: soon(-5 * HOUR),
  due_at: soon(67 * HOUR),
  acknowledged_at: null,
  overdue: false,
  answers: [],
  late: [],
  ...change,
});

function noticesOf(): StateNotice[] {
  return [
    notice("a1", "announced", "MX", { urgent: true }),
    notice("a2", "suspended", "GT", {
      name: "Raúl Chávez",
      until: null,
      at: soon(-80 * HOUR),
      overdue: true,
    }),
    notice("a3", "announced", "SV", {
      name: "Félix Umaña",
      at: soon(-90 * HOUR),
      answers: [
        { state: "MX", at: soon(-80 * HOUR) },
        { state: "CA", at: soon(-70 * HOUR) },
      ],
      late: ["NI", "PA"],
    }),
    ...["CR", "GT", "MX", "NI", "PA", "DO"].map((state, index) =>
      notice(`r${index}`, "renewed", state, {
        at: soon(-(30 + index) * HOUR),
        acknowledged_at: soon(-29 * HOUR),
      }),
    ),
    notice("a4", "unconfirmed", "HN", {
      person: null,
      name: "",
      post: "",
      until: null,
      acknowledged_at: soon(-HOUR),
    }),
  ];
}

export function designationsPart(scene: string): Acts {
  const forms = new Map<string, string>();
  let notices = noticesOf();
  const rowOf = (id: string): DesignationRow =>
    [...ROWS, BEFORE].find((one) => one.id === id) ?? (ROWS[0] as DesignationRow);
  const one = async (id: string) => whole(rowOf(id));
  const standing = async () => ({
    state: "SV",
    confirmed_at: soon(-85 * DAY),
    confirmed_by: COORDINATOR.name,
    due_at: soon(7 * DAY),
    soon: true,
    overdue: false,
    blocked: false,
    blocked_from: soon(37 * DAY),
    people: ["José Benítez", "Marina Arévalo"].map((name, at) => ({
      id: `p${at}`,
      name,
      post: "Fiscal de enlace",
      office: OFFICE.name,
      roles: at === 0 ? ["liaison"] : ["coordinator"],
      functions: at === 0 ? ["focal-point"] : ["focal-point", "signatory"],
      until: soon(20 * DAY),
    })),
    digest: DIGEST,
  });
  return {
    list: async () => [...ROWS],
    read: one,
    draft: async () => one("d1"),
    change: one,
    ask: one,
    answer: one,
    withdraw: one,
    consulted: async () => one("d2"),
    reject: async () => one("d9"),
    renew: async () => one("d1"),
    code: async () => ({ code: "7K3Q-9XYZ-M2PD-41TV-8RJN-0WCH-5FAE", until: soon(DAY) }),
    offices: async () => [
      {
        id: OFFICE.id,
        state: "SV",
        kind: "specialised-unit",
        name: OFFICE.name,
        telephone: "+999 000 0002",
      },
    ],
    ownWords: async () => [...WORDS],
    prepare: async (found) => ({ body: "e30", digest: DIGEST, said: said(found) }),
    nominate: async () => one("d3"),
    check: async (found) => ({
      said: said(found),
      against: scene === "forged" ? [{ why: "nominator-signature", who: COORDINATOR.name }] : [],
      verified: [COORDINATOR.name, ...(found.approvals.length > 0 ? [FIRST.name] : [])],
      namesake: false,
      deputy: "Karla Sorto",
      mine: true,
    }),
    before: async (found) =>
      found.renews === null
        ? null
        : said(found, {
            post: "Fiscal auxiliar",
            languages: ["es"],
            functions: ["focal-point", "signatory"],
          }),
    approve: async () => one("d5"),
    compare: async (_found, typed) =>
      WORDS.flatMap((word, at) => (word.startsWith(typed[at] ?? "-") ? [] : [at])),
    bind: async () => one("d7"),
    reinstatement: async (person) => ({
      person,
      name: "Karla Sorto",
      suspended_at: soon(-30 * HOUR),
      suspended_by: COORDINATOR,
      reason: "key-exposed",
      removed: false,
      revokes: DIGEST,
      first:
        scene === "officer"
          ? {
              body: "e30",
              digest: DIGEST,
              signer: COORDINATOR,
              key: "k",
              signature: "s",
              at: soon(-HOUR),
              due_at: soon(70 * HOUR),
            }
          : null,
      void:
        scene === "officer" ? null : { signer: COORDINATOR, at: soon(-80 * HOUR), why: "too-old" },
    }),
    reinstate: async (found) => found,
    reminders: async () => ({
      ends_at: soon(20 * DAY),
      reminder: scene === "week" ? null : 30,
      new_key:
        scene === "reminded" ? { stage: "ceremony", at: soon(-2 * HOUR), enrolled: true } : null,
      said: [
        {
          becomes: "suspended" as const,
          days: 14,
          at: soon((scene === "reminded" ? -2 : -9) * DAY),
          since: soon(-55 * DAY),
          back_at: soon((scene === "reminded" ? -1 : -8) * DAY),
        },
      ],
    }),
    standing,
    confirmStanding: standing,
    notices: async () => notices,
    noticesOf: async () => notices.slice(0, 2),
    acknowledge: async (id) => {
      notices = notices.map((item) =>
        item.id === id ? { ...item, acknowledged_at: soon(0), overdue: false } : item,
      );
      return { notice: id };
    },
    acknowledgeUpTo: async () => {
      const waiting = notices.filter((item) => item.state !== "SV" && !item.acknowledged_at);
      notices = notices.map((item) =>
        waiting.includes(item) ? { ...item, acknowledged_at: soon(0), overdue: false } : item,
      );
      return { count: waiting.length };
    },
    keepForm: (form, text) => void forms.set(form, text),
    keptForm: async (form) => forms.get(form) ?? null,
    forgetForm: async (form) => void forms.delete(form),
    flush: async () => undefined,
  };
}
