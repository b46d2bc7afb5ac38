/** Drafts of this device and what became of them, with what others of the State make, as one list. Pure. */

import type { DossierRow, RequestView } from "../client";

/** A request in the list: with its draft where the reader drafts it. */
export type Listed = DossierRow & { readonly draft: RequestView | null };

/** Newest first. What is drafted here stands there before the server has told of it, or without it. */
export function listedOf(
  drafts: readonly RequestView[],
  told: readonly DossierRow[] = [],
): readonly Listed[] {
  const own = new Map(drafts.map((one) => [one.id, one]));
  const rows = new Map(told.map((row) => [row.id, row])); // a host can name one request twice
  const found = drafts.map((draft) => ({ ...ofDraft(draft, rows.get(draft.id)), draft }));
  const others = [...rows.values()].filter(({ id }) => !own.has(id));
  return [...found, ...others.map((row) => ({ ...row, draft: null }))].toSorted(
    (a, b) => Date.parse(b.since) - Date.parse(a.since),
  );
}

/** Of one's own draft this device knows where it stands sooner than a list that was read before. */
function ofDraft(draft: RequestView, told: DossierRow | undefined): DossierRow {
  const saved = draft.savedAt ?? draft.openedAt;
  return {
    id: draft.id,
    requesting_state: draft.requestingState,
    requested_state: draft.requestedState,
    stage: draft.stage,
    version: draft.version,
    urgency: told?.urgency ?? null,
    deadline: told?.deadline ?? null,
    drafter: draft.drafter,
    since: told !== undefined && Date.parse(told.since) > Date.parse(saved) ? told.since : saved,
  };
}
