/** Parts of the program that a page fetches when they are first needed, and not before. */

import { Unreachable } from "../api/errors";

/**
 * A part: fetched once for everybody who asks; after a failure, anew.
 *
 * The promise rejects with `Unreachable` if the network or the server is away: for whoever waits it
 * is no other matter than an answer that does not come, and passes like one.
 */
export function part<T>(load: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | null = null;
  return () => {
    found ??= load().catch((cause: unknown) => {
      found = null;
      throw new Unreachable("a part of the program did not come", { cause });
    });
    return found;
  };
}
