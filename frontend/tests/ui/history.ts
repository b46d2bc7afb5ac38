/** Earlier messages as pages are handed them: what would be given, and what was. */

import type { HistoryShown, Line, TakenRecord } from "../../src/ui/client";
import { filesPart } from "./files";
import { LONG } from "./long";

const ME = "p-ma";
const BEFORE = "2026-11-18";

const SAID = [
  ["p-lo", "T15:12:00Z", "La CNBV responde en 15 días si el oficio precisa período y cuenta."],
  ["p-rc", "T15:20:00Z", "Del lado de GT podemos preservar los registros desde hoy."],
  ["p-lo", "T16:02:00Z", "Recibido. Falta el período exacto de la segunda cuenta."],
] as const;

const OFFER: HistoryShown = {
  given: SAID.map(([person, at, text], nth) => ({
    seq: nth + 2,
    at: `${BEFORE}${at}`,
    person,
    text,
    versions: nth === 0 ? [] : ["La CNBV responde en un mes."],
    files: nth === 1 ? ["acta de inspección.pdf"] : [],
    handling: nth === 2 ? { codes: ["lawful"] } : null,
  })),
  held: [
    { seq: 5, at: `${BEFORE}T16:30:00Z`, person: "p-rc", why: "restricted" },
    { seq: 6, at: `${BEFORE}T16:31:00Z`, person: "p-lo", why: "quotes" },
    { seq: 7, at: `${BEFORE}T16:40:00Z`, person: "p-rc", why: "withdrawn" },
  ],
  more: false,
  digest: "A".repeat(43),
  devices: 1,
};

const TAKEN: TakenRecord = {
  at: "2026-11-20T16:20:00Z",
  shown: 3,
  refused: { incomplete: 1, restricted: 2 },
};

/** A thread into which its reader came late, and was given what was said before. */
const GIVEN: Line[] = [
  ...SAID.map(([person, at, text], nth): Line => {
    const given = { person: "p-lo", at: "2026-11-20T16:15:00Z", seq: 9 };
    const whose = { person, device: `d-${person}`, mine: false };
    const seq = nth + 2;
    const stopped = nth === 1 && { stopped: true as const };
    const message = { id: `g${seq}`, seq, at: `${BEFORE}${at}`, ...whose, text };
    return {
      kind: "message",
      message: { ...message, status: "received", given: { ...given, ...stopped } },
    };
  }),
  { kind: "event", seq: 8, at: "2026-11-20T16:10:00Z", what: "joined", people: [ME], by: "p-lo" },
  {
    kind: "act",
    id: "g9",
    seq: 9,
    at: "2026-11-20T16:15:00Z",
    person: "p-lo",
    mine: false,
    what: "give-history",
    about: 0,
    outcome: "done",
    giving: { to: ME, first: 2, last: 7, count: 6, taken: TAKEN },
  },
];

/** What is said in the case's first thread; null where it is what is said there usually. */
export function talkOf(scene: string): Line[] | null {
  if (scene === "long") return LONG;
  if (scene === "files") return filesPart();
  return scene === "given" ? GIVEN : null;
}

export const historyPart = {
  historyLacking: async () => ["p-rc"],
  historyOffer: async () => OFFER,
  giveHistory: async () => ["grant"],
};
