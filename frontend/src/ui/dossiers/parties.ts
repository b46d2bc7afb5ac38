/** Between which States a request goes, in words. */

import type { Dossier } from "../client";
import type { Hub } from "../hub.svelte";
import { t } from "../words";

type Parties = Pick<Dossier, "requesting_state" | "requested_state">;

/** A State's name; a request may not say yet to which one it goes. */
export const partyName = (hub: Hub, code: string): string =>
  code === "" ? t("dossier.untold") : hub.stateName(code);

export const titleOf = (hub: Hub, { requesting_state, requested_state }: Parties): string =>
  t("dossier.title", {
    from: partyName(hub, requesting_state),
    to: partyName(hub, requested_state),
  });
