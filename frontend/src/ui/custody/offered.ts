/** What a thread's page offers of exports for a court. */

import type { ExportRow, Message, SessionInfo, ThreadView } from "../client";
import { isRestricted, termsOf } from "../handling/codes";
import { mayExport } from "../rights";

/** Also out of a closed case: nothing is said by it. */
export function offersExport(
  session: SessionInfo,
  { status }: Pick<ThreadView, "status">,
): boolean {
  return mayExport(session) && status === "active";
}

type Asked = Pick<Message, "mine" | "withdrawn" | "handling" | "files" | "carried">;

/**
 * Whether its author can be asked for leave to show it to a court. Not where something is said no
 * more, and not of what brings somebody else's restricted words: of these the author has none to give.
 */
export function offersAsking(session: SessionInfo, message: Asked, open: boolean): boolean {
  const { mine, withdrawn, carried } = message;
  const others = carried !== undefined && carried.person !== session.person?.id;
  if (!open || mine || withdrawn || (others && isRestricted(carried.handling))) return false;
  return isRestricted(termsOf(message)) && mayExport(session);
}

/** Whether somebody still has to do something about it. */
export function isOpen({ step }: Pick<ExportRow, "step">): boolean {
  return step === "consent" || step === "ready";
}
