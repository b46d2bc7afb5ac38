"""Stopping a person, a device, a State: who may, what ends with it, and what is signed of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from audit.models import AuditEvent
from audit.queries import fields_of
from casehub.accounts import queries as accounts
from casehub.accounts import services as account_services
from casehub.accounts.models import Session, SignIn, SocketTicket, UnlockShare
from casehub.cases import queries as cases
from casehub.core.errors import DomainError, NotVisible
from casehub.directory import notify, queries, services
from casehub.directory.models import Device, Person, SignedStatement, Stop
from casehub.directory.statements import as_wire, make
from messaging.models import KeyPackage, Welcome
from messaging.queries import places_of
from tests.factories import stamp

pytestmark = pytest.mark.django_db


def code_of(call):
    """Return the code with which a call is refused, or `served`."""
    try:
        call()
    except DomainError as error:
        return error.code
    return "served"


def kinds():
    return list(AuditEvent.objects.order_by("id").values_list("kind", flat=True))


@pytest.fixture
def ana(region):
    someone = region.equipped("SV")
    region.session(someone)
    return someone


@pytest.fixture
def head(region):
    return region.person("SV", "coordinator")


@pytest.fixture
def suspend(now):
    def act(who, by, **more):
        return services.suspend_person(person=who.id, actor=by.actor, now=now, **more).stop

    return act


def revocation(region, who, by, *, kind="suspended", device=None, **other):
    fields = {
        "serial": str(uuid4()),
        "issued": stamp(region.now),
        "state": who.state,
        "person": who.person,
        "device": device,
        "kind": kind,
        "reason": "drill",
    }
    return make("revocation", fields | other, [by])


class TestSuspending:
    def test_ends_all_that_the_person_could_act_or_receive_with(
        self, region, ana, head, suspend, now
    ):
        thread = region.thread(ana, region.equipped("MX"))
        account_services.issue_ticket(actor=ana.actor, now=now)
        region.session(replace(ana), level="password")
        kept = {"body": b"", "act": 0, "device_id": ana.device}
        Welcome.objects.create(group_id=thread, seq=1, chain=b"", **kept)
        KeyPackage.objects.create(ref=b"1", not_after=now + timedelta(days=1), **kept)
        suspend(ana, head)
        assert not Session.objects.filter(account_id=ana.account, ended_at=None).exists()
        assert SignIn.objects.get(session=ana.session).end_reason == "suspended"
        assert not SocketTicket.objects.exists()
        assert not Welcome.objects.exists()
        assert not KeyPackage.objects.filter(claimed_at=None).exists()
        assert not Device.objects.filter(person=ana.id, revoked_at=None).exists()
        assert queries.actor_behind(account=ana.account, session="", device=None) is None
        assert ana.id not in cases.readers_of([thread])[thread]
        assert [p.in_force for p in places_of([thread], now)[thread]] == [False, True]
        assert queries.active_devices([ana.id]) == []

    def test_is_one_event_that_names_it_besides_the_ends_of_sessions(self, ana, head, suspend):
        before = len(kinds())
        stop = suspend(ana, head, reason="misuse")
        assert kinds()[before:] == [
            "accounts.session.ended",
            "directory.person.suspended",
            "directory.stop.reasoned",
        ]
        event = AuditEvent.objects.get(id=stop.audit_event_id)
        assert event.kind == "directory.person.suspended"

    def test_is_for_those_of_the_same_state_who_answer_for_it_for_oneself_and_the_secretariat(
        self, region, ana, suspend
    ):
        found = {}
        for state, role in (
            ("SV", "liaison"),
            ("SV", "coordinator"),
            ("SV", "ministry"),
            ("SV", "central-authority"),
            ("SV", "national-auditor"),
            ("MX", "coordinator"),
            ("MX", "ministry"),
            ("MX", "national-auditor"),
            ("", "secretariat"),
            ("", "regional-auditor"),
        ):
            by = region.person(state, role)
            found[state, role] = code_of(lambda by=by: suspend(ana, by))
        assert {who for who, code in found.items() if code == "served"} == {
            ("SV", "coordinator"),
            ("SV", "ministry"),
            ("SV", "national-auditor"),
            ("", "secretariat"),
        }
        assert set(found.values()) == {"served", "not-found"}
        assert code_of(lambda: suspend(ana, ana)) == "served"

    def test_of_nobody_is_answered_as_of_a_foreign_person(self, region, head, now):
        with pytest.raises(NotVisible):
            services.suspend_person(person=uuid4(), actor=head.actor, now=now)
        with pytest.raises(NotVisible):
            services.suspend_person(person=region.person("MX").id, actor=head.actor, now=now)

    def test_again_changes_nothing_and_leaves_no_event(self, ana, head, suspend, region):
        first, officer = suspend(ana, head), region.person("SV", "ministry")
        before = len(kinds())
        assert suspend(ana, officer).id == first.id
        assert len(kinds()) == before

    def test_takes_the_reason_afterwards(self, ana, head, suspend):
        suspend(ana, head)
        before = len(kinds())
        for _ in range(2):
            assert suspend(ana, head, reason="device-lost").reason == "device-lost"
        assert kinds()[before:] == ["directory.stop.reasoned"]
        assert code_of(lambda: suspend(ana, head, reason="whatever I like")) == "bad-frame"

    @pytest.mark.parametrize("how", ["suspended", "removed", "device", "state", "afterwards"])
    def test_says_why_to_its_own_state_alone(self, region, ana, head, suspend, now, how):
        """The directory's log is opened to all States: no event of it bears a reason."""
        said = {"reason": "misuse", "actor": head.actor, "now": now}
        acts = {
            "suspended": lambda: services.suspend_person(person=ana.id, **said),
            "removed": lambda: services.remove_person(person=ana.id, **said),
            "device": lambda: services.revoke_device(device=ana.device, **said),
            "state": lambda: services.stop_state(code="SV", **said),
            "afterwards": lambda: suspend(ana, head) and suspend(ana, head, reason="misuse"),
        }
        before = AuditEvent.objects.order_by("-id").first().id
        acts[how]()
        rows = AuditEvent.objects.filter(id__gt=before)
        told = fields_of([row.id for row in rows if row.directory])
        assert told
        assert all("misuse" not in str(fields) for fields in told.values())
        (reasoned,) = rows.filter(kind="directory.stop.reasoned")
        assert (reasoned.directory, reasoned.states) == (False, "SV")
        assert fields_of([reasoned.id])[reasoned.id]["reason"] == "misuse"

    def test_of_the_last_coordinator_is_done_and_said(self, region, head, now):
        seat = region.seat("SV")
        left = []
        for one in (head, seat.coordinator):
            stopped = services.suspend_person(person=one.id, actor=head.actor, now=now)
            left.append(stopped.coordinators_left)
        assert left == [1, 0]

    def test_leaves_them_listed_as_stopped_with_the_time(self, region, ana, head, suspend, now):
        owner = region.person("SV")
        region.case(owner, ana)
        suspend(ana, head)
        card = next(c for c in queries.people_for(head.actor) if c["id"] == ana.id)
        told = {"kind": "suspended", "at": now, "signed": False}
        assert card["stopped"] == told | {"sign_by": now + timedelta(hours=24)}
        (listed,) = cases.cases_for(owner.actor, now=region.now)
        members = {m["id"]: m["stopped"] for m in listed["people"]}
        assert members == {owner.id: None, ana.id: card["stopped"]}

    def test_tells_their_browser_what_happened_and_nothing_else(self, region, ana, head, suspend):
        key = region.session(ana)
        assert accounts.cut_off(key) is None
        suspend(ana, head)
        told = accounts.cut_off(key)
        assert told is not None
        assert told["kind"] == "suspended"
        assert accounts.live_session(key, region.now) is None


class TestTheSignature:
    def test_of_whoever_holds_a_key_stands_in_the_log_with_the_act(
        self, region, ana, head, suspend
    ):
        signed = revocation(region, ana, head.key)
        stop = suspend(ana, head, statement=as_wire(signed))
        assert stop.statement_id == signed.digest
        row = SignedStatement.objects.get(digest=signed.digest)
        assert row.audit_event_id == stop.audit_event_id
        assert stop.reason == "drill"

    def test_may_come_later_and_is_asked_for_until_then(self, region, ana, head, suspend):
        assert suspend(ana, head).statement is None
        signed = revocation(region, ana, head.key)
        assert suspend(ana, head, statement=as_wire(signed)).statement_id == signed.digest
        again = revocation(region, ana, head.key)
        assert suspend(ana, head, statement=as_wire(again)).statement_id == signed.digest

    def test_that_does_not_bear_the_stop_out_is_as_none_and_holds_nothing_up(
        self, region, ana, head, suspend, now
    ):
        other = region.person("SV")
        wrong = [
            revocation(region, other, head.key),
            revocation(region, ana, other.key),
            revocation(region, ana, region.person("MX", "coordinator").key),
            revocation(region, ana, head.key, kind="removed"),
            revocation(region, ana, head.key, kind="device", device=ana.device),
        ]
        for statement in [
            *map(as_wire, wrong),
            {"type": "revocation", "body": "", "signatures": []},
        ]:
            stop = suspend(ana, head, statement=statement)
            assert stop.statement is None
        assert not SignedStatement.objects.filter(type="revocation").exists()

    def test_counts_for_one_stop_only(self, region, ana, head, suspend, now):
        signed = as_wire(revocation(region, ana, head.key))
        suspend(ana, head, statement=signed)
        Stop.objects.update(ended_at=now)
        Person.objects.filter(id=ana.id).update(suspended_at=None)
        assert suspend(ana, head, statement=signed).statement is None


class TestRemoving:
    def test_is_final_and_makes_what_their_browsers_kept_unreadable(
        self, region, ana, head, suspend, now
    ):
        account_services.give_unlock_share(install=str(uuid4()), actor=ana.actor, now=now)
        suspend(ana, head)
        assert UnlockShare.objects.count() == 1
        services.remove_person(person=ana.id, actor=head.actor, now=now)
        assert UnlockShare.objects.count() == 0
        row = Person.objects.get(id=ana.id)
        assert (row.suspended_at, row.removed_at) == (now, now)
        assert queries.stops_of([row])[ana.id]["kind"] == "removed"

    def test_is_the_coordinator_s_and_the_ministry_s_and_never_of_oneself(
        self, region, ana, head, now
    ):
        def remove(by, who=ana):
            return code_of(lambda: services.remove_person(person=who.id, actor=by.actor, now=now))

        assert remove(ana) == "not-found"
        assert remove(region.person("", "secretariat")) == "not-found"
        assert remove(region.person("SV", "national-auditor")) == "not-found"
        assert remove(region.person("MX", "coordinator")) == "not-found"
        assert remove(head, head) == "own-removal"
        assert remove(region.person("SV", "ministry")) == "served"
        assert remove(head) == "served"


class TestASignature:
    def test_of_the_actor_s_own_key_that_the_replay_would_refuse_is_as_none(
        self, region, ana, suspend, now
    ):
        auditor = region.person("SV", "national-auditor")
        stop = suspend(ana, auditor, statement=as_wire(revocation(region, ana, auditor.key)))
        assert stop.statement_id is None

    def test_that_is_dated_ahead_is_as_none(self, region, ana, head, suspend, now):
        ahead = stamp(now + timedelta(minutes=6))
        stop = suspend(
            ana, head, statement=as_wire(revocation(region, ana, head.key, issued=ahead))
        )
        assert stop.statement_id is None


class TestRevokingADevice:
    def test_ends_its_sessions_and_leaves_the_person_s_others(self, region, ana, now):
        mine = ana.device
        other = region.device(ana)
        region.session(ana)
        elsewhere = ana.session
        stop = services.revoke_device(device=UUID(mine), actor=ana.actor, now=now)
        assert stop.kind == "device"
        live = Session.objects.filter(ended_at=None).values_list("id", flat=True)
        assert [str(one) for one in live] == [elsewhere]
        assert [str(d.id) for d in queries.active_devices([ana.id])] == [other]

    def test_voids_what_waits_for_it_alone(self, region, ana, now):
        thread, mine = region.thread(ana, region.equipped("MX")), ana.device
        other = region.device(ana)
        for at, device in enumerate((mine, other)):
            kept = {"body": b"", "act": 0, "device_id": device}
            Welcome.objects.create(group_id=thread, seq=at, chain=b"", **kept)
            ref = bytes([at])
            KeyPackage.objects.create(ref=ref, not_after=now + timedelta(days=1), **kept)
        services.revoke_device(device=UUID(mine), actor=ana.actor, now=now)
        waiting = [Welcome.objects.get(), KeyPackage.objects.get(claimed_at=None)]
        assert [str(one.device_id) for one in waiting] == [other, other]

    def test_is_told_to_every_state_once_and_to_its_person_s_other_pages(
        self, region, ana, now, monkeypatch
    ):
        rung = []
        monkeypatch.setattr(notify, "devices_changed", rung.append)
        for _ in range(2):
            services.revoke_device(device=UUID(ana.device), actor=ana.actor, now=now)
        abroad = region.person("MX", "coordinator")
        told = queries.notices_for(abroad.actor, now=now)
        assert [(one["kind"], one["person"]) for one in told] == [("device-stopped", ana.id)]
        assert rung == [ana.person]

    def test_is_for_its_person_and_those_who_remove(self, region, ana, head, now):
        def revoke(by):
            return code_of(
                lambda: services.revoke_device(device=UUID(ana.device), actor=by.actor, now=now)
            )

        assert revoke(region.person("SV")) == "not-found"
        assert revoke(region.person("SV", "national-auditor")) == "not-found"
        assert revoke(region.person("MX", "ministry")) == "not-found"
        assert revoke(head) == "served"
        assert revoke(region.person("SV", "ministry")) == "served"
        assert revoke(ana) == "served"

    def test_is_signed_by_the_person_s_own_key(self, region, ana, now):
        signed = revocation(region, ana, ana.key, kind="device", device=ana.device)
        stop = services.revoke_device(
            device=UUID(ana.device), statement=as_wire(signed), actor=ana.actor, now=now
        )
        assert stop.statement_id == signed.digest
