/** The client's door to searching: nothing that is typed there leaves this device. */

import type { Desk } from "../desk";
import type { Found, Query } from "./desk";

export interface SearchActs {
  /**
   * Messages in this person's threads, as far as this device has decrypted them: each word of the
   * text begins a word of the message, without accents and capitals. Needs no network.
   */
  search(query: Query): Promise<Found>;
  /**
   * The first message of a thread at or after a moment (ISO 8601), by its entry; null where this
   * device has none. Needs no network.
   */
  firstSince(circle: string, at: string): Promise<{ seq: number; at: string } | null>;
}

export function searchActs(
  at: () => Desk,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
): SearchActs {
  return {
    search: (query) => guarded(() => at().search.find(query)),
    firstSince: (...from) => guarded(() => at().lines.firstSince(...from)),
  };
}
