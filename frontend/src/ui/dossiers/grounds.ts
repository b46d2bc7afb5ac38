/** Why a request is refused (R), returned (D) or postponed (P), in words: requests_mla/codes.py. */

import { type Key, t } from "../words";

const GROUNDS: Readonly<Record<string, Key | undefined>> = {
  R01: "ground.R01",
  R02: "ground.R02",
  R03: "ground.R03",
  R04: "ground.R04",
  R05: "ground.R05",
  R06: "ground.R06",
  R07: "ground.R07",
  R08: "ground.R08",
  R09: "ground.R09",
  R10: "ground.R10",
  R11: "ground.R11",
  R12: "ground.R12",
  R13: "ground.R13",
  R14: "ground.R14",
  D01: "ground.D01",
  D02: "ground.D02",
  D03: "ground.D03",
  D04: "ground.D04",
  D05: "ground.D05",
  D06: "ground.D06",
  D07: "ground.D07",
  D08: "ground.D08",
  P01: "ground.P01",
};

/** "R05 · sin doble incriminación"; nothing of what is no ground that this page knows. */
export function groundName(code: string): string | undefined {
  const key = GROUNDS[code];
  return key && `${code} · ${t(key)}`;
}
