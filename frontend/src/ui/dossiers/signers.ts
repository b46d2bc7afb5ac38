/** Who of the requesting State may sign a request that is ready, when nobody who reads it may: pure. */

import type { Dossier, Person, RequestView } from "../client";
import { mayEnter } from "../rights";

const SIGNS = "authorise";

/** Whether a request waits to be signed. */
export const isToSign = ({ next, case_closed }: Dossier): boolean =>
  !case_closed && next.some(({ act }) => act === SIGNS);

export type Signers = {
  /** Whoever looks is a signatory, and wrote in it. */
  readonly iWrote: boolean;
  /** Those who may sign and are to be let in; null where one of them reads it already. */
  readonly besides: readonly Person[] | null;
  /** Those who would sign, had they not begun it or written in it: as far as this page can tell. */
  readonly writers: readonly Person[];
};

/**
 * Who may sign it, as whoever looks (`me`) is told. Whoever began it signs nothing of it; of who else
 * wrote in it the server tells each alone, by not offering them that step.
 */
export function signersOf(
  people: readonly Person[],
  { requestingState, drafter, people: readers }: RequestView,
  { may }: Pick<Dossier, "may">,
  me: string,
): Signers {
  const signatories = people.filter((one) => isSignatoryOf(requestingState, one));
  const wrote = ({ id }: Person): boolean => id === drafter || (id === me && !may.includes(SIGNS));
  const writers = signatories.filter(wrote);
  const others = signatories.filter((one) => !wrote(one));
  return {
    iWrote: writers.some(({ id }) => id === me),
    besides: others.some(({ id }) => readers.includes(id)) ? null : others,
    writers,
  };
}

const isSignatoryOf = (state: string, one: Person): boolean =>
  one.state === state && mayEnter(one) && one.functions.includes("signatory");

/** Who of those who read a draft may sign it once `me` has made it ready: neither of them began it. */
export function signNext(
  people: readonly Person[],
  { requestingState, drafter, people: readers }: RequestView,
  me: string,
): readonly Person[] {
  return people.filter(
    (one) =>
      isSignatoryOf(requestingState, one) &&
      readers.includes(one.id) &&
      one.id !== drafter &&
      one.id !== me,
  );
}
