/** Acts of several steps that are under way here already: pressing again is no second act. Pure. */

import type { IntentRecord } from "../store/intents";
import { isRefused } from "../store/intents";

/**
 * What an act is to do, apart from when it was begun and under which id; null of what is told apart
 * by its id alone.
 */
function wishOf(intent: IntentRecord): readonly unknown[] | null {
  switch (intent.kind) {
    case "open-case":
      return [[...intent.states].sort(), intent.title, intent.urgent ?? false];
    case "open-thread":
      return [intent.caseId, intent.name, [...intent.people].sort(), intent.continues ?? ""];
    case "add-person":
      return [intent.caseId, intent.person, [...intent.circles].sort()];
    case "name-case":
      return [intent.caseId, intent.title];
    default:
      return null;
  }
}

/**
 * The act that waits here already and does the same, e.g. begun without a network and pressed again:
 * it goes on under its own id, by which the server knows it.
 */
export function sameBegun(
  wanted: IntentRecord,
  waiting: Iterable<IntentRecord>,
): IntentRecord | undefined {
  const wish = JSON.stringify(wishOf(wanted));
  if (wish === "null") return undefined;
  return [...waiting].find(
    (one) => one.kind === wanted.kind && !isRefused(one) && JSON.stringify(wishOf(one)) === wish,
  );
}
