/** An invented directory for the gallery: offices, hours, one person whose signatures do not hold. */

import type { Card, DirectoryActs, DirectoryRead, OfficeCard, Standing } from "../../src/ui/client";
import { PEOPLE } from "./people";

const ZONES: Readonly<Record<string, string>> = {
  SV: "America/El_Salvador",
  GT: "America/Guatemala",
  MX: "America/Mexico_City",
  US: "America/New_York",
};
const TELEPHONES: Readonly<Record<string, string>> = {
  SV: "+999 000 0002",
  MX: "+999 070 0002",
};
const OFFICER: Card = {
  ...cardOf({ ...(PEOPLE[0] as (typeof PEOPLE)[number]), id: "p-fm", roles: ["ministry"] }),
  name: "Beatriz Solís",
  post: "Oficial de Cancillería",
  office: "Ministerio de Relaciones Exteriores",
  office_id: "o-SV-fm",
};

function cardOf(person: (typeof PEOPLE)[number]): Card {
  const own = person.state === "SV";
  const zone = ZONES[person.state];
  return {
    ...person,
    told: own ? "own" : "card",
    status: person.id === "p-dn" ? "suspended" : "in-force",
    office_id: `o-${person.state}`,
    telephone: TELEPHONES[person.state] ?? "",
    scope: ["smuggling", "trafficking"],
    hours:
      zone === undefined ? null : { zone, days: [1, 2, 3, 4, 5], opens: "00:00", closes: "23:59" },
    duty: person.roles.includes("coordinator"),
    contact: own ? person.id !== "p-jb" : null,
  };
}

const CARDS: Card[] = [OFFICER, ...PEOPLE.map(cardOf)];

function office(id: string, state: string, kind: string, name: string): OfficeCard {
  const telephone = id === `o-${state}` ? (TELEPHONES[state] ?? "") : "";
  return { id, state, kind, name, telephone, competences: [], changes: [] };
}

const OFFICES: OfficeCard[] = [
  ...[...new Map(PEOPLE.map((one) => [one.state, one.office]))].map(([state, name]) =>
    office(`o-${state}`, state, "specialised-unit", name),
  ),
  {
    ...office("o-SV-fm", "SV", "ministry", "Ministerio de Relaciones Exteriores"),
    competences: [
      {
        id: "k1",
        instrument: "UNCAC-46",
        since: "2006-01-01",
        until: null,
        source: "Nota verbal (dato ficticio)",
        confidence: "low",
      },
    ],
  },
  {
    ...office("o-SV-ca", "SV", "central", "Autoridad central"),
    competences: [
      {
        id: "k2",
        instrument: "UNCAC-46",
        since: "2022-06-21",
        until: null,
        source: "Nota verbal (dato ficticio)",
        confidence: "high",
      },
      {
        id: "k3",
        instrument: "",
        since: "2030-01-01",
        until: "2031-01-01",
        source: "Nota verbal (dato ficticio)",
        confidence: "medium",
      },
    ],
    changes: [
      {
        what: "directory.office.changed",
        at: "2026-10-01T15:00:00Z",
        by: "p-ma",
        was: { kind: "central", name: "Oficina de cooperación", telephone: "" },
      },
    ],
  },
];

const ISSUED = Date.parse("2026-01-15T00:00:00Z");
const UNTIL = Date.parse("2027-01-15T00:00:00Z");

function standingOf({ id, roles }: Card): Standing {
  if (id === "p-ew") return { level: "unverified", why: "designation-unsigned" };
  const level = roles.includes("ministry") ? "officer" : "key";
  const by = level === "key" ? ["p-fm"] : [];
  return { level, fingerprint: "0f5a".repeat(16), issued: ISSUED, until: UNTIL, by };
}

/** Whose eyes it is seen with, by scene. */
export function directoryPart(scene: string): DirectoryActs {
  const people = scene === "ministry" ? CARDS.map(seenByMinistry) : scene === "empty" ? [] : CARDS;
  const read: DirectoryRead = { at: "2026-11-20T15:58:00Z", people, offices: OFFICES };
  const opened = (id: string) => {
    const card = people.find((one) => one.id === id);
    if (card === undefined) {
      throw Object.assign(new Error("not found"), { code: "not-found" });
    }
    const at = "2026-11-02T14:00:00Z";
    const was = { zone: "America/El_Salvador", days: "12345", opens: "08:00", closes: "16:00" };
    const own = card.told === "own";
    return {
      card,
      changes: own ? [{ what: "directory.hours.changed", at, by: "p-ma", was }] : [],
      openings: id === "p-ma" ? [{ by: "Lucía Ortega", state: "MX", case: "c1", at }] : [],
    };
  };
  return {
    last: () => (scene === "offline" ? read : null),
    read: async () => {
      if (scene === "offline") throw Object.assign(new Error("offline"), { code: "unreachable" });
      return read;
    },
    standings: async (asked) => new Map(asked.map((card) => [card.id, standingOf(card)])),
    figures: async () => OFFICES.slice(0, 5).map(({ state }, at) => ({ state, people: 4 + at })),
    printPage: async () => ({ at: new Date().toISOString() }),
    openCard: async (id) => opened(id),
    openContact: async () => ({
      phone: "+503 7000 0000",
      note: "Después de las 22:00 solo llamar",
      duty: false,
      at: "2026-11-02T14:00:00Z",
    }),
    giveContact: async () => opened("p-ma"),
    changeContact: async (id) => opened(id),
    changeHours: async (id) => opened(id),
    enterOffice: async () => OFFICES,
    changeOffice: async () => OFFICES,
    enterCompetence: async () => OFFICES,
    endCompetence: async () => OFFICES,
  };
}

function seenByMinistry(card: Card): Card {
  if (card.told === "own") return card;
  const blank = { name: "", languages: [], scope: [], hours: null, duty: false, contact: null };
  return { ...card, ...blank, told: "post", valid_until: null };
}
