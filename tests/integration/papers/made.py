"""A letterhead, for tests that need one to be there."""

from __future__ import annotations

import hashlib
from uuid import UUID, uuid4

from casehub.core.frames import to_b64u
from casehub.directory.models import Person
from casehub.papers.models import Letterhead, Making
from tests.factories import Region, Someone

#  acts, and the body that each wants
BODIES = {
    "papers.letterhead.change": lambda _: {
        "client_id": str(uuid4()),
        "number": 1,
        "body": to_b64u(b"x"),
        "signature": to_b64u(bytes(64)),
    },
    "papers.documents.make": lambda _: {
        "client_id": str(uuid4()),
        "version": 1,
        "letterhead": None,
        "template": "",
        "files": [{"kind": "pdf", "language": "es", "commitment": to_b64u(bytes(32))}],
        "recipients": [str(uuid4())],
        "signature": to_b64u(bytes(64)),
    },
}


def letterhead_of(region: Region, someone: Someone, *, body: bytes = b"first") -> str:
    """Return the id of the first letterhead of somebody's office."""
    office: UUID = Person.objects.get(id=someone.id).office_id
    known = Letterhead.objects.filter(office=office, number=1).first()
    if known is not None:
        return str(known.id)
    made = Letterhead.objects.create(
        office_id=office,
        number=1,
        person_id=someone.id,
        device_id=someone.device,
        at=region.now,
        body=body,
        digest=hashlib.sha256(body).hexdigest(),
        signature=bytes(64),
        client_id=uuid4(),
        request_digest="",
        audit_event_id=region.event(Letterhead),
    )
    return str(made.id)


def making_of(region: Region, someone: Someone, request: UUID) -> None:
    """Keep that somebody made documents of a request's first version."""
    Making.objects.create(
        request_id=request,
        version=1,
        person_id=someone.id,
        device_id=someone.device,
        at=region.now,
        files=[],
        recipients=[],
        signature=bytes(64),
        client_id=uuid4(),
        request_digest="",
        audit_event_id=region.event(Making),
    )
