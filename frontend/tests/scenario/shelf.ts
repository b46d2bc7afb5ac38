/** Files in miniature: which pieces of them the server has. */

import type { Api } from "../../src/api/api";

/** Bytes of a piece as it is sealed. */
const PIECE = 1_048_592;
const TAG = 16;

type Call = <Given extends unknown[], Answer>(
  act: (...given: Given) => Promise<Answer>,
) => (...given: Given) => Promise<Answer>;

/** As much of the server's keeping of files as an upload needs. */
export class Shelf {
  /** How many bytes each piece of a file has, by the file's id. */
  readonly pieces = new Map<string, Map<number, number>>();
  /** Pieces that came, those that came again among them. */
  puts = 0;

  /** `call`: how a call gets here. */
  routes(call: Call = (act) => act): Api["attachments"] {
    const state = (id: string, size: number, completed = false) => {
      const held = this.pieces.get(id) ?? new Map<number, number>();
      this.pieces.set(id, held);
      const all = Array.from({ length: Math.ceil(size / (PIECE - TAG)) }, (_, piece) => piece);
      return { size, completed, missing: all.filter((piece) => !held.has(piece)) };
    };
    const routes: Partial<Api["attachments"]> = {
      begin: call(async (_thread: string, id: string, size: number) => state(id, size)),
      put: call(async (id: string, piece: number, sealed: Uint8Array) => {
        this.puts += 1;
        this.pieces.get(id)?.set(piece, sealed.length);
      }),
      complete: call(async (id: string) => state(id, 0, true)),
    };
    return routes as Api["attachments"];
  }
}
