/**
 * What of a thread may be given to somebody who came later: by whoever gives it, and once more by
 * whoever receives it.
 *
 * Words under a restricting code leave their readers by their author's own hand alone. That holds
 * for a message, its files, what it quotes and what it carries: a signed message goes whole or not
 * at all.
 */

import type { FileSaid, Said } from "../../crypto/content";
import { type Handling, isRestricted } from "../../crypto/handling";
import type { LineRecord } from "../../store/records";

export type Message = Extract<LineRecord, { kind: "message" }>;

/** "restricted": it or a file of it is; "carries": what it brings from elsewhere is. */
export type Closed = "restricted" | "carries";

type Terms = {
  readonly handling?: Handling | undefined;
  readonly files?: readonly Pick<FileSaid, "handling">[] | undefined;
  readonly carried?: Pick<NonNullable<Said["carried"]>, "person" | "handling"> | undefined;
};

/** Why `giver` may not give what `author` said under these terms; null if they may. */
export function closedTo(giver: string, author: string, terms: Terms): Closed | null {
  const { handling, files = [], carried } = terms;
  const foreign = carried !== undefined && carried.person !== giver;
  if (foreign && isRestricted(carried.handling)) return "carries";
  // What it carries has its terms; whoever passed it on did not give it.
  if (foreign && isRestricted(handling)) return "carries";
  const own = [handling, ...files.map((file) => file.handling)];
  return author !== giver && own.some(isRestricted) ? "restricted" : null;
}

/**
 * Whether a quotation may go along: of what is not restricted, or of the giver's own words where
 * the newcomer reads these as well. `quoted` is the message as it stands here.
 */
export function mayQuote(
  giver: string,
  told: Handling | undefined,
  quoted: Pick<Message, "person" | "handling"> | null,
): boolean {
  const restricted = isRestricted(told) || isRestricted(quoted?.handling);
  return !restricted || quoted?.person === giver;
}
