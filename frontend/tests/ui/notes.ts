/** First-line information, at every step. */

import type {
  ConsultingActs,
  NoteActs,
  NoteView,
  ThreadView,
  UnsentNote,
} from "../../src/ui/client";
import { threadView } from "./threads";

function noteThread(id: string, name: string, over: Partial<ThreadView> = {}): ThreadView {
  const people = ["p-rc", "p-ma"];
  return threadView({ circle: `circle-${id}`, kind: "note", name, people, ...over });
}

function note(id: string, over: Partial<NoteView>): NoteView {
  return {
    id,
    caseId: null,
    caseReference: "",
    sent: false,
    sender: "p-rc",
    senderState: "GT",
    state: "SV",
    step: "sent",
    sentAt: "2026-11-20T15:10:00Z",
    acknowledgedAt: null,
    declinedAt: null,
    reason: "",
    joinedAt: null,
    usedAt: null,
    ledAt: null,
    kept: { closedAt: null, deleteAt: null, retention: "case-file", hold: null },
    thread: threadView({
      circle: `circle-${id}`,
      kind: "note",
      name: "Camión blanco",
      fresh: true,
    }),
    waits: null,
    consultation: null,
    ...over,
  };
}

/** Of the case `caseId` with that reference, where they are of one. */
export function notesOf(caseId: string, reference: string): NoteView[] {
  const own = { caseId, caseReference: reference, sent: true, senderState: "SV", sender: "p-ma" };
  const said = { acknowledgedAt: "2026-11-20T16:00:00Z" };
  return [
    note("n1", {}),
    note("n2", {
      ...said,
      step: "used",
      usedAt: "2026-11-21T09:00:00Z",
      thread: noteThread("n2", "Tres hoteles en la frontera"),
    }),
    note("n3", {
      ...own,
      state: "MX",
      thread: noteThread("n3", "Ruta hacia Tapachula"),
      waits: "Placa",
    }),
    note("n4", {
      ...own,
      state: "HN",
      step: "declined",
      declinedAt: "2026-11-21T09:00:00Z",
      reason: "nothing-found",
      thread: noteThread("n4", "Dos números de teléfono"),
    }),
    note("n5", {
      sender: "p-rc",
      thread: noteThread("n5", "Registros bancarios"),
      consultation: {
        request: null,
        version: 4,
        urgent: false,
        due: "2026-11-27T06:00:00Z",
        outcome: "",
        answerer: null,
        answer: null,
        questions: ["offence", "available", "nexus"],
        endedAt: null,
        waits: false,
      },
    }),
  ];
}

export const UNSENT: UnsentNote = {
  id: "u1",
  at: 0,
  caseId: "c1",
  caseReference: "SV-2026-0147",
  state: "NI",
  people: [],
  subject: "Un bus hacia Peñas Blancas",
  text: "Placa P-123, sale a las seis",
  handling: null,
  refused: "note-nobody",
};

export const NOTE_ACTS: NoteActs["notes"] = {
  left: () => false,
  // Somebody who was designated, and has not come in yet.
  reaches: (person) => person !== "p-rc",
  send: async (id) => id,
  discard: async () => undefined,
  acknowledge: async () => undefined,
  decline: async () => undefined,
  join: async () => undefined,
  use: async () => undefined,
  lead: async () => undefined,
};

export const CONSULTING_ACTS: ConsultingActs["consulting"] = {
  answer: async () => undefined,
  end: async () => undefined,
  giveUp: async () => undefined,
  heard: async () => null,
};

export { PAPER_ACTS } from "./papers";
