/** What a second auditor puts a hand under: the digest of what the page showed of a wish. Pure. */

import type { Deferral, PairView, Unmasking } from "../api/oversight";
import { hex, sha256, utf8 } from "../bytes";

type Wish = Pick<Deferral, "id" | "ground" | "reference" | "asked_by" | "asked_at">;

/** SHA-256 (hex); `wish_digest` in casehub/oversight/queries/wishes.py says alike. */
async function wishDigest(
  what: string,
  shown: Wish,
  ...subject: readonly string[]
): Promise<string> {
  const said = [
    "casehub-oversight-wish/1",
    what,
    shown.id,
    shown.ground,
    shown.reference,
    shown.asked_by,
    String(Date.parse(shown.asked_at)),
    ...subject,
  ];
  return hex.encode(await sha256(utf8.encode(said.join("\n"))));
}

export const unmaskingDigest = (shown: Unmasking): Promise<string> =>
  wishDigest("unmasking", shown, shown.pseudonym, shown.quarter);

/** Until when a person is told later is shown as a day; what is meant is the moment. */
export const deferralDigest = (shown: Deferral): Promise<string> =>
  wishDigest("deferral", shown, String(Date.parse(shown.until)));

export const pairViewDigest = (shown: PairView): Promise<string> =>
  wishDigest("pair-view", shown, shown.first, shown.second, shown.quarter);
