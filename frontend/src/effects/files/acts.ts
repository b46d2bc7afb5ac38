/** Files beside what is said: the client's door to them. What does the work comes when it is needed. */

import { Unreachable } from "../../api/errors";
import type { Handling } from "../../crypto/handling";
import type { Tells } from "../../store/said";
import type { Desk } from "../desk";
import { part } from "../loading";
import type { Fetching, FileSource, Sink, UploadView } from "./shapes";
import type { Uploads } from "./uploads";

/** What its owner was told of a picture, and had done to it, before it is sealed. */
export type Prepared = { stripped?: boolean; tells?: Tells };

export interface FileActs {
  /**
   * Begin to upload a file into a thread; it waits in the composer until it is sent with a message.
   * Resolves with its id as soon as it has a place there.
   *
   * @throws {NotPossible} `attachment-too-large`, `attachment-many`
   */
  attach(circle: string, source: FileSource, how?: Prepared): Promise<string>;
  /**
   * Go on with an upload whose bytes are not here any more.
   *
   * @throws {NotPossible} `attachment-other` if `source` is another file
   */
  attachAgain(circle: string, id: string, source: FileSource): Promise<void>;
  /**
   * Give a file that waits in the composer terms of its own, beside its message's; null: none.
   *
   * @throws {NotPossible} `attachment-gone` if it waits there no more, or is not read yet
   */
  handleFile(circle: string, id: string, handling: Handling | null): Promise<void>;
  /** Give an upload up, or take one back that is in no message yet. */
  detach(circle: string, id: string): Promise<void>;
  /** Told of a thread's uploads now and whenever they change. */
  onUploads(circle: string, listener: (uploads: readonly UploadView[]) => void): () => void;
  /**
   * Fetch file `id` of the message at entry `seq` into `sink`, each piece verified before it is
   * written; opening it is logged first. The sink is closed only if all of it is what was sent.
   *
   * @throws {NotPossible} `attachment-gone`, `attachment-damaged`
   */
  fetchFile(circle: string, seq: number, id: string, sink: Sink, how: Fetching): Promise<void>;
}

/** The server may be starting anew. */
const AGAIN_MS = 15_000;

const uploading = part(() => import("./uploads"));
const fetching = part(() => import("./fetching"));

export function fileActs(
  at: () => Desk,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
): FileActs {
  const known = new WeakMap<Desk, Uploads>();
  async function uploads(): Promise<Uploads> {
    const desk = at();
    const { Uploads } = await uploading();
    const found = known.get(desk) ?? new Uploads(desk.core);
    known.set(desk, found);
    return found;
  }
  return {
    attach: (...what) => guarded(async () => (await uploads()).attach(...what)),
    attachAgain: (...what) => guarded(async () => (await uploads()).again(...what)),
    handleFile: (...what) => guarded(async () => (await uploads()).handle(...what)),
    detach: (...what) => guarded(async () => (await uploads()).detach(...what)),
    onUploads: (circle, listener) => {
      let stop: (() => void) | null = null;
      let over = false;
      const { core } = at();
      const begin = (): void => {
        void uploads()
          .then((found) => {
            if (!over) stop = found.on(circle, listener);
          })
          .catch((error) => {
            // What was being sent goes on from here: it is not left lying for a bad moment.
            if (!(error instanceof Unreachable)) core.report(error);
            else if (!over) stop = core.after(AGAIN_MS, begin);
          });
      };
      begin();
      return () => {
        over = true;
        stop?.();
      };
    },
    fetchFile: (...what) =>
      guarded(async () => {
        const { core } = at();
        const { fetchFile } = await fetching();
        return fetchFile(core, ...what);
      }),
  };
}
