"""
Another State's cases as its people leave them, and all that an address, body or frame names there.

`STEPS` are what happens to the cases, in whatever order; `things` then finds in the database what
has an id in one of them, and `PLACES` are where a caller may name it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from casehub.cases import services
from casehub.cases.models import Case, Circle, Hold, Joining, Reader, Shortening
from casehub.cases.queries import digest_of_joining, keeping
from casehub.core.errors import DomainError
from casehub.core.run import run
from casehub.custody.models import Export
from casehub.directory import queries as directory
from casehub.directory import services as directories
from casehub.directory.models import Stop
from casehub.notes import services as notes
from casehub.notes.models import Note
from messaging import services as messaging
from messaging.models import Attachment, Entry, Welcome
from requests_mla import services as requests
from requests_mla.models import Request
from tests.factories import Region, Someone
from tests.integration.answers import HTTP, ON_THREAD, TABLE
from tests.integration.cases.keepings import YEARS
from tests.integration.doors import objects_of
from tests.integration.messaging import uploaded

ROOT = Path(__file__).resolve().parents[2]
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
    "request_id": "request",
    "attachment": "attachment",
    "welcome": "welcome",
    "client_id": "sent",
}
#  and of what is a State's, a person's or the log's, whatever case there is
OF_NO_CASE = {
    *("person", "people", "office", "competence", "device", "devices", "deputy", "recipients"),
    *("factor", "session", "asked", "install", "stop", "notice", "letterhead"),
    *("designation", "consultation"),
    *("query", "view", "unmasking", "naming", "deferral", "pair_view", "pair"),
}
#  Where the name alone does not say it: exports for a court, and an auditor's of the log; the id
#  that an uploader gives a file to come, which tells no more than that somebody drew it before
#  (docs/files.md).
OF_ITS_ACT = {
    "export": lambda act: "export" if act.startswith("custody.") else "",
    "id": lambda act: {"messaging.attachment.begin": ""}[act],
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
        return self.where in {"path", "frame"} and self.kind != "sent"


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


# ---------------------------------------------------------------- what happens there


@dataclass
class Abroad:
    """Cases of MX, in which people of other States are, and never one of SV."""

    region: Region
    done: set[str] = field(default_factory=set)
    people: dict[str, Someone] = field(default_factory=dict)
    case: UUID = field(default_factory=uuid4)
    thread: UUID = field(default_factory=uuid4)

    @classmethod
    def begun(cls, region: Region) -> Abroad:
        """Make a case with everything that can hang on it, and those whose case it is."""
        owner, guest = region.equipped("MX"), region.equipped("MX")
        made = objects_of(region, owner, guest)
        of_gt = region.equipped("GT")
        people = {
            "owner": owner,
            "guest": guest,
            "auditor": region.person("MX", "national-auditor"),
            "coordinator": region.seat("MX").coordinator,
            "deputy": region.equipped("MX", "coordinator"),
            "officer": region.seat("MX").ministry[0],
            "of GT": of_gt,
            "coordinator of GT": region.seat("GT").coordinator,
            "coordinator of SV": region.equipped("SV", "coordinator"),
        }
        return cls(region, people=people, case=made.case, thread=made.thread)

    def do(self, who: str, act: str, service: Callable[..., Any], **said: Any) -> bool:
        """Have somebody try an act; whether it was done."""
        one = self.people[who]
        self.region.session(one)
        actor = directory.actor_behind(account=one.account, session=one.session, device=one.device)
        if actor is None or (actor.state_stopped and not TABLE[act].stopped):
            return False
        try:
            with transaction.atomic():
                run(service, act=act, actor=actor, now=self.region.now, **said)
        except DomainError:
            return False
        self.done.add(act)
        return True

    def joining(self, state: str) -> Joining | None:
        """Return the last proposal of the case to a State."""
        rows = Joining.objects.select_related("case").filter(case=self.case, state=state)
        return rows.order_by("-audit_event_id").first()

    def hand(self, who: str, how: str, state: str) -> None:
        """Have somebody answer the proposal to a State."""
        row = self.joining(state)
        if row is None:
            return
        service, said = {
            "consent": (services.consent_to_joining, {"digest": digest_of_joining(row)}),
            "accept": (services.accept_joining, {"digest": digest_of_joining(row)}),
            "refuse": (services.refuse_joining, {"reason": "other"}),
            "object": (services.object_to_joining, {"reason": "other"}),
            "withdraw": (services.withdraw_joining, {}),
        }[how]
        self.do(who, f"cases.state.{how}", service, joining=row.id, **said)

    # each step is one thing that may have happened, after whatever happened before

    def joined(self) -> None:
        """GT joins, and one of its people is let in, who tells HN something of it."""
        self.hand("coordinator of GT", "accept", "GT")
        said = {"client_id": uuid4(), "person": self.people["of GT"].id}
        add = {"case": self.case, "circles": [self.thread], **said}
        self.do("owner", "cases.person.add", services.add_person, **add)

    def refused(self) -> None:
        """GT does not join."""
        self.hand("coordinator of GT", "refuse", "GT")

    def asked(self) -> None:
        """SV is proposed, of which nobody there is told before the coordination consents."""
        self.do_propose("SV")

    def asked_and_consented(self) -> None:
        """SV's coordination is told of the case, which is not opened before it accepts."""
        self.do_propose("SV")
        self.hand("coordinator", "consent", "SV")

    def asked_in_vain(self) -> None:
        """SV has said no."""
        self.asked_and_consented()
        self.hand("coordinator of SV", "refuse", "SV")

    def asked_no_more(self) -> None:
        """Whoever proposed SV, or HN, takes it back; what GT objects to ends as well."""
        self.hand("of GT", "object", "SV")
        for state in ("HN", "SV"):
            self.hand("owner", "withdraw", state)

    def do_propose(self, state: str) -> None:
        """Propose a State as a person of the case does."""
        said = {"case": self.case, "client_id": uuid4(), "state": state, "urgent": False}
        self.do("owner", "cases.state.propose", services.propose_state, **said)

    def closed(self) -> None:
        """It is closed."""
        self.do("owner", "cases.case.close", services.close_case, case=self.case)

    def reopened(self) -> None:
        """It is opened again."""
        self.do("owner", "cases.case.reopen", services.reopen_case, case=self.case)

    def kept(self) -> None:
        """It is kept longer, and then somebody wants it kept less long, which waits."""
        longer = {"case": self.case, "retention": "long"}
        self.do("owner", "cases.retention.change", services.keep_longer, **longer)
        shorter = {"case": self.case, "client_id": uuid4(), "retention": "consultation"}
        self.do("coordinator", "cases.retention.propose", services.propose_shorter, **shorter)

    def kept_less(self) -> None:
        """The auditor agrees, or refuses where that cannot be."""
        row = Shortening.objects.filter(case=self.case).order_by("-audit_event_id").first()
        if row is None:
            return
        said = {"shortening": row.id, "digest": keeping.digest_of_shortening(row)}
        agree = services.agree_to_shorter
        if not self.do("auditor", "cases.retention.agree", agree, **said):
            said.pop("digest")
            self.do("auditor", "cases.retention.refuse", services.refuse_shorter, **said)

    def held(self) -> None:
        """A hold stands on it."""
        said = {"case": self.case, "client_id": uuid4(), "ground": "proceedings"}
        self.do("coordinator", "cases.hold.place", services.place_hold, **said)

    def hold_wanted_lifted(self) -> None:
        """One wants the hold lifted, which waits for another."""
        row = self.standing_hold()
        if row is not None:
            self.do("coordinator", "cases.hold.ask-lift", services.ask_lift, hold=row.id)

    def let_go(self) -> None:
        """Two lift the hold."""
        self.hold_wanted_lifted()
        row = self.standing_hold()
        if row is not None and row.lift_asked_at is not None:
            said = {"hold": row.id, "digest": keeping.digest_of_lift(row)}
            self.do("deputy", "cases.hold.agree-lift", services.agree_to_lift, **said)

    def standing_hold(self) -> Hold | None:
        """Return a hold that stands on the case."""
        rows = Hold.objects.filter(case=self.case, lifted_at=None)
        return rows.select_related("case").first()

    def written_in(self) -> None:
        """It gets a thread, a request, and a file that is half there."""
        said = {"case": self.case, "client_id": uuid4(), "people": []}
        self.do("owner", "cases.thread.open", services.open_thread, **said)
        opened = {**said, "client_id": uuid4(), "requested_state": ""}
        self.do("owner", "requests.request.open", requests.open_request, **opened)
        file = {"thread": self.thread, "attachment": uuid4(), "size": uploaded.SIZE}
        self.do("owner", "messaging.attachment.begin", messaging.begin_attachment, **file)

    def taken_back(self) -> None:
        """A file is taken back, and a note that was received is somebody's own from now on."""
        own = Attachment.objects.filter(person=self.people["owner"].id, removed_at=None)
        for file in own[:1]:
            said = {"attachment": file.id}
            remove = messaging.remove_attachment
            self.do("owner", "messaging.attachment.remove", remove, **said)
        for note in Note.objects.filter(state="MX")[:1]:
            self.do("owner", "notes.note.acknowledge", notes.acknowledge_note, note=note.id)
            self.do("owner", "notes.note.lead", notes.lead_by_note, note=note.id)

    def left(self) -> None:
        """Whoever was let in is shut out."""
        for who in ("of GT", "guest"):
            said = {"case": self.case, "person": self.people[who].id}
            self.do("owner", "cases.person.remove", services.remove_person, **said)

    def alone(self) -> None:
        """Its owner is stopped."""
        suspend, owner = directories.suspend_person, self.people["owner"].id
        self.do("coordinator", "directory.person.suspend", suspend, person=owner)

    def stopped(self) -> None:
        """Its State is stopped by one, which ends by itself if nobody else says so."""
        if self.stop() is None:
            self.do("officer", "directory.state.stop", directories.stop_state, code="MX")

    def stopped_by_two(self) -> None:
        """Its State is stopped until two lift it."""
        self.stopped()
        row = self.stop()
        if row is not None:
            confirm, said = directories.confirm_state_stop, {"code": "MX", "stop": row.id}
            self.do("coordinator", "directory.state.confirm-stop", confirm, **said)

    @staticmethod
    def stop() -> Stop | None:
        """Return the stop of its State."""
        return Stop.objects.filter(kind=Stop.Kind.STATE, state="MX", ended_at=None).first()

    def erased(self) -> None:
        """It is closed, its period is over, and what was said in it is gone."""
        self.closed()
        try:
            with transaction.atomic():
                services.erase_case(case=self.case, now=self.region.now + 3 * YEARS)
        except DomainError:
            return
        self.done.add("erased")


STEPS = (
    *("joined", "refused", "asked", "asked_and_consented", "asked_in_vain", "asked_no_more"),
    *("closed", "reopened", "kept", "kept_less", "held", "hold_wanted_lifted", "let_go"),
    *("written_in", "taken_back", "left", "alone", "stopped", "stopped_by_two", "erased"),
)


def things() -> dict[str, list[UUID]]:
    """Return the ids of what is in cases without SV, but for what its people are told of."""
    cases = [one.id for one in Case.objects.order_by("id") if "SV" not in one.state_set]
    told = set(Note.objects.filter(state="SV").values_list("circle_id", flat=True))
    told |= set(Reader.objects.filter(person__state="SV").values_list("circle_id", flat=True))
    circles = Circle.objects.filter(case__in=cases).exclude(id__in=told).order_by("audit_event_id")
    asked = Q(state="SV", consented_at__isnull=False)
    within = {
        "case": Case.objects.filter(id__in=cases),
        "circle": circles,
        "joining": Joining.objects.filter(case__in=cases).exclude(asked),
        "shortening": Shortening.objects.filter(case__in=cases),
        "hold": Hold.objects.filter(case__in=cases),
        "note": Note.objects.filter(circle__in=circles),
        "request": Request.objects.filter(circle__in=circles),
        "attachment": Attachment.objects.filter(circle__in=circles),
        "welcome": Welcome.objects.filter(group__circle__in=circles),
        "export": Export.objects.filter(circle__in=circles),
    }
    found = {kind: sorted(rows.values_list("id", flat=True)) for kind, rows in within.items()}
    sent = (
        Case.objects.filter(id__in=cases),
        circles,
        within["joining"],
        within["hold"],
        within["request"],
        within["export"],
        Entry.objects.filter(group__circle__in=circles),
    )
    found["sent"] = sorted(
        {one for rows in sent for one in rows.values_list("client_id", flat=True)}
    )
    return found
