"""Who audited a State: what its coordinators see of the auditors' own acts."""

from __future__ import annotations

from typing import Any

from audit.queries import concerns
from audit.queries.concerns import Place, Search

from .entries import payload_of
from .knowing import Mask, looked_up, values_in
from .searching import AUDITING, cursor_of, kinds_of

Shape = dict[str, Any]


def audits_of(state: str, *, after: Place | None, most: int) -> Shape:
    """
    Return the auditors' acts that concern a State, with who they are: an auditor acts by name.

    Whom they looked for stays a pseudonym, as it was for them.
    """
    search = Search(state=state, kinds=kinds_of(AUDITING))
    found = concerns.page(search, after=after, most=most + 1, opened=True)
    shown = found[:most]
    payloads = [payload_of(row) or {} for row in shown]
    known = looked_up(
        [*(row.actor for row in shown), *(v for one in payloads for v in values_in(one))]
    )
    mask = Mask(state)
    audits = []
    for row, payload in zip(shown, payloads, strict=True):
        auditor = known.people.get(row.actor)
        audits.append(
            {
                "log": row.log,
                "position": row.position,
                "at": row.at,
                "kind": row.kind,
                "name": auditor.name if auditor else "",
                "office": auditor.office.name if auditor else "",
                "state": (auditor.state_id or "") if auditor else "",
                "fields": mask.fields(payload, known, row.at, kind=row.kind),
            }
        )
    return {
        "audits": audits,
        "next": cursor_of(shown[-1].place) if len(found) > most else None,
    }
