/** Whether an auditor is shown every entry that carries their State's tag. */

import type { LogApi } from "../../api/log";
import type { OversightRoutes } from "../../api/oversight";
import { Unproven } from "../../verify/tlog/refusal";
import { taggedPlaces } from "../../verify/tlog/tags";
import { fromBase64 } from "../../verify/tlog/text";
import type { LogWatch } from "./watch";

export type Completeness = {
  origin: string;
  /** All entries below this place were looked at. */
  size: number;
  /** How many carry the State's tag, and how many the server shows. */
  tagged: number;
  shown: number;
  /** Places that carry the tag and are not shown. */
  hidden: number[];
  /** Places that are shown and carry no such tag: another key was handed out, or another's entry. */
  untagged: number[];
};

export type Looking = {
  /** How many of how many entries are read. */
  progress: (done: number, all: number) => void;
  signal: AbortSignal;
};

/**
 * Have the server show all that it calls the State's, an export and so an act, and hold it against
 * the public log, read whole and checked against the history that this browser follows.
 *
 * @throws {Unproven} if the public log does not hold, or is not the one that is shown.
 * @throws {DOMException} AbortError, when `signal` ends it.
 */
export async function completeness(
  routes: Pick<OversightRoutes, "ask" | "export" | "piece">,
  api: Pick<LogApi, "checkpoint" | "file">,
  watch: Pick<LogWatch, "agree" | "logs">,
  { progress, signal }: Looking,
): Promise<Completeness> {
  // What was published before may not be left out of the count: the act to be hidden is old.
  const before = new Map(watch.logs.map(({ origin, size }) => [origin, size]));
  const { made, shown } = await taken(routes, signal);
  const { checkpoint } = await watch.agree(await api.checkpoint(made.log));
  if (checkpoint.size < made.size) throw new Unproven("it shows more than it has published");
  if (made.size < (before.get(checkpoint.origin) ?? 0)) {
    throw new Unproven("it counts to a place before what it had published");
  }
  const read = (path: string) => {
    signal.throwIfAborted();
    return api.file(made.log, path);
  };
  const tagged = await taggedPlaces(checkpoint, made.size, fromBase64(made.tag_key), read, (done) =>
    progress(done, checkpoint.size),
  );
  const own = new Set(tagged);
  let hidden = tagged.filter((one) => !shown.has(one));
  if (hidden.length > 0) {
    // What came to be between asking and taking is no more hidden once one asks again.
    const again = await taken(routes, signal);
    hidden = hidden.filter((one) => !again.shown.has(one));
  }
  return {
    origin: checkpoint.origin,
    size: made.size,
    tagged: tagged.length,
    shown: tagged.length - hidden.length + [...shown].filter((one) => !own.has(one)).length,
    hidden,
    untagged: [...shown].filter((one) => !own.has(one)),
  };
}

/** All that the server shows of the log, by place. */
async function taken(
  routes: Pick<OversightRoutes, "ask" | "export" | "piece">,
  signal: AbortSignal,
): Promise<{ made: Awaited<ReturnType<OversightRoutes["export"]>>; shown: Set<number> }> {
  const { query } = await routes.ask({});
  const made = await routes.export(query, "jsonl");
  const shown = new Set<number>();
  for (let after: string | null = null, more = true; more; more = after !== null) {
    signal.throwIfAborted();
    const { text, next } = await routes.piece(made.export, after);
    for (const line of text.split("\n").filter((one) => one !== "")) {
      const row = JSON.parse(line) as { log: string; position: number };
      if (row.log === made.log && row.position < made.size) shown.add(row.position);
    }
    after = next;
  }
  return { made, shown };
}
