/** Files beside what is said: the client's door to them. What does the work comes when it is needed. */

import { Unreachable } from "../../api/errors";
import type { Handling } from "../../crypto/handling";
import type { Tells } from "../../store/said";
import type { Core } from "../core";
import { type Deps, systemTimers } from "../deps";
import type { Desk } from "../desk";
import { part } from "../loading";
import { NotPossible } from "../problems";
import { keeperOf } from "./keeper";
import type { Fetching, FileSource, Keeper, Sink, UploadView } from "./shapes";
import type { Uploads } from "./uploads";

/** What its owner was told of a picture, and had done to it, before it is sealed. */
export type Prepared = { stripped?: boolean; tells?: Tells };

/** Uploads of one place: a thread, or where a letter is typed. */
export interface UploadActs {
  /**
   * Begin to upload a file into a place; it waits there until it is sent with what is said.
   * Resolves with its id as soon as it has a place there.
   *
   * @throws {NotPossible} `attachment-too-large`, `attachment-many`
   */
  attach(place: string, source: FileSource, how?: Prepared): Promise<string>;
  /**
   * Go on with an upload whose bytes are not here any more.
   *
   * @throws {NotPossible} `attachment-other` if `source` is another file
   */
  attachAgain(place: string, id: string, source: FileSource): Promise<void>;
  /**
   * Give a file that waits there terms of its own, beside those of what it goes with; null: none.
   *
   * @throws {NotPossible} `attachment-gone` if it waits there no more, or is not read yet
   */
  handleFile(place: string, id: string, handling: Handling | null): Promise<void>;
  /** Give an upload up, or take one back that was not sent yet. */
  detach(place: string, id: string): Promise<void>;
  /** Told of a place's uploads now and whenever they change. */
  onUploads(place: string, listener: (uploads: readonly UploadView[]) => void): () => void;
}

export interface FileActs extends UploadActs {
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

type Guarded = <T>(act: () => Promise<T>) => Promise<T>;

/** `at` is whoever keeps the files now; it rejects while nobody is signed in. */
export function uploadActs(
  deps: () => Deps,
  at: () => Promise<Keeper>,
  guarded: Guarded,
): UploadActs {
  const known = new WeakMap<Keeper, Uploads>();
  async function uploads(): Promise<Uploads> {
    const keeper = await at();
    const { Uploads } = await uploading();
    const found = known.get(keeper) ?? new Uploads(keeper);
    known.set(keeper, found);
    return found;
  }
  return {
    attach: (...what) => guarded(async () => (await uploads()).attach(...what)),
    attachAgain: (...what) => guarded(async () => (await uploads()).again(...what)),
    handleFile: (...what) => guarded(async () => (await uploads()).handle(...what)),
    detach: (...what) => guarded(async () => (await uploads()).detach(...what)),
    onUploads: (place, listener) => {
      let stop: (() => void) | null = null;
      let over = false;
      const begin = (): void => {
        void uploads()
          .then((found) => {
            if (!over) stop = found.on(place, listener);
          })
          .catch((error) => {
            // Signed out there is nothing to tell of: who signs in has this asked for anew.
            if (over || error instanceof NotPossible) return;
            // What was being sent goes on from here: it is not left lying for a bad moment.
            const { timers = systemTimers, report } = deps();
            if (error instanceof Unreachable) stop = timers.after(AGAIN_MS, begin);
            else report?.(error);
          });
      };
      begin();
      return () => {
        over = true;
        stop?.();
      };
    },
  };
}

export function fileActs(deps: () => Deps, at: () => Desk, guarded: Guarded): FileActs {
  const kept = new WeakMap<Core, Keeper>();
  async function keeper(): Promise<Keeper> {
    const { core } = at();
    const known = kept.get(core);
    if (known !== undefined) return known;
    const made = keeperOf(deps(), {
      door: core.api.attachments,
      vault: core.vault,
      exclusive: (task) => core.exclusive(task),
      tab: () => core.tab,
      isOver: () => core.over,
      isOpenElsewhere: (tab) => core.isOpenElsewhere(tab),
      report: (error) => core.report(error),
    });
    kept.set(core, made);
    return made;
  }
  return {
    ...uploadActs(deps, keeper, guarded),
    fetchFile: (...what) =>
      guarded(async () => {
        const { fetchFile } = await fetching();
        return fetchFile(await keeper(), ...what);
      }),
  };
}
