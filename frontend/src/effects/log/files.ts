/**
 * The files of the published log as a page asks for them: what it may keep, and for how long.
 *
 * - The newest checkpoint is never kept: whether it is older than, or other than, what was believed
 *   is the question of each look. It is asked for each time, past every cache.
 * - The policy is asked for at each look at everything, and whenever a checkpoint does not open
 *   under the one that is believed: it may only grow, so a minute later it refuses no less.
 * - Which log has which name in addresses is no more than a hint: the signed text must name the log
 *   that was meant. It is asked for at each look at everything.
 * - A tile is named by its place and by how much of the tree it holds, so of one history it never
 *   changes: the browser keeps it, for all tabs and past a reload, as the server allows (immutable).
 *   It is believed by nobody: the path made of it has to come to the root that was signed. What was
 *   kept may be of a history that was rewritten since, or have come cut short, and must neither hide
 *   the one as files that do not fit nor stay for a year as the other: where kept tiles do not come
 *   to the root, all are fetched anew, and what those come to is what counts.
 */

import { ApiError } from "../../api/errors";
import type { LogApi } from "../../api/log";
import { Forked } from "../../verify/tlog/follow";
import { Malformed, Unproven } from "../../verify/tlog/refusal";
import type { ReadFile } from "../../verify/tlog/tiles";

export class LogFiles {
  readonly #names = new Map<string, string>();

  constructor(private readonly api: Pick<LogApi, "list" | "checkpoint" | "file">) {}

  async learnNames(): Promise<void> {
    for (const { name, origin } of await this.api.list()) this.#names.set(origin, name);
  }

  /** The newest checkpoint; null if the server says that there is none. */
  async newest(origin: string): Promise<string | null> {
    const name = this.#names.get(origin);
    if (name === undefined) return null;
    try {
      return await this.api.checkpoint(name);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  /**
   * Judge by tiles that may have been kept; where they do not fit, once more by what comes anew.
   *
   * What `judge` finds contradictory is so whoever kept the tiles: its evidence is made of what was
   * signed, and of a path that comes to both roots.
   */
  async judged<T>(origin: string, judge: (read: ReadFile) => Promise<T>): Promise<T> {
    const read = this.#reader(origin, "default");
    let wasRead = false;
    try {
      return await judge((path) => {
        wasRead = true;
        return read(path);
      });
    } catch (error) {
      const misfits = error instanceof Unproven || error instanceof Malformed;
      if (!misfits || error instanceof Forked || !wasRead) throw error;
      return judge(this.#reader(origin, "reload"));
    }
  }

  /** Reads what the server has now, past every cache of this browser. */
  reader(origin: string): ReadFile {
    return this.#reader(origin);
  }

  #reader(origin: string, cache?: RequestCache): ReadFile {
    return async (path) => {
      if (!this.#names.has(origin)) await this.learnNames();
      try {
        return await this.api.file(this.#names.get(origin) ?? "", path, cache);
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 404) throw error;
        throw new Unproven(`${origin} has no ${path}`);
      }
    };
  }
}
