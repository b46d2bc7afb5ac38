"""What hangs on an auditor, for tests that need it to be there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from audit import keyring
from audit.queries import fields_of
from casehub.oversight import pseudonyms, services
from casehub.oversight.asking import Asked
from casehub.oversight.models import Deferral, Export, PairView, Unmasking
from casehub.oversight.queries.pairs import digest_of_pair_view
from casehub.oversight.queries.telling import digest_of_deferral
from casehub.oversight.queries.unmaskings import digest_of_unmasking

WISH = {"person": "P-00000000", "ground": "complaint", "reference": "Q-1/2026"}
ORDER = {"ground": "inquiry", "reference": "Auto 12/2026"}
PAIR = {
    "first": "CA",
    "second": "PA",
    "quarter": "2026Q4",
    "ground": "complaint",
    "reference": "R-1/2026",
}
#  acts of auditors, and the body that each wants
BODIES = {
    "oversight.log.query": lambda _: {"acts": ["cases"]},
    "oversight.log.export": lambda _: {"format": "csv"},
    "oversight.view.save": lambda _: {"filter": {}},
    "oversight.unmasking.ask": lambda o: {**WISH, "person": o.audited.pseudonym},
    "oversight.unmasking.agree": lambda o: {"digest": shown(f"unmaskings/{o.audited.unmasking}")},
    "oversight.deferral.agree": lambda o: {"digest": shown(f"deferrals/{o.audited.deferral}")},
    "oversight.pair-view.agree": lambda o: {"digest": shown(f"pair-views/{o.audited.pair_view}")},
    "oversight.deferral.ask": lambda _: {**ORDER, "until": "2027-02-01"},
    "oversight.pair-consent.give": lambda _: {"other": "PA"},
    "oversight.pair-consent.withdraw": lambda _: {"other": "CA"},
    "oversight.pair-view.ask": lambda _: PAIR,
    "oversight.pair.read": lambda _: {},
    "oversight.statistics.read": lambda _: {"month": "2026-10"},
    "indicators.quarter.read": lambda _: {"quarter": "2026-Q3"},
}


def some_id() -> str:
    """Return an id of nothing."""
    return str(uuid4())


@dataclass
class Audited:
    """
    A query, its export, a kept filter, a wish to know a name; by default none of them.

    `naming` is a wish that was agreed to, `deferral` one to tell its person later, `notice` one
    of which the person is told.
    """

    query: str = field(default_factory=some_id)
    export: str = field(default_factory=some_id)
    view: str = field(default_factory=some_id)
    unmasking: str = field(default_factory=some_id)
    naming: str = field(default_factory=some_id)
    pair_view: str = field(default_factory=some_id)
    pair: str = field(default_factory=some_id)
    deferral: str = field(default_factory=some_id)
    notice: str = field(default_factory=some_id)
    pseudonym: str = WISH["person"]
    position: str = "0"


def shown(path):
    """Return the digest of what a page shows of the wish in a path; of none there is, nothing's."""
    kind, wish = path.split("/")[:2]
    model, digest = {
        "unmaskings": (Unmasking, lambda row: digest_of_unmasking(row, said_of(row))),
        "pair-views": (PairView, lambda row: digest_of_pair_view(row, said_of(row))),
        "deferrals": (Deferral, digest_of_deferral),
    }[kind]
    row = model.objects.filter(id=wish).first()
    return digest(row) if row is not None and said_of(row) else "0" * 64


def said_of(row):
    return fields_of([row.audit_event_id]).get(row.audit_event_id)


def called(who, state, at):
    """Return the pseudonym of a person for the auditors of a State."""
    key = pseudonyms.key_of(keyring.events_secret(), state)
    return pseudonyms.pseudonym(key, pseudonyms.quarter_of(at), who.person)


def audited(region, auditor):
    """Make what hangs on an auditor; the wish is a colleague's, about somebody of their State."""
    if "regional-auditor" in auditor.roles:
        let_pair(region, "CA", "PA")
        open_ = pair_view_of(region)
        return Audited(pair_view=str(open_), pair=str(pair_of(region, auditor)))
    if {"coordinator", "national-auditor"} & set(auditor.roles):
        for other in ("CA", "PA"):
            region.person(other)
        give_consent(region, auditor, "CA")
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
    naming = naming_of(region, somebody)
    return Audited(
        query=str(query.id),
        export=str(export.id),
        view=str(view),
        unmasking=str(wish_of(region, somebody)),
        naming=str(naming),
        deferral=str(deferral_of(region, naming)),
        pseudonym=called(somebody, auditor.state, region.now),
    )


def seated(region, state):
    """Return another auditor of a State, signed in."""
    auditor = region.person(state, "national-auditor")
    region.session(auditor)
    return auditor


def wish_of(region, somebody, asker=None, ago=timedelta(), **fields):
    """Let an auditor ask to know somebody of their State, `ago`; return the wish's id."""
    asker = asker or seated(region, somebody.state)
    region.session(asker)
    at = region.now - ago
    wish = {**WISH, "person": called(somebody, somebody.state, at), **fields}
    return services.ask_unmasking(**wish, actor=asker.actor, now=at)


def naming_of(region, somebody, ago=timedelta(), **fields):
    """Let two auditors learn somebody's name, `ago`; return the wish's id."""
    wish = wish_of(region, somebody, ago=ago, **fields)
    second = seated(region, somebody.state).actor
    digest = shown(f"unmaskings/{wish}")
    return services.agree_to_unmasking(
        unmasking=wish, digest=digest, actor=second, now=region.now - ago
    )


def deferral_of(region, naming, asker=None, days=60):
    """Let an auditor ask that its person is told only in so many days; return the wish's id."""
    naming = naming if isinstance(naming, UUID) else UUID(naming)
    asker = asker or seated(region, Unmasking.objects.get(id=naming).state)
    until = (region.now + timedelta(days=days)).date()
    asked = {"unmasking": naming, **ORDER, "until": until}
    return services.ask_deferral(**asked, actor=asker.actor, now=region.now)


def give_consent(region, who, other):
    """Let a State's coordination or auditor let the region see what concerns it and another."""
    region.session(who)
    services.give_pair_consent(other=other, actor=who.actor, now=region.now)


def let_pair(region, first, second):
    """Let both States of a pair consent."""
    coordinations = {state: region.person(state, "coordinator") for state in (first, second)}
    give_consent(region, coordinations[first], second)
    give_consent(region, coordinations[second], first)
    return coordinations


def pair_view_of(region, asker=None, **fields):
    """Let a regional auditor ask to see a pair; return the wish's id."""
    asker = asker or region.person("", "regional-auditor")
    region.session(asker)
    return services.ask_pair_view(**{**PAIR, **fields}, actor=asker.actor, now=region.now)


def pair_of(region, asker=None, **fields):
    """Let two regional auditors see a pair; return the wish's id."""
    wish = pair_view_of(region, asker, **fields)
    second = region.person("", "regional-auditor")
    region.session(second)
    digest = shown(f"pair-views/{wish}")
    services.agree_to_pair_view(pair_view=wish, digest=digest, actor=second.actor, now=region.now)
    return wish
