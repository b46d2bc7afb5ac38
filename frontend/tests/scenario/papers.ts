/** Letterheads and documents in miniature: kept as somebody signed them. */

import type { Api } from "../../src/api/api";
import type { LetterheadRow, MakingRow } from "../../src/api/papers";
import { digestText } from "../../src/crypto/papers";
import { OFFICE } from "./authority";
import { refuse } from "./cases";

export class PaperFiles {
  readonly letterheads: LetterheadRow[] = [];
  readonly makings: (MakingRow & { request: string })[] = [];
  /** What is handed out instead, by a server that lies. */
  disguise: (row: LetterheadRow) => LetterheadRow = (row) => row;
  /** How many of the last are handed out; a true server hands out one. */
  newest = 1;
  disguiseMade: (row: MakingRow) => MakingRow = (row) => row;

  routes(person: string, device: () => string): Partial<Api> {
    const shown = () => ({
      own: OFFICE,
      letterheads: structuredClone(this.letterheads.slice(-this.newest)).map(this.disguise),
    });
    const made = (id: string): MakingRow[] =>
      structuredClone(this.makings.filter(({ request }) => request === id)).map(this.disguiseMade);
    return {
      letterheads: async () => shown(),
      changeLetterhead: async ({ number, body, signature }) => {
        if (number <= (this.letterheads.at(-1)?.number ?? 0)) refuse("letterhead-behind");
        const at = new Date().toISOString();
        const said = { number, person, device: device(), at, body, signature };
        this.letterheads.push({ id: crypto.randomUUID(), office: OFFICE, ...said });
        return shown();
      },
      documents: async (request) => made(request),
      makeDocuments: async (request, { client_id: _, files, recipients, ...said }) => {
        const head = this.letterheads.find((one) => one.id === said.letterhead);
        this.makings.push({
          ...said,
          request,
          id: crypto.randomUUID(),
          person,
          device: device(),
          at: new Date().toISOString(),
          letterhead_digest: head ? await digestText(head.body) : "",
          files: [...files],
          recipients: [...recipients],
        });
        return made(request);
      },
    };
  }
}
