/** Why one may ask to know a name, or to tell its person later, in words. */

import { type Key, t } from "../words";

const NAMES: Readonly<Record<string, Key | undefined>> = {
  anomaly: "ground.anomaly",
  complaint: "ground.complaint",
  "court-order": "ground.courtOrder",
  inquiry: "ground.inquiry",
  "internal-inquiry": "ground.internalInquiry",
  "public-security": "ground.publicSecurity",
  "rights-of-others": "ground.rightsOfOthers",
};

/** What is gone with its erased event is said to be so. */
export function groundName(code: string): string {
  if (code === "") return t("ground.erased");
  const key = NAMES[code];
  return key === undefined ? code : t(key);
}
