/** First-line information in miniature: notes between States, as the server keeps them. */

import type { Api } from "../../src/api/api";
import type { NoteRow } from "../../src/api/notes";
import type { Authority } from "./authority";
import { refuse } from "./cases";
import { ConsultationFiles } from "./consultationFiles";
import type { RequestFiles } from "./requests";
import type { Sockets } from "./sockets";

type Kept = { row: NoteRow; client_id: string; joined: string | null };

export class NoteFiles {
  readonly all: Kept[] = [];
  readonly consultations: ConsultationFiles;
  /** The code that whoever sends is refused with. */
  refusing: string | null = null;

  constructor(
    private readonly authority: Pick<Authority, "stateOf">,
    private readonly sockets: Pick<Sockets, "joined" | "changed">,
    requests: RequestFiles,
  ) {
    this.consultations = new ConsultationFiles(authority, requests, sockets);
  }

  people(circle: string): string[] | undefined {
    const note = this.all.find(({ row }) => row.circle === circle);
    return note?.row.people ?? this.consultations.people(circle);
  }

  routes(person: string): Partial<Api> {
    const now = () => new Date().toISOString();
    const shown = ({ row, joined }: Kept): NoteRow => {
      const own = this.authority.stateOf(person) === row.sender_state ? row.case : joined;
      return { ...structuredClone(row), case: own };
    };
    const said = (id: string, change: Partial<NoteRow>): NoteRow => {
      const found = this.all.find(({ row }) => row.id === id && row.people.includes(person));
      if (found === undefined) return refuse("not-found", 404);
      if (this.authority.stateOf(person) !== found.row.state) refuse("note-not-yours", 403);
      if (found.row.step === "declined") refuse("note-over");
      Object.assign(found.row, change);
      this.sockets.joined(found.row.people);
      return shown(found);
    };
    return {
      ...this.consultations.routes(person),
      notes: async () => this.all.filter(({ row }) => row.people.includes(person)).map(shown),
      sendNote: async (caseId, client_id, state, people) => {
        const known = this.all.find((one) => one.client_id === client_id);
        if (known) return shown(known);
        if (this.refusing !== null) refuse(this.refusing);
        const row: NoteRow = {
          id: crypto.randomUUID(),
          circle: crypto.randomUUID(),
          case: caseId,
          sender: person,
          sender_state: this.authority.stateOf(person),
          state,
          people: [person, ...people],
          step: "sent",
          sent_at: now(),
          acknowledged_at: null,
          declined_at: null,
          reason: "",
          joined_at: null,
          used_at: null,
          led_at: null,
          closed_at: null,
          delete_at: null,
          retention: "case-file",
          hold: null,
        };
        const kept = { row, client_id, joined: null };
        this.all.unshift(kept);
        this.sockets.joined(row.people);
        return shown(kept);
      },
      acknowledgeNote: async (id) => said(id, { step: "acknowledged", acknowledged_at: now() }),
      declineNote: async (id, reason) => said(id, { step: "declined", declined_at: now(), reason }),
      joinByNote: async (id, caseId) => {
        for (const one of this.all) if (one.row.id === id) one.joined = caseId;
        return said(id, { step: "joined", joined_at: now() });
      },
      useNote: async (id) => said(id, { step: "used", used_at: now() }),
      leadByNote: async (id) => said(id, { step: "led", led_at: now() }),
    };
  }
}
