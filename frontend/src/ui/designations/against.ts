/** What speaks against signing, in words. */

import type { Checked } from "../client";
import type { Key } from "../words";

/** Why a hand counts no more. */
export function voidWords(why: string): Key {
  return why === "too-old" ? "desig.voidOld" : "desig.voidGone";
}

export const AGAINST: Readonly<Record<Checked["against"][number]["why"], Key>> = {
  "body-malformed": "desig.against.malformed",
  "body-differs": "desig.against.differs",
  "digest-differs": "desig.against.digest",
  "nominator-signature": "desig.against.nominatorSignature",
  "nominator-unknown": "desig.against.nominatorUnknown",
  "nominator-nominee": "desig.against.nominee",
  "officer-signature": "desig.against.officerSignature",
  "officer-unknown": "desig.against.officerUnknown",
};
