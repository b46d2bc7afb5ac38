/** What has become of a wish that takes two auditors, in words. */

import type { Unmasking } from "../client";
import type { Key } from "../words";

export const STAGES = {
  open: "unmask.open",
  expired: "unmask.expired",
  agreed: "unmask.agreed",
  refused: "unmask.refused",
  over: "unmask.over",
} as const satisfies Record<Unmasking["state"], Key>;
