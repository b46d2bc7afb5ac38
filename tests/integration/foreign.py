"""
Another State's cases as its people leave them.

`STEPS` are what happens to the cases, in whatever order; `Abroad.things` then finds in the database
what has an id in one of them. Where a caller may name it is in `named.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from casehub.cases import services
from casehub.cases.models import Case, CaseMember, Circle, Hold, Joining, Reader, Shortening
from casehub.cases.queries import digest_of_joining, keeping
from casehub.core.errors import DomainError
from casehub.core.run import run
from casehub.custody.models import Export
from casehub.directory import queries as directory
from casehub.directory import services as directories
from casehub.directory.models import Stop
from casehub.notes import services as notes
from casehub.notes.models import Note
from casehub.papers.models import Letterhead, Making
from messaging import services as messaging
from messaging.models import Attachment, Entry, Group, Welcome
from requests_mla import services as requests
from requests_mla.codes import AUDIENCES
from requests_mla.models import (
    Attestation,
    Consultation,
    Enclosure,
    Letter,
    Move,
    Proposal,
    Request,
    Turn,
    Version,
)
from tests.factories import Region, Someone
from tests.integration.answers import TABLE
from tests.integration.cases.keepings import YEARS
from tests.integration.doors import objects_of
from tests.integration.messaging import uploaded
from tests.integration.messaging.conftest import made as post_of
from tests.integration.named import A_SENT, SENT
from tests.integration.papers.made import making_of
from tests.integration.requests_mla.made import (
    attestation_of,
    letter_of,
    move_of,
    proposal_of,
    sent_of,
)


@dataclass
class Abroad:
    """
    Cases of MX, in which people of other States are, and never one of SV.

    `outside` are all in which SV was not when this began: nothing that is done here lets it in.
    """

    region: Region
    done: set[str] = field(default_factory=set)
    people: dict[str, Someone] = field(default_factory=dict)
    case: UUID = field(default_factory=uuid4)
    thread: UUID = field(default_factory=uuid4)
    outside: frozenset[UUID] = frozenset()

    @classmethod
    def begun(cls, region: Region) -> Abroad:
        """Make a case with everything that can hang on it, and those whose case it is."""
        owner, guest = region.equipped("MX"), region.equipped("MX")
        made = objects_of(region, owner, guest)
        attestation_of(region, owner, made.request)
        move_of(region, owner, made.request)
        sent_of(region, owner, made.request, to="GT")  # there are letters about no other
        for audience in AUDIENCES:
            letter_of(region, owner, made.request, audience=audience)
        of_gt = region.equipped("GT")
        proposal_of(region, of_gt, made.request)
        making_of(region, owner, made.request)
        messaging.accept_messages(posts=[post_of(made.thread, owner)], now=region.now)
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
        outside = frozenset(one.id for one in Case.objects.all() if "SV" not in one.state_set)
        return cls(region, people=people, case=made.case, thread=made.thread, outside=outside)

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
        """GT joins, and one of its people is let in."""
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
        """The auditor agrees."""
        row = self.shortening()
        if row is not None:
            said = {"shortening": row.id, "digest": keeping.digest_of_shortening(row)}
            self.do("auditor", "cases.retention.agree", services.agree_to_shorter, **said)

    def kept_as_long(self) -> None:
        """The auditor refuses."""
        row = self.shortening()
        if row is not None:
            refuse = services.refuse_shorter
            self.do("auditor", "cases.retention.refuse", refuse, shortening=row.id)

    def shortening(self) -> Shortening | None:
        """Return the last wish to keep the case less long."""
        return Shortening.objects.filter(case=self.case).order_by("-audit_event_id").first()

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

    def let_in(self) -> list[Model]:
        """Return what lets SV see of a case that it was outside of, but what it was told."""
        readers = Reader.objects.filter(circle__case__in=self.outside, person__state="SV")
        return [
            *(one for one in Case.objects.filter(id__in=self.outside) if "SV" in one.state_set),
            *CaseMember.objects.filter(case__in=self.outside, person__state="SV"),
            *readers.exclude(circle__in=self.told()),
        ]

    @staticmethod
    def told() -> QuerySet[Any]:
        """Return the circles in which SV was told or asked something."""
        notes = Note.objects.filter(state="SV").values("circle")
        return notes.union(Consultation.objects.filter(state="SV").values("circle"))

    def things(self) -> dict[str, list[UUID]]:
        """
        Return the ids of what is in those cases, the oldest first, but for what SV is told of.

        Circles are told apart by what hangs on them, and what was sent by the table that keeps it.
        """
        cases = Case.objects.filter(id__in=self.outside)
        circles = Circle.objects.filter(case__in=cases).exclude(id__in=self.told())
        asked = Q(state="SV", consented_at__isnull=False)
        joinings = Joining.objects.filter(case__in=cases).exclude(asked)
        versions = Version.objects.filter(request__circle__in=circles)
        rows: dict[type[Model], QuerySet[Any]] = {
            Case: cases,
            CaseMember: CaseMember.objects.filter(case__in=cases),
            Circle: circles,
            Joining: joinings,
            Shortening: Shortening.objects.filter(case__in=cases),
            Hold: Hold.objects.filter(case__in=cases),
            Note: Note.objects.filter(circle__in=circles),
            Consultation: Consultation.objects.filter(circle__in=circles),
            Request: Request.objects.filter(circle__in=circles),
            Turn: Turn.objects.filter(request__circle__in=circles),
            Version: versions,
            Attestation: Attestation.objects.filter(version__in=versions),
            Move: Move.objects.filter(request__circle__in=circles),
            Proposal: Proposal.objects.filter(request__circle__in=circles),
            Letter: Letter.objects.filter(request__circle__in=circles),
            Enclosure: Enclosure.objects.filter(request__circle__in=circles),
            Making: Making.objects.filter(request__circle__in=circles),
            Letterhead: Letterhead.objects.exclude(office__state="SV"),
            Export: Export.objects.filter(circle__in=circles),
            Group: Group.objects.filter(circle__in=circles),
            Entry: Entry.objects.filter(group__circle__in=circles),
            Attachment: Attachment.objects.filter(circle__in=circles),
            Welcome: Welcome.objects.filter(group__circle__in=circles),
        }

        def ids(model: type[Model], of: str = "id", **which: str) -> list[UUID]:
            order = "seq" if model is Welcome else "audit_event_id"
            return list(rows[model].filter(**which).order_by(order).values_list(of, flat=True))

        itself = (
            *(Case, Joining, Shortening, Hold, Note, Consultation),
            *(Request, Letter, Enclosure, Attachment, Welcome, Export),
        )
        found = {model.__name__.lower(): ids(model) for model in itself}
        found |= {f"circle {kind}": ids(Circle, kind=kind) for kind in Circle.Kind.values}
        sent = set(SENT.values())
        return found | {f"{A_SENT}{one.__name__}": ids(one, "client_id") for one in sent}


STEPS = (
    *("joined", "refused", "asked", "asked_and_consented", "asked_in_vain", "asked_no_more"),
    *(
        "closed",
        "reopened",
        "kept",
        "kept_less",
        "kept_as_long",
        "held",
        "hold_wanted_lifted",
        "let_go",
    ),
    *("written_in", "taken_back", "left", "alone", "stopped", "stopped_by_two", "erased"),
)
