"""Cases that are closed, held and kept less long, for tests that need them to be there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from django.db import transaction

from casehub.cases import services
from casehub.cases.models import Circle, Hold, Shortening
from casehub.cases.queries import keeping

YEARS = timedelta(days=366 * 5 + 8)  # after which a case of the usual class is due, and a week


def some_id():
    """Return an id of nothing."""
    return str(uuid4())


@dataclass
class Kept:
    """A hold that stands, one that somebody wants lifted, and a case to be kept less long."""

    hold: str = field(default_factory=some_id)
    lifting: str = field(default_factory=some_id)
    shortening: str = field(default_factory=some_id)
    digests: dict[str, str] = field(default_factory=dict)

    def parts(self, act: str) -> dict[str, str]:
        """Return what an act's address may name."""
        waits = act in {"cases.hold.agree-lift", "cases.hold.refuse-lift"}
        return {"hold": self.lifting if waits else self.hold, "shortening": self.shortening}

    def digest(self, of: str) -> dict[str, str]:
        """Return the body of a second hand."""
        return {"digest": self.digests.get(of, "0" * 64)}


#  acts, and the body that each wants
BODIES = {
    "cases.case.close": lambda _: {},
    "cases.case.reopen": lambda _: {},
    "cases.retention.change": lambda _: {"retention": "long"},
    "cases.retention.propose": lambda _: {
        "client_id": str(uuid4()),
        "retention": "consultation",
    },
    "cases.retention.agree": lambda o: o.kept.digest(o.kept.shortening),
    "cases.retention.refuse": lambda _: {},
    "cases.hold.place": lambda _: {"client_id": str(uuid4()), "ground": "court-order"},
    "cases.hold.place-on-note": lambda _: {"client_id": str(uuid4()), "ground": "proceedings"},
    "cases.hold.ask-lift": lambda _: {},
    "cases.hold.agree-lift": lambda o: o.kept.digest(o.kept.lifting),
    "cases.hold.refuse-lift": lambda _: {},
}


def hold_on(by, case, *, now, ground="court-order"):
    """Have somebody set a hold, and return it."""
    made = services.place_hold(case=case, client_id=uuid4(), ground=ground, actor=by.actor, now=now)
    return Hold.objects.select_related("case").get(id=made)


def asked_to_lift(by, hold, *, now):
    """Have somebody want a hold lifted, and return it as it is then."""
    services.ask_lift(hold=hold.id, actor=by.actor, now=now)
    hold.refresh_from_db()
    return hold


def lifted(hold, second, *, now, digest=None):
    """Have a second person lift it."""
    services.agree_to_lift(
        hold=hold.id,
        digest=digest or keeping.digest_of_lift(hold),
        actor=second.actor,
        now=now,
    )
    hold.refresh_from_db()


def shortening_of(by, case, *, now, retention="consultation"):
    """Have a coordination propose to keep a case less long, and return the proposal."""
    made = services.propose_shorter(
        case=case, client_id=uuid4(), retention=retention, actor=by.actor, now=now
    )
    return Shortening.objects.select_related("case").get(id=made)


@transaction.atomic
def kept(region, owner):
    """Make one of each for an owner's State."""
    first = region.seat(owner.state).coordinator

    def case():
        return services.open_case(
            client_id=uuid4(), states=[owner.state], actor=owner.actor, now=region.now
        )

    def asking():
        """Out of which the State asks for something: its central authority is told of it."""
        made = case()
        Circle.objects.create(
            case_id=made,
            kind=Circle.Kind.DRAFTING,
            opener_id=owner.person,
            opened_at=region.now,
            client_id=uuid4(),
            request_digest="",
            audit_event_id=region.event(Circle),
        )
        return made

    hold = hold_on(first, case(), now=region.now)
    lifting = asked_to_lift(first, hold_on(first, asking(), now=region.now), now=region.now)
    short = shortening_of(first, case(), now=region.now)
    return Kept(
        str(hold.id),
        str(lifting.id),
        str(short.id),
        digests={
            str(lifting.id): keeping.digest_of_lift(lifting),
            str(short.id): keeping.digest_of_shortening(short),
        },
    )


def a_closed_case(setting):
    """Close a setting's case; the body of reopening it."""
    region = setting.story.region
    services.close_case(case=setting.mine.case, actor=setting.who.actor, now=region.now)
    return {}
