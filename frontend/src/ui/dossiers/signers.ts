/** Who of the requesting State may sign a request that is ready, when nobody who reads it may: pure. */

import type { Dossier, Person, RequestView } from "../client";
import { mayEnter } from "../rights";

/** Whether a request waits to be signed. */
export const isToSign = ({ next, case_closed }: Dossier): boolean =>
  !case_closed && next.some(({ act }) => act === "authorise");

/**
 * Those who may sign and are to be let in; null where one of them reads it already. Whoever began
 * it signs nothing of it; who else wrote in it is told by the server, as they try.
 */
export function signersBesides(
  people: readonly Person[],
  { requestingState, drafter, people: readers }: RequestView,
): Person[] | null {
  const may = people.filter(
    (one) =>
      one.state === requestingState &&
      one.id !== drafter &&
      mayEnter(one) &&
      one.functions.includes("signatory"),
  );
  return may.some(({ id }) => readers.includes(id)) ? null : may;
}
