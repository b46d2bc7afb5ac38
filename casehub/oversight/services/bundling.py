"""What an auditor carries away to be checked elsewhere: recorded before the first byte leaves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

import audit.services
from audit.queries import exporting, trees
from audit.queries.exporting import NothingToExport, Selection
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused

from ..queries import discretion
from ..queries.knowing import unmasked_for


@transaction.atomic
def export_bundle(
    *,
    log: str,
    since: datetime | None,
    until: datetime | None,
    first: int | None,
    last: int | None,
    actor: Actor,
    now: datetime,
) -> Selection:
    """
    Record that the actor takes the acts of their State away, and return which.

    An act that names somebody whom they may not know stays closed: who did what an auditor learns
    one by one, with a ground, and not by the thousand. Its place is proven all the same.

    :raises NotVisible: if there is no such log, or nothing of it is published.
    :raises Refused: `nothing-to-export` if the range is none, or too much for one bundle.
    """
    found = trees.log_of(log)
    if found is None or trees.newest_published(found) is None:
        raise NotVisible
    unmasked = unmasked_for(actor.id, now=now)
    try:
        selection = exporting.select(
            found,
            first=first,
            last=last,
            state=actor.state,
            since=since,
            until=until,
            opens=discretion.naming_nobody_but(actor.id, unmasked),
        )
    except NothingToExport as error:
        raise Refused("nothing-to-export") from error
    audit.services.record(selection.event(), actor=actor.id, at=now)
    return selection
