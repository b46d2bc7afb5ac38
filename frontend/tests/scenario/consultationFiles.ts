/** Informal consultations in miniature, as the server keeps them. */

import type { Api } from "../../src/api/api";
import type { ConsultationRow } from "../../src/api/consultations";
import { hex } from "../../src/bytes";
import type { Authority } from "./authority";
import { refuse } from "./cases";
import type { RequestFiles } from "./requests";
import type { Sockets } from "./sockets";

type Kept = { row: ConsultationRow & { request: string; case: string }; client_id: string };

export class ConsultationFiles {
  readonly all: Kept[] = [];
  /** Milliseconds that whoever is asked may take. */
  term = 60_000;
  /** What the list shows instead of the truth. */
  disguise: (row: ConsultationRow) => ConsultationRow = (row) => row;

  constructor(
    private readonly authority: Pick<Authority, "stateOf">,
    private readonly requests: RequestFiles,
    private readonly sockets: Pick<Sockets, "joined" | "changed">,
  ) {}

  people(circle: string): string[] | undefined {
    return this.all.find(({ row }) => row.circle === circle)?.row.people;
  }

  routes(person: string): Partial<Api> {
    const now = () => new Date().toISOString();
    const shown = ({ row }: Kept): ConsultationRow => {
      const isHome = this.authority.stateOf(person) === row.asker_state;
      const own = isHome ? {} : { request: null, case: null };
      return this.disguise({ ...structuredClone(row), ...own });
    };
    const ended = (kept: Kept, stage: string, change: Partial<ConsultationRow>): void => {
      const { row } = this.requests.file(kept.row.request);
      row.stage = stage;
      Object.assign(kept.row, change, { ended_at: now() });
      row.consultations = this.all
        .filter((one) => one.row.request === row.id)
        .map((one) => one.row);
      this.sockets.joined(kept.row.people);
      this.sockets.changed(row.people, row.id);
    };
    return {
      consultations: async () =>
        this.all.filter(({ row }) => row.people.includes(person)).map(shown),
      askConsultation: async (id, { client_id, version, digest, people, questions }) => {
        const known = this.all.find((one) => one.client_id === client_id);
        if (known) return shown(known);
        const { row: request, versions } = this.requests.file(id);
        if (request.stage !== "self_check") refuse("consultation-stage");
        const newest = versions.at(-1);
        if (newest?.version !== version || hex.encode(newest.digest) !== digest) {
          refuse("version-behind");
        }
        const row = {
          id: crypto.randomUUID(),
          circle: crypto.randomUUID(),
          request: id,
          case: request.case,
          state: request.requested_state,
          asker: person,
          asker_state: request.requesting_state,
          people: [person, ...people],
          version,
          digest,
          questions: [...questions],
          urgent: false,
          asked_at: now(),
          due: new Date(Date.now() + this.term).toISOString(),
          outcome: "",
          answerer: null,
          answer: null,
          ended_at: null,
          closed_at: null,
          delete_at: null,
          retention: "case-file",
          hold: null,
        };
        const kept = { row, client_id };
        this.all.unshift(kept);
        request.stage = "informal_consultation";
        request.consultations = [...request.consultations, row];
        this.sockets.joined(row.people);
        this.sockets.changed(request.people, id);
        return shown(kept);
      },
      answerConsultation: async (id, answer, outcome) => {
        const kept = this.all.find(({ row }) => row.id === id && row.people.includes(person));
        if (kept === undefined) return refuse("not-found", 404);
        if (kept.row.answer === answer) return shown(kept);
        if (this.authority.stateOf(person) !== kept.row.state)
          refuse("consultation-not-yours", 403);
        if (kept.row.outcome !== "") refuse("consultation-over");
        const stage = outcome === "favourable" ? "self_check" : "needs_changes";
        ended(kept, stage, { outcome, answer, answerer: person });
        return shown(kept);
      },
      endConsultation: async (id, which) => {
        const open = this.all.find(({ row }) => row.id === which && row.outcome === "");
        if (open) {
          const isOver = Date.now() >= Date.parse(open.row.due);
          ended(open, "self_check", { outcome: isOver ? "not_answered" : "withdrawn" });
        }
        return structuredClone(this.requests.file(id).row);
      },
    };
  }
}
