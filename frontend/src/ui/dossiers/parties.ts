/** Between which States a request goes, in words. */

import type { Dossier, DossierRow } from "../client";
import type { Hub } from "../hub.svelte";
import { roleName } from "../roles";
import { isolated, listed, t } from "../words";
import { turnAt, turnState } from "./duty";

type Parties = Pick<Dossier, "requesting_state" | "requested_state">;

/** A State's name; a request may not say yet to which one it goes. */
export const partyName = (hub: Hub, code: string): string =>
  code === "" ? t("dossier.untold") : hub.stateName(code);

export const titleOf = (hub: Hub, { requesting_state, requested_state }: Parties): string =>
  t("dossier.title", {
    from: partyName(hub, requesting_state),
    to: partyName(hub, requested_state),
  });

type Waits = Parties & { readonly request: string };

/** Its title, to whoever drafts it; to all others between which States it is. */
export function calledBy(hub: Hub, row: Waits): string {
  const title = hub.view.requests.find((one) => one.id === row.request)?.title;
  return title ? isolated(title) : titleOf(hub, row);
}

/** The other State of a request that is the reader's own, too. */
export function otherOf(hub: Hub, { requesting_state, requested_state }: Parties): string {
  const own = hub.view.session.person?.state ?? "";
  return requesting_state === own ? requested_state : requesting_state;
}

/** Who is to act on a request now, in words; nothing of what is closed. */
export function turnOf(hub: Hub, row: Parties & { readonly stage: string }): string | null {
  const turn = turnAt(row.stage);
  if (turn === null) return null;
  const who = listed(turn.who.map(roleName));
  return t("dossiers.turn", { who, state: partyName(hub, turnState(turn, row)) });
}

/** Who began a request, by the directory; nothing where that is not told, or they are not in it. */
export function drafterOf(hub: Hub, { drafter }: Pick<DossierRow, "drafter">): string | null {
  if (drafter === null) return null;
  if (drafter === hub.view.session.person?.id) return t("requests.draftedByYou");
  const name = hub.person(drafter)?.name;
  return name ? t("requests.draftedBy", { name: isolated(name) }) : null;
}

/** Whether somebody of the reader's own office began a request. */
export function officeOf(hub: Hub): (row: Pick<DossierRow, "drafter">) => boolean {
  const me = hub.person(hub.view.session.person?.id ?? "");
  return ({ drafter }) => {
    const them = drafter === null ? null : hub.person(drafter);
    if (me === null || them === null || me.office === "") return false;
    return them.state === me.state && them.office === me.office;
  };
}
