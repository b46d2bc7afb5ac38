/** The client's door to searching: nothing that is typed there leaves this device. */

import type { Desk } from "../desk";
import type { Found, Query } from "./desk";

export interface SearchActs {
  /**
   * Messages in this person's threads, as far as this device has decrypted them: each word of the
   * text begins a word of the message, without accents and capitals. Needs no network.
   */
  search(query: Query): Promise<Found>;
}

export function searchActs(
  at: () => Desk,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
): SearchActs {
  return { search: (query) => guarded(() => at().search.find(query)) };
}
