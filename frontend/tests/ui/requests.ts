/** The part of the gallery's client that drafts requests. */

import type { Draft } from "../../src/rules/book";
import type { CaseHubClient, DraftView, RequestView, View } from "../../src/ui/client";
import { dossiersPart } from "./dossiers";
import { DRAFT, EARLIER, STARTED } from "./drafts";
import { STOPPED_DRAFT } from "./frozen";
import { lettersFixture } from "./letters";

const ME = "p-ma";
const DAY = "2026-11-20";

function request(id: string, over: Partial<RequestView>): RequestView {
  return {
    id,
    caseId: "c1",
    caseReference: "SV-2026-0147",
    circle: `d-${id}`,
    title: "Registros bancarios",
    requestingState: "SV",
    requestedState: "MX",
    stage: "draft",
    cameBack: false,
    version: 4,
    drafter: ME,
    people: [ME, "p-jb"],
    status: "active",
    frozen: null,
    continues: null,
    turn: null,
    attested: null,
    openedAt: "2026-11-12T14:00:00Z",
    savedAt: `${DAY}T15:40:00Z`,
    dirty: false,
    malformed: null,
    consultations: [],
    ...over,
  };
}

const UNTIL = `${DAY}T16:05:00Z`;

const REQUESTS: readonly RequestView[] = [
  request("r1", { turn: { person: ME, until: UNTIL, mine: true } }),
  request("r2", {
    title: "Declaración por videoconferencia",
    requestedState: "GT",
    stage: "ready",
    version: 9,
    attested: { version: 9, rulebook: "0".repeat(64), person: ME, at: `${DAY}T14:00:00Z` },
  }),
  request("r3", {
    title: "Rastreo de bienes",
    requestedState: "US",
    turn: { person: "p-jb", until: UNTIL, mine: false },
    consultations: [
      {
        id: "k1",
        circle: "circle-k1",
        state: "US",
        asker: "p-jb",
        version: 3,
        digest: "0".repeat(64),
        questions: ["offence", "nexus"],
        urgent: false,
        asked_at: "2026-11-13T14:00:00Z",
        due: "2026-11-21T05:00:00Z",
        outcome: "with_changes",
        answerer: "p-x",
        answer: "m1",
        ended_at: "2026-11-16T14:00:00Z",
      },
    ],
    attested: { version: 3, rulebook: "0".repeat(64), person: "p-jb", at: `${DAY}T14:00:00Z` },
  }),
  request("r4", { title: null, requestedState: "", status: "waiting", version: 0, savedAt: null }),
  request("r6", {
    title: "Datos de suscriptor",
    requestedState: "CA",
    dirty: true,
    turn: { person: ME, until: UNTIL, mine: true },
  }),
  request("r7", {
    title: "Registro de domicilio",
    caseId: "c2",
    caseReference: "MX-2026-0092",
    version: 5,
    turn: { person: ME, until: UNTIL, mine: true },
    malformed: { version: 5, person: "p-jb", good: 4 },
  }),
  request("r8", {
    title: "Antecedentes",
    caseReference: "",
    version: 2,
    malformed: { version: 2, person: "p-jb", good: 0 },
  }),
  request("r9", {
    title: "Registros migratorios",
    dirty: true,
    turn: { person: ME, until: UNTIL, mine: true },
  }),
  request("r10", {
    title: "Cuentas en Monterrey",
    version: 1,
    turn: { person: ME, until: UNTIL, mine: true },
  }),
  request("r11", { title: "Datos de la lancha", dirty: true }),
  request("r12", { title: "De un servidor más nuevo", stage: "unknown" }),
  request("r5", {
    title: "Ubicación de testigos",
    requestedState: "DO",
    dirty: true,
    turn: { person: ME, until: UNTIL, mine: true },
  }),
];

/** All of them; the first one's circle may have stopped. */
export function requestsOf(stopped: boolean): RequestView[] {
  const [first, ...others] = REQUESTS;
  if (!stopped || first === undefined) return [...REQUESTS];
  return [{ ...first, ...STOPPED_DRAFT }, ...others];
}

function draftOf(id: string): DraftView {
  const base: DraftView = {
    draft: DRAFT,
    base: 4,
    dirty: false,
    saving: "idle",
    savedAt: `${DAY}T15:40:00Z`,
    behind: false,
    turnLost: false,
    comments: [
      {
        id: "k1",
        section: "facts",
        text: "Falta decir quién recibió los depósitos.",
        person: "p-jb",
        at: `${DAY}T15:10:00Z`,
        resolved: null,
      },
      {
        id: "k2",
        section: "facts",
        text: "Fechas corregidas.",
        person: ME,
        at: `${DAY}T14:10:00Z`,
        resolved: { person: "p-jb", at: `${DAY}T15:00:00Z` },
      },
    ],
    attestation: null,
  };
  if (id === "r2") return { ...base, attestation: { agrees: true } };
  if (id === "r11") return { ...base, draft: EARLIER, dirty: true, turnLost: true };
  if (id === "r10") return { ...base, draft: STARTED, comments: [] };
  if (id === "r3") return { ...base, attestation: { agrees: false, why: "attestation-results" } };
  if (id === "r6") return { ...base, draft: EARLIER, base: 3, dirty: true, behind: true };
  if (id === "r9") return { ...base, dirty: true, saving: "failed", error: "version-day-full" };
  if (id === "r5") return { ...base, dirty: true, saving: "failed", error: "unreachable" };
  return base;
}

type Door = { view: () => View; become: (next: View) => void };
type Part = Pick<
  CaseHubClient,
  | "dossiers"
  | "letters"
  | "draftRequest"
  | "onDraft"
  | "draftHere"
  | "editDraft"
  | "keepMine"
  | "takeTheirs"
  | "setAside"
  | "saveDraft"
  | "takeTurn"
  | "giveTurn"
  | "versions"
  | "version"
  | "newestVersion"
  | "comment"
  | "resolveComment"
  | "attest"
  | "addDrafter"
  | "removeDrafter"
>;

/** A client that keeps drafts in memory and saves them half a second after the last key. */
/** `written`: others wrote what this person was not shown yet, and handed a request on to them. */
export function requestsPart({ view, become }: Door, written: boolean): Part {
  const drafts = new Map<string, DraftView>();
  const listeners = new Map<string, Set<(draft: DraftView) => void>>();
  const now = (id: string): DraftView => drafts.get(id) ?? draftOf(id);
  const tell = (id: string, next: DraftView): void => {
    drafts.set(id, next);
    for (const listener of listeners.get(id) ?? []) listener(next);
  };
  const alter = (id: string, over: Partial<RequestView>): void => {
    const requests = view().requests.map((one) => (one.id === id ? { ...one, ...over } : one));
    become({ ...view(), requests });
  };
  const save = (id: string): void => {
    const { version = 0 } = view().requests.find((one) => one.id === id) ?? {};
    const savedAt = new Date().toISOString();
    alter(id, { version: version + 1, savedAt, dirty: false });
    tell(id, { ...now(id), base: version + 1, savedAt, dirty: false, saving: "idle" });
  };
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  return {
    dossiers: dossiersPart(written),
    letters: lettersFixture(written),
    draftRequest: async (caseId, title, draft: Draft, people) => {
      const id = `n${view().requests.length}`;
      const made = request(id, { caseId, title, people: [ME, ...people], version: 0 });
      drafts.set(id, { ...draftOf(id), draft, base: 0, comments: [], savedAt: null });
      const { requested_state: requestedState } = draft;
      become({ ...view(), requests: [...view().requests, { ...made, requestedState }] });
      return id;
    },
    onDraft: (id, listener) => {
      const all = listeners.get(id) ?? new Set();
      listeners.set(id, all.add(listener));
      if (id !== "r8") listener(now(id));
      return () => all.delete(listener);
    },
    draftHere: (id) => (id === "r4" ? null : now(id).draft),
    keepMine: async (id) => tell(id, { ...now(id), behind: false }),
    takeTheirs: async (id) => tell(id, { ...now(id), draft: DRAFT, dirty: false, behind: false }),
    setAside: (id) => (id === "r6" ? [{ at: `${DAY}T13:00:00Z`, base: 2, draft: EARLIER }] : []),
    editDraft: (id, draft) => {
      clearTimeout(waiting.get(id));
      tell(id, { ...now(id), draft, dirty: true });
      waiting.set(
        id,
        setTimeout(() => save(id), 500),
      );
    },
    saveDraft: async (id) => save(id),
    takeTurn: async (id) => {
      alter(id, { turn: { person: ME, until: UNTIL, mine: true } });
      tell(id, { ...now(id), turnLost: false });
    },
    giveTurn: async (id) => alter(id, { turn: null }),
    versions: async (id) => {
      const [told, heard] = [
        { by: null, claimed: null },
        { by: "p-jb", claimed: null },
      ];
      const lied = id === "r7" ? { claimed: ME } : {};
      if (id === "r10") {
        return [{ version: 1, at: `${DAY}T15:40:00Z`, person: ME, source: "author", ...told }];
      }
      return [
        { version: 4, at: `${DAY}T15:40:00Z`, person: ME, source: "author", ...told },
        { version: 3, at: `${DAY}T14:02:00Z`, person: "p-jb", source: "author", ...told, ...lied },
        { version: 2, at: "2026-11-19T20:00:00Z", person: ME, source: "drafter", ...heard },
        { version: 1, at: "2026-11-19T19:00:00Z", person: ME, source: "server", ...told },
      ];
    },
    version: async (_id, version) => (version === 2 ? null : version === 3 ? EARLIER : DRAFT),
    newestVersion: async (id) => {
      if (id === "r2") {
        throw Object.assign(new Error("refused"), { code: "version-key-missing" });
      }
      return { version: now(id).base, draft: now(id).draft };
    },
    comment: async (id, section, text) => {
      const at = new Date().toISOString();
      const one = { id: at, section, text, person: ME, at, resolved: null };
      tell(id, { ...now(id), comments: [...now(id).comments, one] });
    },
    resolveComment: async (id, comment) => {
      const resolved = { person: ME, at: new Date().toISOString() };
      const comments = now(id).comments.map((one) =>
        one.id === comment ? { ...one, resolved } : one,
      );
      tell(id, { ...now(id), comments });
    },
    attest: async (id, ready) => {
      const at = new Date().toISOString();
      const version = now(id).base;
      alter(id, {
        attested: { version, rulebook: "0".repeat(64), person: ME, at },
        ...(ready && { stage: "ready" as const }),
      });
      tell(id, { ...now(id), attestation: { agrees: true } });
    },
    addDrafter: async (id, person) => {
      const { people = [] } = view().requests.find((one) => one.id === id) ?? {};
      alter(id, { people: [...people, person] });
    },
    removeDrafter: async (id, person) => {
      const { people = [] } = view().requests.find((one) => one.id === id) ?? {};
      alter(id, { people: people.filter((one) => one !== person) });
    },
  };
}
