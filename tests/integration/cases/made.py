"""Openings of cases to more States, for tests that need them to be there."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import uuid4

from casehub.cases import services
from casehub.cases.models import Joining
from casehub.cases.queries import digest_of_joining


def some_id():
    """Return an id of nothing."""
    return str(uuid4())


@dataclass
class Joinings:
    """What waits for consent, what asks the owner's State, what waits in their case."""

    proposed: str = field(default_factory=some_id)
    asking: str = field(default_factory=some_id)
    within: str = field(default_factory=some_id)
    digests: dict[str, str] = field(default_factory=dict)

    def of(self, act: str) -> str:
        """Return the one that an act is about."""
        about = {
            "cases.state.consent": self.proposed,
            "cases.state.accept": self.asking,
            "cases.state.refuse": self.asking,
        }
        return about.get(act, self.within)

    def hand(self, act: str) -> dict[str, str]:
        """Return the body of a hand under it."""
        return {"digest": self.digests.get(self.of(act), "0" * 64)}


#  acts, and the body that each wants
BODIES = {
    "cases.state.propose": lambda _: {"client_id": str(uuid4()), "state": "MX", "urgent": False},
    "cases.state.consent": lambda o: o.joinings.hand("cases.state.consent"),
    "cases.state.accept": lambda o: o.joinings.hand("cases.state.accept"),
    "cases.state.refuse": lambda _: {"reason": "other"},
    "cases.state.object": lambda _: {"reason": "other"},
}


def proposal(region, by, case, state, *, urgent=False):
    """Have somebody propose a State for a case, and return the proposal."""
    services.propose_state(
        case=case,
        client_id=uuid4(),
        state=state,
        urgent=urgent,
        actor=by.actor,
        now=region.now,
    )
    return Joining.objects.select_related("case").get(case=case, state=state, ended="")


def asking(region, owner, state, *, consented=True):
    """Return a proposal to a State in a new case of somebody, consented to."""
    region.seat(state)
    case = services.open_case(
        client_id=uuid4(), states=[owner.state, state], actor=owner.actor, now=region.now
    )
    found = Joining.objects.select_related("case").get(case=case)
    if consented:
        region.consented(found)
        found.refresh_from_db()
    return found


def joinings(region, owner, case):
    """Make one of each for an owner and their case; it is GT that asks their State."""
    for state in ("HN", "GT"):
        region.seat(state)
    proposed = proposal(region, owner, case, "HN")
    within = region.consented(proposal(region, owner, case, "GT"))
    asked = asking(region, region.person("GT"), owner.state)
    made = (proposed, asked, within)
    return Joinings(
        *(str(one.id) for one in made), {str(one.id): digest_of_joining(one) for one in made}
    )
