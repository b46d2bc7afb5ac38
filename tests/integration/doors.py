"""
What the tests of permissions knock with: objects to name, a body for each act, and who is let in.

`BODIES` wants a line for every act that takes one; what `call` does is undone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.test import Client
from django.test.client import ClientHandler

from audit.models import AuditEvent
from casehub.accounts.models import Factor
from casehub.cases.models import CaseMember, Reader
from casehub.cases.policies import MAY_READ
from casehub.core.frames import to_b64u
from casehub.core.rates import buckets
from messaging.models import Group, Welcome
from tests.factories import Region, Someone, draft_of, title_of
from tests.integration import own_devices
from tests.integration.answers import HTTP, OF_A_STOP, STOPS, disclosed
from tests.integration.cases import keepings
from tests.integration.cases import made as openings
from tests.integration.custody import made as exports
from tests.integration.designations import made as designations
from tests.integration.directory import made as directories
from tests.integration.leaning import misleading_rows
from tests.integration.messaging import uploaded
from tests.integration.notes import made as notes
from tests.integration.oversight import made as auditors
from tests.integration.papers import made as papers
from tests.integration.requests_mla import consulting, enclosed, stepping, writing
from tests.integration.requests_mla.made import authorised_of, request_of

APPLICATION = ClientHandler(enforce_csrf_checks=False)  # one: it lists all files when it loads


@dataclass
class Objects:
    """The things that an address or a body may name."""

    case: UUID
    thread: UUID
    welcome: UUID
    device: str
    factor: str
    person: str
    request: UUID
    session: str
    office: str
    competence: str
    asked: str
    client_id: UUID = field(default_factory=uuid4)
    code: str = "ZZ"
    audited: auditors.Audited = field(default_factory=auditors.Audited)
    designated: designations.Designated = field(default_factory=designations.Designated)
    joinings: openings.Joinings = field(default_factory=openings.Joinings)
    attachments: uploaded.Uploaded = field(default_factory=uploaded.Uploaded)
    told: notes.Told = field(default_factory=notes.Told)
    letterhead: str = field(default_factory=lambda: str(uuid4()))
    enclosure: str = field(default_factory=lambda: str(uuid4()))
    kept: keepings.Kept = field(default_factory=keepings.Kept)
    courts: exports.Courts = field(default_factory=exports.Courts)
    put: consulting.Put = field(default_factory=consulting.Put)

    def parts(self, act: str) -> dict[str, str]:
        """Return what an act's address may name."""
        courts = {"export": self.courts.of(act)} if act.startswith("custody.") else {}
        notices = self.audited if act.startswith("oversight.") else self.designated
        return {
            "case": str(self.case),
            "note": self.told.note,
            "letterhead": self.letterhead,
            "joining": self.joinings.of(act),
            "circle": str(self.thread),
            "attachment": self.attachments.of(act),
            "enclosure": self.enclosure,
            "index": "0",
            "thread": str(self.thread),
            "welcome": str(self.welcome),
            "factor": self.factor,
            "asked": self.asked,
            "session": self.session,
            "person": self.person,
            "device": self.device,
            "code": self.code,
            "request_id": str(self.request),
            "office": self.office,
            "competence": self.competence,
            "version": "1",
            "client_id": str(self.client_id),
            "log": "acts-2026",
            "level": "0",
            "place": "000.p/1",
            **vars(self.audited),
            **vars(self.designated),
            "notice": notices.notice,
            **self.kept.parts(act),
            **({"circle": self.told.circle} if act == "cases.hold.place-on-note" else {}),
            **courts,
            **({"consultation": self.put.consultation} if act.startswith("requests.") else {}),
        }


def objects_of(region: Region, owner: Someone, guest: Someone) -> Objects:
    """Make a case of `owner` with a thread and everything that can hang on it."""
    case = region.case(owner, guest)
    thread = region.thread(owner, guest, case=case)
    group = Group.objects.get(circle_id=thread)
    welcome = Welcome.objects.create(
        group=group, device_id=owner.device, seq=1, chain=b"", body=b"", act=0
    )
    factor = Factor.objects.create(
        account_id=owner.account,
        kind=Factor.Kind.PASSKEY,
        sealed_name=b"",
        added_at=region.now,
        removed_at=region.now,
        audit_event_id=region.event(),
    )
    request = request_of(region, owner, guest, case=case)
    return Objects(
        case,
        thread,
        welcome.id,
        str(owner.device),
        str(factor.id),
        guest.person,
        request,
        own_devices.session_of(region, owner),
        *directories.made_for(region, guest),
        own_devices.asking_of(region, owner),
        code=owner.state,
        designated=designations.designated(region, owner.state),
        joinings=openings.joinings(region, owner, case),
        attachments=uploaded.uploads(region, owner, thread),
        told=notes.told(region, owner, guest),
        letterhead=papers.letterhead_of(region, owner),
        kept=keepings.kept(region, owner),
        courts=exports.courts(region, owner, thread),
        put=consulting.put_to(region, owner, guest),
    )


def nothing() -> Objects:
    """Return ids of nothing."""
    ids = [str(uuid4()) for _ in range(7)]
    return Objects(uuid4(), uuid4(), uuid4(), *ids[:3], uuid4(), *ids[3:])


#  act, and the body that it wants
BODIES: dict[str, Callable[[Objects], dict[str, Any]]] = {
    "accounts.password.check": lambda _: {"account": "nobody", "password": "wrong"},
    "accounts.code.check": lambda _: {"code": "000000"},
    "accounts.passkey.begin": lambda _: {},
    "accounts.passkey.finish": lambda _: {"credential": {}},
    "accounts.session.active": lambda _: {},
    "accounts.sign-out": lambda _: {},
    "accounts.passkey.register-begin": lambda _: {},
    "accounts.passkey.register-finish": lambda _: {"name": "Llave", "credential": {}},
    "accounts.recovery-codes.make": lambda _: {},
    "accounts.totp.offer": lambda _: {},
    "accounts.totp.confirm": lambda _: {"code": "000000"},
    "accounts.sessions.end-others": lambda _: {},
    "accounts.account.close": lambda _: {},
    "accounts.ticket.issue": lambda _: {},
    "accounts.unlock-share.give": lambda _: {"install": str(uuid4())},
    "digests.setting.change": lambda _: {
        "often": "daily",
        "hour": 8,
        "zone": "America/El_Salvador",
        "language": "es",
        "address": "somebody@prosecution.example",
    },
    "directory.device.register": lambda o: {
        "statement": {"type": "device", "body": "e30", "signatures": []}
    },
    "directory.device.select": lambda o: {"device": o.device},
    **dict.fromkeys(STOPS, lambda _: {}),
    **dict.fromkeys(OF_A_STOP, lambda _: {"stop": str(uuid4())}),
    "cases.case.open": lambda _: {"client_id": str(uuid4()), "states": ["SV"]},
    "cases.thread.open": lambda _: {"client_id": str(uuid4()), "people": []},
    "cases.person.add": lambda o: {
        "client_id": str(uuid4()),
        "person": o.person,
        "circles": [],
    },
    "cases.reader.add": lambda o: {"client_id": str(uuid4()), "person": o.person},
    "messaging.key-packages.publish": lambda _: {"packages": []},
    "messaging.key-packages.claim": lambda o: {"devices": [o.device]},
    "messaging.group.start": lambda _: {"client_id": str(uuid4()), "group_info": "AA"},
    "messaging.commit.accept": lambda _: {
        "client_id": str(uuid4()),
        "epoch": 0,
        "commit": "AA",
        "group_info": "AA",
    },
    "requests.request.open": lambda o: {
        "client_id": str(uuid4()),
        "case": str(o.case),
        "people": [],
        "requested_state": "",
    },
    "requests.turn.take": lambda _: {"client_id": str(uuid4())},
    "requests.version.save": lambda _: {
        "client_id": str(uuid4()),
        "base": 1,
        "body": "AA",
        "disclosed": disclosed("SV"),
    },
    "requests.attestation.make": lambda _: {
        "client_id": str(uuid4()),
        "version": 1,
        "rulebook": "0" * 64,
        "commitment": to_b64u(bytes(32)),
        "results": to_b64u(bytes(32)),
        "signature": to_b64u(bytes(64)),
        "overridden": [],
        "ready": False,
    },
    "requests.reader.add": lambda o: {"client_id": str(uuid4()), "person": o.person},
    **openings.BODIES,
    **keepings.BODIES,
    **uploaded.BODIES,
    **notes.BODIES,
    **consulting.BODIES,
    **writing.BODIES,
    **stepping.BODIES,
    **enclosed.BODIES,
    **papers.BODIES,
    **exports.BODIES,
    **auditors.BODIES,
    **own_devices.BODIES,
    **designations.BODIES,
    **directories.BODIES,
    "demo.code.show": lambda _: {"account": "nobody"},
    "demo.identity-key.give": lambda _: {},
}


def call(
    cookie: str | None,
    act: str,
    objects: Objects,
    *,
    client: Client | None = None,
    named: Mapping[str, str] = MappingProxyType({}),
    said: Mapping[str, Any] = MappingProxyType({}),
    asked: str = "",
) -> Any:
    """
    Knock at an act's door with a session's cookie, or none, and undo what it did.

    The address names what the objects do, but for what is `named`, and ends with what is `asked`;
    the body, but for `said`.
    The answer bears the `kinds` of events that it left, and how many `queries` it took.
    """
    method, path = HTTP[act].door.split(" ")
    client = client or _client()
    if cookie is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    body = {**BODIES[act](objects), **said} if act in BODIES else None

    def knock() -> Any:
        return client.generic(
            method,
            path.format(**{**objects.parts(act), **named}) + asked,
            data=b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
        )

    return undone(knock)


def _client() -> Client:
    """Return a client without cookies, of an application that is loaded once, as by a server."""
    client = Client()
    client.handler = APPLICATION
    return client


@contextmanager
def counted() -> Iterator[Iterator[int]]:
    """
    Count the statements of the body: the next number is how many there were.

    Django's own capture writes each of them out with its values, and asks SQLite for that.
    """
    numbers = count()

    def one(execute: Callable[..., Any], *asked: Any) -> Any:
        next(numbers)
        return execute(*asked)

    with connection.execute_wrapper(one):
        yield numbers


def undone(knock: Callable[[], Any]) -> Any:
    """Return what a knock was answered, with its events and queries, and undo it."""
    buckets.clear()
    last = AuditEvent.objects.aggregate(last=Max("id"))["last"] or 0
    with transaction.atomic():
        with counted() as asked:
            answer = knock()
        answer.queries = next(asked)
        answer.kinds = set(AuditEvent.objects.filter(id__gt=last).values_list("kind", flat=True))
        if answer.kinds - {"core.act.refused", "core.proof.asked"}:
            assert misleading_rows(last) == []
        transaction.set_rollback(True)
    return answer


@dataclass
class World:
    """One region for all calls: whatever a call changes is rolled back."""

    region: Region
    own: Objects
    foreign: Objects

    def let_in(self, who: Someone) -> Objects:
        """Let a person into the own case, whatever their role, and return what is theirs there."""
        region, made = self.region, self.own
        region.device(who)
        CaseMember.objects.create(
            case_id=made.case,
            person_id=who.person,
            added_by_id=who.person,
            added_at=region.now,
            client_id=uuid4(),
            request_digest="",
            audit_event_id=region.event(),
        )
        Reader.objects.bulk_create(
            Reader(circle_id=circle, person_id=who.person, since=region.now, act=0)
            for circle in (
                made.thread,
                title_of(made.case),
                draft_of(made.request),
                notes.circle_of(made.told.note),
                made.put.circle,
            )
        )
        group = Group.objects.get(circle_id=made.thread)
        group.leaves.create(index=group.leaves.count(), device_id=who.device, since_epoch=0)
        welcome = Welcome.objects.create(
            group=group, device_id=who.device, seq=2, chain=b"", body=b"", act=0
        )
        session = own_devices.session_of(region, who)
        # Whose post has no cases reads nothing there, nor uploads anything.
        has_cases = not MAY_READ.isdisjoint(who.roles)
        sent = uploaded.uploads(region, who, made.thread) if has_cases else made.attachments
        if "central-authority" in who.roles:
            authorised_of(region, who, made.request)
        return replace(
            made,
            device=str(who.device),
            welcome=welcome.id,
            asked=own_devices.asking_of(region, who),
            session=session,
            audited=auditors.audited(region, who),
            attachments=sent,
            courts=replace(made.courts, ready=exports.export(region, who, made.thread)),
        )

    def places(self, who: Someone) -> dict[str, Objects]:
        """Return what is their own, what is of their State and not theirs, foreign, and nothing."""
        region, held = self.region, who.roles & {"national-auditor", "regional-auditor"}
        own = self.let_in(who)
        other = region.equipped(who.state or "SV")
        same = objects_of(region, other, region.equipped(other.state))
        if held:
            colleague = region.person(who.state, *held)
            same = replace(same, audited=auditors.audited(region, colleague))
        return {"own": own, "same": same, "foreign": self.foreign, "none": nothing()}

    @contextmanager
    def for_a_while(self) -> Iterator[None]:
        """Undo at the end what is done inside."""
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
