/** How it stands with lifting a State's stop, for whoever looks: pure. */

import type { StateAccess } from "../client";

type StateStop = NonNullable<StateAccess["stop"]>;

/** "void": somebody asked, and their word counts no more. */
export type Lifting =
  | { readonly word: "none"; readonly mayAsk: true }
  | { readonly word: "waits"; readonly mayAsk: boolean; readonly until: string | null }
  | { readonly word: "void"; readonly mayAsk: true; readonly why: "too-old" | "signer-gone" };

/** Whoever asked first waits for another one, for as long as their word counts; then asks anew. */
export function liftingOf(
  stop: Pick<StateStop, "lift_by" | "lift_until" | "lift_void">,
  me: string,
  now: number,
): Lifting {
  if (stop.lift_by === null) return { word: "none", mayAsk: true };
  if (stop.lift_void === "signer-gone") return { word: "void", mayAsk: true, why: "signer-gone" };
  const over = stop.lift_until !== null && Date.parse(stop.lift_until) <= now;
  if (stop.lift_void !== null || over) return { word: "void", mayAsk: true, why: "too-old" };
  return { word: "waits", mayAsk: stop.lift_by !== me, until: stop.lift_until };
}
