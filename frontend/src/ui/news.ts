/** What is there that this person has never opened: pure. */

import type { CaseView } from "./client";

/** How many things of a case are new: the case itself, or else each thread in it. */
export function newsOf({ threads }: Pick<CaseView, "threads">): number {
  if (threads.some((thread) => thread.kind === "case" && thread.fresh)) return 1;
  return threads.filter((thread) => thread.kind === "thread" && thread.fresh).length;
}
