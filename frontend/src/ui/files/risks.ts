/** What a file may do on the device of whoever opens it, in words. */

import type { Danger } from "../../files/dangers";
import type { Key } from "../words";

export const RISKS: Readonly<Record<Danger, Key>> = {
  program: "risk.program",
  macros: "risk.macros",
  archive: "risk.archive",
  page: "risk.page",
  office: "risk.office",
  media: "risk.media",
  unknown: "risk.unknown",
};
