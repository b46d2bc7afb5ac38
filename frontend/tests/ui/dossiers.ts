/** Dossiers of the fixture: one to be sent, one on its way that is not all true, one recorded for a State that is not here. */

import {
  type Dossier,
  type InformalContact,
  type MoveRow,
  NOTHING_SAID,
} from "../../src/api/dossiers";
import { takesTwo } from "../../src/effects/dossiers/table";
import type { CaseHubClient, Judged, MoveVerdict } from "../../src/ui/client";

const HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

function moves(rows: readonly Partial<MoveRow>[]): MoveRow[] {
  let after = "ready";
  return rows.map((row, place) => {
    const before = after;
    after = row.after ?? after;
    const on = `2026-11-${10 + place}`;
    return {
      number: place + 1,
      act: "authorise",
      before,
      after,
      person: "p-jb",
      name: "Julia Barahona",
      state: "SV",
      side: "requesting",
      device: null,
      key: "",
      at: `${on}T15:00:00Z`,
      on,
      issued: `${on}T15:00:00Z`,
      version: 4,
      digest: HASH,
      said: NOTHING_SAID,
      signature: "",
      form: 3,
      disclosed: HASH,
      second: null,
      ...row,
    };
  });
}

const SENT = {
  act: "transmit",
  after: "transmitted",
  said: { ...NOTHING_SAID, channel: "oral", language: "es", agreed: true },
};
const THEIRS = { side: "requested", state: "MX", name: "Leonel Ortega" } as const;

const BASE: Dossier = {
  id: "r1",
  requesting_state: "SV",
  requested_state: "MX",
  stage: "authorised",
  version: 4,
  digest: HASH,
  disclosed: {
    requesting_state: "SV",
    requested_state: "MX",
    law_date: "2026-11-09",
    measures: ["bank_records", "documents_records"],
    instruments: ["NASSAU-1992"],
    urgency: "urgent",
    deadline: "2026-12-15",
  },
  proposal: null,
  hands: [],
  answered: [],
  refused: [],
  unconfirmed_since: null,
  case_closed: false,
  contacts: [
    {
      state: "MX",
      asked_at: "2026-11-12T15:00:00Z",
      due: "2026-11-20T06:00:00Z",
      outcome: "with_changes",
      ended_at: "2026-11-13T16:30:00Z",
    },
  ],
  letters: false,
  home_letters: false,
  number: 2,
  moves: moves([{ after: "authorised" }]),
  may: ["transmit"],
  next: [
    { act: "transmit", after: "transmitted", side: "requesting", who: ["central-authority"] },
    {
      act: "withdraw",
      after: "withdrawn",
      side: "requesting",
      who: ["liaison", "coordinator"],
    },
  ],
};

const DOSSIERS: readonly Dossier[] = [
  { ...BASE, home_letters: true },
  {
    ...BASE,
    id: "d2",
    stage: "partially_executed",
    number: 6,
    answered: [0],
    unconfirmed_since: "2026-11-11T15:00:00Z",
    letters: true,
    moves: moves([
      { after: "authorised" },
      SENT,
      { ...THEIRS, act: "acknowledge", after: "acknowledged" },
      { ...THEIRS, act: "begin", after: "in_execution" },
      {
        ...THEIRS,
        act: "answer-part",
        after: "partially_executed",
        second: {
          ...{ person: "p-av", name: "Aurora Villalobos", state: "MX", device: null, key: "" },
          ...{ issued: "2026-11-14T17:30:00Z", signature: "" },
        },
        said: {
          ...NOTHING_SAID,
          measures: [0],
          evidence: [HASH],
          conditions: ["confidential", "this-case-only"],
        },
      },
    ]),
    may: ["confirm", "withdraw"],
    next: [
      {
        act: "confirm",
        after: "partially_executed",
        side: "requesting",
        who: ["central-authority"],
      },
      { act: "withdraw", after: "withdrawn", side: "requesting", who: ["central-authority"] },
      { act: "execute", after: "executed", side: "requested", who: ["central-authority"] },
    ],
  },
  {
    ...BASE,
    id: "d3",
    requested_state: "HN",
    stage: "acknowledged",
    number: 4,
    moves: moves([
      { after: "authorised" },
      SENT,
      {
        act: "acknowledge",
        after: "acknowledged",
        side: "requested",
        said: { ...NOTHING_SAID, proof: HASH },
      },
    ]),
    may: ["refuse-part", "refuse"],
    next: [
      {
        act: "refuse-part",
        after: "acknowledged",
        side: "requested",
        who: ["central-authority"],
      },
      { act: "refuse", after: "refused", side: "requested", who: ["central-authority"] },
    ],
  },
  {
    ...BASE,
    id: "d5",
    stage: "executed",
    disclosed: { ...BASE.disclosed, measures: ["trace_assets", "confiscate"] },
    answered: [0, 1],
    number: 5,
    moves: moves([
      { after: "authorised" },
      SENT,
      { ...THEIRS, act: "acknowledge", after: "acknowledged" },
      { ...THEIRS, act: "begin", after: "in_execution" },
      {
        ...{ ...THEIRS, act: "execute", after: "executed" },
        said: { ...NOTHING_SAID, measures: [0, 1], evidence: [HASH] },
      },
    ]),
    may: ["close"],
    next: [{ act: "close", after: "closed", side: "requesting", who: ["central-authority"] }],
  },
  {
    ...BASE,
    id: "d4",
    requested_state: "CA",
    stage: "transmitted",
    number: 3,
    moves: moves([{ after: "authorised" }, SENT]),
    may: [],
    next: [
      { act: "acknowledge", after: "acknowledged", side: "requested", who: ["central-authority"] },
    ],
  },
];

const FOUND: Readonly<Record<string, readonly MoveVerdict[]>> = {
  d2: ["former", "ok", "key", "signature", "order"],
};

function judged(found: Dossier): Judged {
  const said = FOUND[found.id];
  const verdicts = found.moves.map((_, place) => said?.[place] ?? "ok");
  return { moves: verdicts, stands: said === undefined, proposal: found.proposal && "ok" };
}

const refused = (code: string) =>
  Promise.reject(Object.assign(new Error("refused"), { code, params: { number: 2 } }));

const CONTACT = { state: "GT", asked_at: "2026-11-02T15:00:00Z", due: "2026-11-09T23:00:00Z" };
/** Of a State's central authority: one that waits, one that came to a request, one that was enough. */
const CONTACTS: InformalContact[] = [
  {
    ...{ ...CONTACT, outcome: "", ended_at: null },
    ...{ request: null, withdrawn: "" },
  },
  {
    ...{ ...CONTACT, outcome: "favourable", ended_at: "2026-11-04T15:00:00Z" },
    ...{ request: BASE.id, withdrawn: "" },
  },
  {
    ...{ ...CONTACT, state: "MX", outcome: "with_changes", ended_at: "2026-11-05T15:00:00Z" },
    ...{ request: null, withdrawn: "solved-informally" },
  },
];

/** `handed`: one waits for this person's step. */
export function dossiersPart(handed: boolean): CaseHubClient["dossiers"] {
  const { id: request, requesting_state, requested_state, stage } = BASE;
  const since = { urgent: true, at: "2026-11-20T15:00:00Z" };
  const waiting = { request, requesting_state, requested_state, stage, ...since };
  return {
    wanted: async () => (handed ? [waiting] : []),
    contacts: async () => CONTACTS,
    list: async () =>
      DOSSIERS.map(({ disclosed: { urgency, deadline }, ...one }) => ({
        ...one,
        urgency,
        deadline,
        drafter: one.requesting_state === "SV" ? "p-jb" : null,
        since: "2026-11-20T15:00:00Z",
      })),
    read: async (id) => DOSSIERS.find((one) => one.id === id) ?? (await refused("not-found")),
    move: () => refused("move-behind"),
    holds: async () => false,
    takesTwo: (found, next, said) => takesTwo({ ...next, state: "MX", said }, found),
    confirm: () => refused("move-behind"),
    decline: () => refused("move-behind"),
    hashes: async () => [],
    check: async (found) => judged(found),
    onMoved: () => () => undefined,
  };
}
