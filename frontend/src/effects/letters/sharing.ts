/** Who came into office, or has a further device, is given the keys of what is there already. */

import type { LetterRoutes, LetterRow } from "../../api/letters";
import type { Audience } from "../../audience";
import { b64u } from "../../bytes";
import { shareLetter } from "../../crypto/letter";
import type { Opening } from "../../crypto/sealTo";
import type { Recipient } from "./recipients";

const MOST_SHARED = 500;

/** Seal the keys of these letters, as far as they open with `own`, to those who hold none of them. */
export async function share(
  routes: Pick<LetterRoutes, "share">,
  request: string,
  audience: Audience,
  rows: readonly LetterRow[],
  to: readonly Recipient[],
  own: ReadonlyMap<string, Opening>,
): Promise<void> {
  const given: ({ letter: string; wrapped: string } & Recipient)[] = [];
  for (const row of rows) {
    const mine = row.keys.find(({ key }) => own.has(key));
    const missing = to.filter(({ key }) => !row.held.includes(key));
    if (mine === undefined || missing.length === 0) continue;
    const wrapped = await shareLetter(
      { request, id: row.id },
      own.get(mine.key) as Opening,
      b64u.decode(mine.wrapped),
      missing.map(({ key }) => b64u.decode(key)),
    ).catch(() => []); // it does not open: shown as such
    given.push(
      ...wrapped.flatMap((bytes, at) => {
        const one = missing[at];
        return one ? [{ ...one, letter: row.id, wrapped: b64u.encode(bytes) }] : [];
      }),
    );
  }
  const now = given.slice(0, MOST_SHARED);
  if (now.length === 0) return;
  await routes.share(request, audience, now);
  // Those of earlier pages are not told anew: what was given is not given at each look.
  for (const { letter, key } of now) rows.find(({ id }) => id === letter)?.held.push(key);
}
