/** What waits for this auditor's word: wishes of the other to know a name, or to tell it later. */

import type { Unmasking } from "../client";

/** How many of them wait for the reader, who asked for none of these. */
export function waitingForMe(wishes: readonly Unmasking[]): number {
  const deferrals = wishes.flatMap((one) => one.deferrals);
  return [...wishes, ...deferrals].filter((one) => one.state === "open" && !one.mine).length;
}

/** The wish about a pseudonym that nobody has answered yet, the reader's own first. */
export function openWish(wishes: readonly Unmasking[], pseudonym: string): Unmasking | null {
  const open = wishes.filter((one) => one.state === "open" && one.pseudonym === pseudonym);
  return open.find((one) => one.mine) ?? open[0] ?? null;
}
