/** Why one may ask to know a name, in words. */

import { type Key, t } from "../words";

const NAMES: Readonly<Record<string, Key | undefined>> = {
  anomaly: "ground.anomaly",
  complaint: "ground.complaint",
  "court-order": "ground.courtOrder",
  "internal-inquiry": "ground.internalInquiry",
};

export function groundName(code: string): string {
  const key = NAMES[code];
  return key === undefined ? code : t(key);
}
