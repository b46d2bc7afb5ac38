"""Who audited a State: what its coordinators see of the auditors' own acts."""

from __future__ import annotations

from functools import cache
from typing import Any

from audit.queries import concerns
from audit.queries.concerns import Place, Search
from casehub.core import roles

from .entries import payload_of
from .knowing import Mask, looked_up, values_in
from .searching import cursor_of

Shape = dict[str, Any]

AUDITORS = frozenset({"national-auditor", "regional-auditor"})


@cache
def audited_by() -> tuple[str, ...]:
    """
    Return the kinds of event that acts open to auditors alone leave: of those the actor is named.

    Not the whole area `oversight`: whoever was unmasked confirms there that they read so, and
    their name beside the auditor's question would undo the pseudonym in it.
    """
    rows = [row for row in roles.table().values() if row.event]
    others = {row.event for row in rows if not row.who or not AUDITORS.issuperset(row.who)}
    return tuple(sorted({row.event for row in rows} - others))


def audits_of(state: str, *, after: Place | None, most: int) -> Shape:
    """
    Return the auditors' acts that concern a State, with who they are: an auditor acts by name.

    Whom they looked for stays a pseudonym, as it was for them.
    """
    search = Search(state=state, kinds=audited_by())
    found = concerns.page(search, after=after, most=most + 1, opened=True)
    shown = found[:most]
    payloads = [payload_of(row) or {} for row in shown]
    known = looked_up(
        [*(row.actor for row in shown), *(v for one in payloads for v in values_in(one))]
    )
    mask = Mask(state, offices=False)
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
