"""
Who may do what, generated from roles.yaml.

Every door has a row and every row a door; then every row is tried by every kind of caller on
their own case, on a foreign one and on none at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.test import Client

from audit.models import AuditEvent
from casehub.accounts.models import Factor
from casehub.cases.models import CaseMember, Reader
from casehub.core import roles
from casehub.core.frames import to_b64u
from casehub.core.http import WITHOUT_COOKIES
from casehub.core.rates import buckets
from casehub.directory.models import Person
from messaging.models import Group, Welcome
from tests.factories import Region, Someone, draft_of, title_of
from tests.integration import own_devices
from tests.integration.answers import (
    ABROAD,
    ALSO_ABSENT,
    IDLE,
    IN_BODY,
    REFUSED_HERE,
    ROLES,
    disclosed,
)
from tests.integration.designations import made as designations
from tests.integration.directory import made as directories
from tests.integration.leaning import misleading_rows
from tests.integration.oversight import made as auditors
from tests.integration.requests_mla.made import request_of

TABLE = roles.table()
HTTP = {act: row for act, row in TABLE.items() if not row.door.startswith("SOCKET")}
ON_OBJECT = {act for act, row in HTTP.items() if "{" in row.door}


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
    audited: auditors.Audited = field(default_factory=auditors.Audited)
    designated: designations.Designated = field(default_factory=designations.Designated)

    @property
    def parts(self) -> dict[str, str]:
        return {
            "case": str(self.case),
            "circle": str(self.thread),
            "thread": str(self.thread),
            "welcome": str(self.welcome),
            "factor": self.factor,
            "device": self.device,
            "asked": self.asked,
            "session": self.session,
            "person": self.person,
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
        designated=designations.designated(region, owner.state),
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
    "directory.chains.read": lambda o: {"people": [o.person]},
    "directory.device.register": lambda o: {
        "statement": {"type": "device", "body": "e30", "signatures": []}
    },
    "directory.device.select": lambda o: {"device": o.device},
    **own_devices.BODIES,
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
    **auditors.BODIES,
    **designations.BODIES,
    **directories.BODIES,
    "demo.code.show": lambda _: {"account": "nobody"},
    "demo.identity-key.give": lambda _: {},
}


def call(cookie: str | None, act: str, objects: Objects, *, client: Client | None = None) -> Any:
    """Knock at an act's door with a session's cookie, or none, and undo what it did."""
    method, path = HTTP[act].door.split(" ")
    client = client or Client()
    if cookie is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    body = BODIES[act](objects) if act in BODIES else None
    buckets.clear()
    last = AuditEvent.objects.aggregate(last=Max("id"))["last"] or 0
    with transaction.atomic():
        answer = client.generic(
            method,
            path.format(**objects.parts),
            data=b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
        )
        answer.kinds = set(AuditEvent.objects.filter(id__gt=last).values_list("kind", flat=True))
        if answer.kinds - {"core.act.refused"}:
            assert misleading_rows(last) == []
        transaction.set_rollback(True)
    return answer


def kind_of(answer: Any) -> str:
    """Return which door was shut: by sign-in, by role, by what is not visible, or none."""
    if answer.status_code < 400:
        return "served"
    code = answer.json()["code"]
    known = {("sign-in-needed", 401), ("not-allowed", 403), ("not-found", 404)}
    return code if (code, answer.status_code) in known else "served"


def expected(act: str, level: str, roles_: frozenset[str], which: str) -> str:
    """Return what the table says."""
    row = TABLE[act]
    order = ["nothing", "password", "full"]
    if order.index(level) < order.index(row.needs):
        return "sign-in-needed"
    if row.needs == "full" and "*" not in row.who and not roles_ & set(row.who):
        return "not-allowed"
    if which == "foreign" and roles_ & ABROAD.get(act, frozenset()):
        return "served"
    if act in ON_OBJECT | IN_BODY and which != "own":
        return "not-found"
    return "not-found" if act in ALSO_ABSENT else "served"


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
            for circle in (made.thread, title_of(made.case), draft_of(made.request))
        )
        group = Group.objects.get(circle_id=made.thread)
        group.leaves.create(index=group.leaves.count(), device_id=who.device, since_epoch=0)
        welcome = Welcome.objects.create(
            group=group, device_id=who.device, seq=2, chain=b"", body=b"", act=0
        )
        session = own_devices.session_of(region, who)
        return replace(
            made,
            device=str(who.device),
            welcome=welcome.id,
            session=session,
            asked=own_devices.asking_of(region, who),
            audited=auditors.audited(region, who),
        )


class TestMatrix:
    @pytest.fixture
    def world(self, region, small_rulebook):
        owner, stranger = region.equipped("SV"), region.equipped("MX")
        foreign = objects_of(region, stranger, region.equipped("MX"))
        audited = auditors.audited(region, region.person("MX", "national-auditor"))
        return World(
            region,
            own=objects_of(region, owner, region.equipped("SV")),
            foreign=replace(foreign, audited=audited),
        )

    @pytest.mark.parametrize("role", ROLES)
    def test_a_role_may_do_what_its_row_says_where_it_is_let_in(self, world, role):
        who = world.region.person(ROLES[role], role)
        places = {"own": world.let_in(who), "foreign": world.foreign, "none": nothing()}
        cookie = world.region.session(who)
        cells = list(product(HTTP, places))
        found = {(act, where): kind_of(call(cookie, act, places[where])) for act, where in cells}
        wanted = {(act, where): expected(act, "full", who.roles, where) for act, where in cells}
        assert found == wanted

    @pytest.mark.parametrize("role", ["liaison", "coordinator"])
    def test_what_is_served_leaves_the_event_that_its_row_names(self, world, role):
        who = world.region.person("SV", role)
        mine = world.let_in(who)
        cookie = world.region.session(who)
        left = {act: call(cookie, act, mine) for act, row in HTTP.items() if row.event}
        refused = {act: r.json()["code"] for act, r in left.items() if r.status_code >= 400}
        wanted = {act: expected(act, "full", who.roles, "own") for act in left}
        barred = {act: code for act, code in wanted.items() if code == "not-allowed"}
        assert refused == REFUSED_HERE | barred
        done = left.keys() - refused.keys() - IDLE
        missing = {act: left[act].kinds for act in done if HTTP[act].event not in left[act].kinds}
        assert missing == {}

    @pytest.mark.parametrize("caller", ["anonymous", "password", "suspended", "expired", "ended"])
    def test_nobody_without_a_full_session_passes_a_door_that_needs_one(self, world, now, caller):
        who = world.region.person("SV")
        mine = world.let_in(who)
        full = world.region.session(who)
        ago = now - timedelta(seconds=settings.IDLE_SECONDS)
        cookies = {
            "anonymous": None,
            "password": world.region.session(who, level="password"),
            "ended": world.region.session(who, now=ago),
        }
        change = {"suspended": {"suspended_at": now}, "expired": {"valid_until": now}}
        Person.objects.filter(id=who.person).update(**change.get(caller, {"post": "Fiscal"}))
        cookie = cookies.get(caller, full)
        level = "password" if caller == "password" else "nothing"
        found = {act: kind_of(call(cookie, act, mine)) for act in HTTP}
        wanted = {act: expected(act, level, frozenset(), "own") for act in HTTP}
        if cookie is None or caller == "ended":
            wanted["accounts.passkey.finish"] = "sign-in-needed"  # nobody began a ceremony
        assert found == wanted

    @pytest.mark.parametrize("role", ["liaison", "coordinator"])
    def test_a_foreign_answer_is_byte_for_byte_that_of_nothing(self, world, role):
        who = world.region.person("SV", role)
        world.region.device(who)
        cookie = world.region.session(who)
        for act in sorted((ON_OBJECT | IN_BODY) - ABROAD.keys()):
            one, other = call(cookie, act, world.foreign), call(cookie, act, nothing())
            assert one.status_code == other.status_code, act
            assert one.content == other.content, act
            assert dict(one.headers) == dict(other.headers), act


class TestAnAddressWithoutARow:
    def test_is_not_there(self, client, db):
        answer = client.get("/api/nothing")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


class TestCsrf:
    def test_nothing_changes_without_the_token(self, region):
        who = region.equipped("SV", "liaison", "coordinator")
        full, password = region.session(who), region.session(who, level="password")
        for act, row in HTTP.items():
            if row.door.startswith("GET") or act in WITHOUT_COOKIES:
                continue
            cookie = password if row.needs == "password" else full
            answer = call(cookie, act, nothing(), client=Client(enforce_csrf_checks=True))
            assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), act

    def test_only_what_reads_no_cookie_does_without(self):
        assert {"oversight.cosignature.give"} == WITHOUT_COOKIES
