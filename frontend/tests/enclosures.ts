/** Where sealed pieces of letters' files lie: whole ones go with the letter that names them. */

import { ApiError } from "../src/api/errors";
import type { FileOpened, LetterRow } from "../src/api/letters";
import { hex } from "../src/bytes";

type Kept = {
  person: string;
  size: number;
  pieces: Map<number, Uint8Array<ArrayBuffer>>;
  digest: string;
  opened: FileOpened[];
};
type Who = { person: string; name: string; state: string };

export class Enclosures {
  readonly kept = new Map<string, Kept>();
  removed: string[] = [];

  /** What the server says of files that a letter took along. */
  told(ids: readonly string[]): LetterRow["files"] {
    return ids.flatMap((id) => {
      const found = this.kept.get(id);
      return found ? [{ id, size: found.size, digest: found.digest, opened: found.opened }] : [];
    });
  }

  routesOf({ person, name, state }: Who, up: () => void) {
    const of = (id: string): Kept => {
      up();
      const found = this.kept.get(id);
      if (found === undefined) throw new ApiError("not-found", 404, "", "", {});
      return found;
    };
    const stands = (id: string) => {
      const { size, pieces, digest } = of(id);
      return { size, completed: digest !== "", missing: pieces.size > 0 ? [] : [0] };
    };
    return {
      begin: async (_: string, id: string, size: number) => {
        up();
        const pieces = new Map<number, Uint8Array<ArrayBuffer>>();
        if (!this.kept.has(id)) {
          this.kept.set(id, { person, size, pieces, digest: "", opened: [] });
        }
        return stands(id);
      },
      ask: async (id: string) => stands(id),
      put: async (id: string, index: number, sealed: Uint8Array<ArrayBuffer>) => {
        of(id).pieces.set(index, sealed.slice());
      },
      complete: async (id: string, digest: Uint8Array) => {
        of(id).digest = hex.encode(digest);
        return stands(id);
      },
      remove: async (id: string) => {
        of(id);
        this.kept.delete(id);
        this.removed.push(id);
      },
      open: async (id: string) => {
        const found = of(id);
        found.opened.push({ person, name, state, at: "2026-11-24T15:05:00Z" });
        return { size: found.size };
      },
      piece: async (id: string, index: number) =>
        of(id).pieces.get(index)?.slice() ?? new Uint8Array(),
    };
  }
}
