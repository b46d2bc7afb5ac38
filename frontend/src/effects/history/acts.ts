/** Giving earlier messages to whoever came later: the client's door to it. */

import type { Desk } from "../desk";
import { Giving, type HistoryShown } from "./giving";
import { cameIn, type HistoryRange } from "./offer";

export interface HistoryActs {
  /** Those of a thread's readers who came after something that this device has. */
  historyLacking(circle: string): Promise<string[]>;
  /**
   * What would be given to `to` of a range, message by message, and what is held back and why.
   *
   * @throws {NotPossible} `history-not-reader`, `thread-waiting`, `thread-left`, `thread-frozen`
   */
  historyOffer(circle: string, to: string, range: HistoryRange): Promise<HistoryShown>;
  /**
   * Give exactly what an offer showed, named by its digest. Resolves when it is durably queued.
   *
   * @throws {NotPossible} `history-changed` if it would be something else by now, and as
   *   {@link historyOffer} does
   */
  giveHistory(circle: string, to: string, range: HistoryRange, digest: string): Promise<string[]>;
}

export function historyActs(
  at: () => Desk,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
): HistoryActs {
  const giving = () => new Giving(at().core, at().sending);
  return {
    historyLacking: (circle) => guarded(() => lacking(at(), circle)),
    historyOffer: (...asked) => guarded(() => giving().offer(...asked)),
    giveHistory: (...given) => guarded(() => giving().give(...given)),
  };
}

async function lacking({ core }: Desk, circle: string): Promise<string[]> {
  const thread = core.mirror.threads.get(circle);
  if (thread?.status !== "active") return [];
  const people = new Set(thread.roster.map(({ person }) => person));
  const own = thread.roster.filter(({ person }) => person === core.person).length;
  if (own < 2) people.delete(core.person);
  const came = await cameIn(core.vault, circle);
  return [...people].filter((person) => came.has(person));
}
