"""What hangs on a State's designations, for tests that need it to be there."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import uuid4

from casehub.core.frames import to_b64u
from casehub.directory import services as directory
from casehub.directory.models import Notice
from tests.factories import stamp
from tests.integration.designations.lives import Life

DIGEST = "0" * 64
STATEMENT = {"type": "designation", "body": "e30", "signatures": []}


def some_id() -> str:
    """Return an id of nothing."""
    return str(uuid4())


@dataclass
class Designated:
    """A draft with a question to an agency, its office, a notice; by default nothing of them."""

    designation: str = field(default_factory=some_id)
    consultation: str = field(default_factory=some_id)
    office: str = field(default_factory=some_id)
    notice: str = field(default_factory=some_id)
    now: str = "2026-11-24T14:00:00Z"
    later: str = "2027-05-01T00:00:00Z"


def _draft(o):
    said = o.designated
    return {
        "name": "Ana Pérez",
        "post": "Fiscal de enlace",
        "office": said.office,
        "roles": ["liaison"],
        "functions": ["focal-point"],
        "languages": ["es"],
        "scope": ["smuggling-of-migrants"],
        "starts": said.now,
        "until": said.later,
    }


#  acts, and the body that each wants
BODIES = {
    "directory.notice.acknowledge": lambda _: {},
    "directory.notices.acknowledge": lambda o: {"notice": o.designated.notice},
    "designations.designation.draft": _draft,
    "designations.designation.change": _draft,
    "designations.designation.renew": _draft,
    "designations.consultation.ask": lambda _: {"agency": "interior"},
    "designations.consultation.answer": lambda o: {
        "outcome": "no-objection",
        "date": o.designated.now[:10],
    },
    "designations.consultation.withdraw": lambda _: {},
    "designations.designation.consulted": lambda _: {},
    "designations.designation.nominate": lambda _: {"statement": STATEMENT},
    "designations.designation.approve": lambda _: {
        "digest": DIGEST,
        "key": to_b64u(bytes(32)),
        "signature": to_b64u(bytes(64)),
    },
    "designations.designation.reject": lambda _: {"reason": "other"},
    "designations.code.make": lambda _: {},
    "designations.designation.bind": lambda _: {"statement": STATEMENT},
    "designations.enrolment.begin": lambda _: {"code": "0000"},
    "designations.enrolment.finish": lambda _: {"code": "0000", "name": "Llave", "credential": {}},
    "designations.key.offer": lambda _: {"key": to_b64u(bytes(32)), "proof": to_b64u(bytes(64))},
    "designations.person.reinstate": lambda _: {"statement": STATEMENT},
    "designations.standing.confirm": lambda _: {"digest": DIGEST},
}


def designated(region, state):
    """Make what hangs on a State's designations."""
    life = Life(region, state)
    life.draft()
    asked = life.ask()
    notice = directory.give(
        kind=Notice.Kind.UNCONFIRMED, state=state, act=region.event(), now=region.now
    )
    return Designated(
        designation=str(life.designation),
        consultation=str(asked),
        office=str(region.seat(state).office.id),
        notice=str(notice),
        now=stamp(region.now),
    )
