"""
Where an act names something of a case: every uuid in an address or body, and a frame's thread.

A number, a code or a text in an address is none: which there are is compared by a test.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casehub.cases.models import Case, CaseMember, Circle, Hold, Joining, Shortening
from casehub.core.models import HeadRow
from casehub.custody.models import Export
from casehub.notes.models import Note
from casehub.papers.models import Letterhead, Making
from messaging.models import Entry, Group
from requests_mla.models import Attestation, Consultation, Move, Proposal, Request, Turn, Version
from tests.integration.answers import HTTP, ON_THREAD

ROOT = Path(__file__).resolve().parents[2]
A_SENT = "sent as "  # what an id is that a caller has drawn, before the name of its table
#  the last name of an identifier, and what it names inside a case
OF_A_CASE = {
    "case": "case",
    "circle": "circle",
    "circles": "circle",
    "thread": "circle",
    "joining": "joining",
    "shortening": "shortening",
    "hold": "hold",
    "note": "note",
    "letter": "letter",
    "request_id": "request",
    "attachment": "attachment",
    "enclosure": "enclosure",
    "enclosures": "enclosure",
    "welcome": "welcome",
}
#  and of what is a State's, a person's or the log's, whatever case there is
OF_NO_CASE = {
    *("person", "people", "office", "competence", "device", "devices", "deputy", "recipients"),
    *("factor", "session", "asked", "install", "stop", "notice", "letterhead"),
    *("designation", "answer"),
    *("query", "view", "unmasking", "naming", "deferral", "pair_view", "pair"),
    "after",  # a place in an order, also where nothing stands
}
#  the table that keeps the id with which an act was sent: it is asked there whether it was before
SENT: dict[str, type[HeadRow]] = {
    "cases.case.open": Case,
    "cases.hold.place": Hold,
    "cases.hold.place-on-note": Hold,
    "cases.person.add": CaseMember,
    "cases.retention.propose": Shortening,
    "cases.state.propose": Joining,
    "cases.thread.open": Circle,
    "custody.export.ask": Export,
    "messaging.commit.accept": Entry,
    "messaging.commit.ask": Entry,
    "messaging.group.start": Group,
    "notes.note.send": Note,
    "papers.documents.make": Making,
    "papers.letterhead.change": Letterhead,
    "requests.attestation.make": Attestation,
    "requests.consultation.ask": Consultation,
    "requests.move.make": Move,
    "requests.proposal.make": Proposal,
    "requests.request.open": Request,
    "requests.turn.take": Turn,
    "requests.version.save": Version,
}
#  acts that are done once whichever id they are sent with, and keep none
KEEPS_NONE = {"cases.reader.add", "requests.reader.add"}


def _sent(act: str) -> str | None:
    if act in KEEPS_NONE:
        return ""
    model = SENT.get(act)
    return None if model is None else f"{A_SENT}{model.__name__}"


#  Where the name alone does not say it: what focal points are asked about a request, and agencies
#  about somebody; exports for a court, and an auditor's of the log; the id
#  that an uploader gives a file to come, and an author a letter, which tells no more than that
#  somebody drew it before (docs/files.md).
OF_ITS_ACT = {
    "consultation": lambda act: "consultation" if act.startswith("requests.") else "",
    "export": lambda act: "export" if act.startswith("custody.") else "",
    "id": lambda act: {
        "messaging.attachment.begin": "",
        "requests.enclosure.begin": "",
        "requests.letter.send": "",
    }[act],
    "client_id": _sent,
}


@dataclass(frozen=True)
class Place:
    """Where an act names something: in its `path`, `query`, `body` or `frame`, and of what kind."""

    act: str
    where: str
    name: str
    kind: str

    @property
    def is_object(self) -> bool:
        """Say whether it names what the act is on, which is refused if it is not seen."""
        return self.where in {"path", "frame"} and not self.kind.startswith(A_SENT)


def identifiers() -> Iterator[tuple[str, str, str]]:
    """Yield each identifier that a route takes: its act, where it stands, and its last name."""
    described = json.loads((ROOT / "docs" / "reference" / "openapi.json").read_text())
    acts = {row.door: act for act, row in HTTP.items()}
    for path, methods in described["paths"].items():
        for method, said in methods.items():
            act = acts.get(f"{method.upper()} {path}")
            if act is None:
                continue
            for one in said.get("parameters", []):
                if "uuid" in json.dumps(one["schema"]):
                    yield act, one["in"], one["name"]
            for content in said.get("requestBody", {}).get("content", {}).values():
                for name in _named(content["schema"], described["components"]["schemas"]):
                    yield act, "body", name


def _named(schema: Any, known: dict[str, Any], name: str = "") -> Iterator[str]:
    if "$ref" in schema:
        yield from _named(known[schema["$ref"].rsplit("/", 1)[1]], known, name)
    if schema.get("format") == "uuid":
        yield name
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _named(one, known, name)
    if isinstance(schema.get("items"), dict):
        yield from _named(schema["items"], known, name)
    for inner, said in schema.get("properties", {}).items():
        yield from _named(said, known, inner)


def kind_named(act: str, name: str) -> str | None:
    """Return what of a case is named: nothing of one is "", and None is what nobody has said."""
    if name in OF_ITS_ACT:
        return OF_ITS_ACT[name](act)
    return "" if name in OF_NO_CASE else OF_A_CASE.get(name)


def places() -> list[Place]:
    """Return where something of a case is named, over HTTP and through the socket."""
    found = [Place(act, at, name, kind_named(act, name) or "") for act, at, name in identifiers()]
    spoken = [Place(act, "frame", "thread", "circle") for act in sorted(ON_THREAD)]
    return [*(one for one in found if one.kind), *spoken]
