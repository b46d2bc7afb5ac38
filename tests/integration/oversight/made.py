"""What hangs on an auditor, for tests that need it to be there."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import uuid4

from audit import keyring
from casehub.oversight import pseudonyms, services
from casehub.oversight.asking import Asked
from casehub.oversight.models import Export

WISH = {"person": "P-00000000", "ground": "complaint", "reference": "Q-1/2026"}
#  acts of auditors, and the body that each wants
BODIES = {
    "oversight.log.query": lambda _: {"acts": ["cases"]},
    "oversight.log.export": lambda _: {"format": "csv"},
    "oversight.view.save": lambda _: {"filter": {}},
    "oversight.unmasking.ask": lambda o: {**WISH, "person": o.audited.pseudonym},
    "oversight.statistics.read": lambda _: {"month": "2026-10"},
}


def some_id() -> str:
    """Return an id of nothing."""
    return str(uuid4())


@dataclass
class Audited:
    """A query, its export, a kept filter, a wish to know a name; by default none of them."""

    query: str = field(default_factory=some_id)
    export: str = field(default_factory=some_id)
    view: str = field(default_factory=some_id)
    unmasking: str = field(default_factory=some_id)
    pseudonym: str = WISH["person"]
    position: str = "0"


def called(who, state, at):
    """Return the pseudonym of a person for the auditors of a State."""
    key = pseudonyms.key_of(keyring.events_secret(), state)
    return pseudonyms.pseudonym(key, pseudonyms.quarter_of(at), who.person)


def audited(region, auditor):
    """Make what hangs on an auditor; the wish is a colleague's, about somebody of their State."""
    if "national-auditor" not in auditor.roles:
        return Audited()
    acting = {"actor": auditor.actor, "now": region.now}
    query, _ = services.ask_log(asked=Asked(), **acting)
    export = Export.objects.create(
        query=query,
        format="csv",
        log="acts-2026",
        size=1,
        upto=1,
        count=0,
        asked_at=region.now,
        audit_event_id=region.event(),
    )
    view = services.save_view(asked=Asked(), **acting)
    somebody = region.person(auditor.state)
    return Audited(
        query=str(query.id),
        export=str(export.id),
        view=str(view),
        unmasking=str(wish_of(region, somebody)),
        pseudonym=called(somebody, auditor.state, region.now),
    )


def wish_of(region, somebody, asker=None, **fields):
    """Let an auditor ask to know somebody of their State; return the wish's id."""
    asker = asker or region.person(somebody.state, "national-auditor")
    region.session(asker)
    wish = {**WISH, "person": called(somebody, somebody.state, region.now), **fields}
    return services.ask_unmasking(**wish, actor=asker.actor, now=region.now)
