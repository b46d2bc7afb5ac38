"""What has to be there before letterheads and documents can be served, and the bodies then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from casehub.core.frames import to_b64u
from casehub.directory.models import Person
from casehub.papers.statements import Headed, Made
from requests_mla.models import Request
from requests_mla.states import Stage
from tests.integration.papers.made import BODIES


def documents(setting: Any) -> dict[str, Any]:
    """Have the request ready, and sign for one file of it."""
    request = setting.mine.request
    Request.objects.filter(id=request).update(stage=Stage.READY.value)
    offices = [str(Person.objects.get(id=setting.who.id).office_id)]
    made = Made(str(request), 1, "", "", [("pdf", "es", bytes(32))], offices)
    signature = to_b64u(setting.signing.sign(made.signed_bytes()))
    body = BODIES["papers.documents.make"](setting.mine)
    return body | {"recipients": offices, "signature": signature}


def a_letterhead(setting: Any) -> dict[str, Any]:
    """Sign for the second one of the office."""
    office = Person.objects.get(id=setting.who.id).office_id
    signed = Headed(str(office), 2, b"x").signed_bytes()
    body = BODIES["papers.letterhead.change"](setting.mine)
    return body | {"number": 2, "signature": to_b64u(setting.signing.sign(signed))}


SETTINGS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "papers.documents.make": documents,
    "papers.letterhead.change": a_letterhead,
}
