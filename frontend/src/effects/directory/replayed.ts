/** The directory's log for the pages that show who counts, by signatures verified on this device. */

import { isPassing } from "../../api/errors";
import type { SessionInfo } from "../../api/schema";
import type { Directory } from "../../verify/chain";
import type { Deps } from "../deps";
import type { LogWatch } from "../log/watch";
import type { People } from "../people";
import { signsAlone } from "../sessions";
import { DirectoryLog } from "./log";

type Desk = { readonly core: { readonly people: Pick<People, "replayed"> } };

/**
 * What the desk follows, or, of whoever signs and has none, what is followed here, in memory. Null
 * for those whom the server tells no statements.
 */
export function replayedBy(
  deps: Pick<Deps, "api" | "roots">,
  watch: LogWatch | null,
  session: () => SessionInfo,
  desk: () => Desk | null,
): () => Promise<Directory | null> {
  let log: DirectoryLog | null = null;
  return async () => {
    const working = desk();
    if (working !== null) return working.core.people.replayed();
    const { state, person } = session();
    if (state !== "full" || person === null || !signsAlone(person) || watch === null) return null;
    log ??= new DirectoryLog(deps.api, watch, deps.roots);
    try {
      await log.refresh();
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    return log.size > 0 ? log.directory : null;
  };
}
