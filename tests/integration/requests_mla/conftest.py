"""
Ana and Bea of El Salvador and Boris of Mexico in one case, a small rulebook, and Ana's draft.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.test import Client

from requests_mla import queries, services
from requests_mla.models import Request
from requests_mla.statements import Screened, disclosed_digest
from tests.factories import Someone, public
from tests.integration.requests_mla.moving import USUAL, Mover, official
from tests.integration.requests_mla.rulebook import SMALL

DISCLOSED: dict[str, Any] = {
    "requesting_state": "SV",
    "requested_state": "MX",
    "law_date": "2026-11-24",
    "measures": ["bank_records"],
    "instruments": ["UNTOC-18"],
    "urgency": "normal",
    "deadline": "",
}


@pytest.fixture(autouse=True)
def _rulebook(small_rulebook):
    """Everything here goes by the small rulebook."""


def equipped(region, state="SV", *roles) -> Someone:
    """Return a new person whose device's key the test has too."""
    someone = region.person(state, *roles)
    someone.signing = Ed25519PrivateKey.generate()
    region.device(someone, signature_key=public(someone.signing))
    return someone


@pytest.fixture
def ana(region):
    return equipped(region)


@pytest.fixture
def bea(region):
    return equipped(region, "SV", "coordinator")


@pytest.fixture
def boris(region):
    return equipped(region, "MX")


@pytest.fixture
def case(region, ana, bea, boris):
    return region.case(ana, bea, boris)


@pytest.fixture
def acting(now):
    """Call a service as somebody, now or at another time."""

    def call(service, by, *, at=None, **kwargs):
        return service(actor=by.actor, now=at or now, **kwargs)

    return call


@dataclass
class Draft:
    """A request, and short ways to do things with it."""

    id: UUID
    now: datetime

    @property
    def row(self) -> Request:
        return Request.objects.get(id=self.id)

    @property
    def circle(self) -> UUID:
        return self.row.circle_id

    def shape(self, by: Someone, at: datetime | None = None) -> dict[str, Any]:
        return queries.shape_for(by.actor, self.id, at or self.now)

    def take(self, by: Someone, at: datetime | None = None, client_id: UUID | None = None):
        return services.take_turn(
            request_id=self.id, client_id=client_id or uuid4(), actor=by.actor, now=at or self.now
        )

    def save(self, by: Someone, *, at: datetime | None = None, **changes: Any) -> int:
        facts = DISCLOSED | changes.pop("disclosed", {})
        usual = {"client_id": uuid4(), "base": self.row.version, "body": b"sealed"}
        return services.save_version(
            request_id=self.id,
            actor=by.actor,
            now=at or self.now,
            **(usual | changes | {"disclosed": facts}),
        )

    def attest(self, by: Someone, *, at: datetime | None = None, **changes: Any) -> None:
        signer = changes.pop("signer", by.signing)
        usual = {
            "version": self.row.version,
            "rulebook": SMALL.version,
            "commitment": b"c" * 32,
            "results": b"r" * 32,
        }
        usual |= {"overridden": [], "ready": False}
        said = {name: changes.pop(name, value) for name, value in usual.items()}
        told = self.row.versions.filter(number=said["version"]).first()
        facts = changes.pop("disclosed", told.disclosed if told else {})
        signed = {"disclosed": disclosed_digest(facts)} | said
        signed["overridden"] = tuple(sorted(said["overridden"]))
        signature = signer.sign(Screened(str(self.id), **signed).signed_bytes())
        services.attest(
            request_id=self.id,
            actor=by.actor,
            now=at or self.now,
            **said,
            **({"client_id": uuid4(), "signature": signature} | changes),
        )


@pytest.fixture
def opened(case, ana, acting, now):
    """Return `opened(*people, ...)`: a draft of Ana's which these people read too."""

    def open_(*people: Someone, by: Someone = ana, **changes: Any) -> Draft:
        usual = {"client_id": uuid4(), "case": case, "requested_state": "MX"}
        asked = usual | {"people": [one.id for one in people]} | changes
        return Draft(acting(services.open_request, by, **asked), now)

    return open_


@pytest.fixture
def draft(opened, bea):
    """Ana's draft, which Bea reads too."""
    return opened(bea)


@pytest.fixture
def focal(region):
    """A focal point of Mexico, who is in no case."""
    return equipped(region, "MX")


@pytest.fixture
def screened(draft, ana):
    """Ana's draft with a version that was screened."""
    draft.take(ana)
    draft.save(ana)
    draft.attest(ana)
    return draft


@pytest.fixture
def browser(region):
    def open_(who):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = region.session(who)
        return client

    return open_


@pytest.fixture
def sofia(region):
    return official(region, "SV")


@pytest.fixture
def mario(region):
    return official(region, "MX")


@pytest.fixture
def nadia(region):
    """A second officer of the central authority there, beside Mario, and of another name."""
    someone = official(region, "MX")
    region.end(someone, name="Nadia Cruz")
    return someone


@pytest.fixture
def ready(region, draft, ana, bea, now, request):
    """
    Ana's request, screened and ready; Bea, the coordinator, reads it and wrote nothing.

    What takes two hands there Nadia confirms.
    """
    for who in (ana, bea):
        region.session(who)
    draft.take(ana)
    draft.save(ana, disclosed={"measures": ["bank_records", "bank_records"]})
    draft.attest(ana, ready=True)
    return Mover(draft.id, now, second=lambda: request.getfixturevalue("nadia"))


@pytest.fixture
def people(ana, bea, sofia, mario):
    return {"drafter": ana, "signatory": bea, "home": sofia, "abroad": mario}


@pytest.fixture
def led(ready, people):
    """Return `led("authorise", ...)`: the request after these acts, each by whose it is."""
    whose = {
        "authorise": "signatory",
        "transmit": "home",
        "confirm": "home",
        "give-information": "home",
        "expire": "home",
        "withdraw": "home",
        "close": "drafter",
    }

    def lead(*acts, **said):
        for act in acts:
            ready.move(people[whose.get(act, "abroad")], act, **(USUAL.get(act, {}) | said))
        return ready

    return lead
