"""A code for a new key opens nothing of what its person had, until somebody vouches for that."""

from __future__ import annotations

from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client

from audit.models import AuditEvent
from audit.queries import fields_of
from casehub.accounts import services as accounts
from casehub.accounts.models import Account, Factor, Session, UnlockShare
from casehub.cases import queries as cases
from casehub.core import roles
from casehub.core.errors import NotAllowed, Refused
from casehub.designations import services
from casehub.designations.models import Designation
from casehub.designations.queries import quiet, reading
from casehub.designations.sweeping import sweep
from casehub.directory import queries as directory
from casehub.directory import services as stopping
from casehub.directory.models import Device, Notice
from casehub.directory.statements import ChainBroken
from tests.integration.accounts.authenticator import Passkey
from tests.integration.designations.lives import DAY, countersigned, enter, raw
from tests.integration.designations.test_binding import much_later, renew

STEP = DAY * 3
HOUR = DAY / 24


@pytest.fixture
def asked(life, clock):
    """Somebody active with a passkey, for whom a new key was approved."""
    life.first = Passkey()
    life.approved()
    assert life.enrol(life.code(), life.first).status_code == 200
    life.offer()
    life.bind()
    much_later(life)
    clock.move_to(life.now)
    renew(life, rekey=True)
    life.nominate()
    life.approve(life.one)
    life.approve(life.two)
    life.earlier = life.person.account_id
    return life


@pytest.fixture
def lost(asked):
    """The key that counts before another takes its place."""
    return asked.key


@pytest.fixture
def enrolled(asked):
    """Whoever has the code has used it, in a browser and with a passkey of their own."""
    asked.client = Client()
    assert asked.enrol(asked.code()).status_code == 200
    return asked


@pytest.fixture
def offered(enrolled):
    enrolled.key = Ed25519PrivateKey.generate()
    assert enrolled.offer().status_code == 200
    return enrolled


@pytest.fixture
def bound(offered):
    statement = offered.binding()
    offered.bind(statement=statement)
    offered.bind(offered.one, countersigned(statement, offered.one))
    assert offered.stage == "active"
    return offered


def sign_in(life, passkey):
    life.client = Client()
    options = life.post("/sign-in/passkey/begin", {}).json()["options"]
    return life.post("/sign-in/passkey/finish", {"credential": passkey.sign(options)})


def own_actor(life):
    account = str(life.person.account_id)
    return directory.actor_behind(account=account, session=str(uuid4()), device=None)


class TestACodeForANewKey:
    def test_gives_a_session_of_no_role(self, enrolled):
        said = enrolled.client.get("/api/session").json()
        assert (said["state"], said["person"]["roles"]) == ("full", [])
        assert enrolled.client.get("/api/cases").status_code == 403

    @pytest.mark.parametrize(
        "path",
        ["/api/devices", "/api/directory/people", "/api/reminders", "/api/oversight/notices"],
    )
    def test_opens_nothing_that_everybody_signed_in_may_read(self, enrolled, path):
        assert enrolled.client.get(path).json()["code"] == "not-allowed"

    def test_opens_no_socket(self, enrolled):
        assert enrolled.post("/socket-ticket", {}).json()["code"] == "not-allowed"

    def test_stops_nobody(self, enrolled):
        answer = enrolled.post(f"/people/{enrolled.row.person}/suspend", {"reason": "other"})
        assert answer.json()["code"] == "not-allowed"
        assert enrolled.person.suspended_at is None

    def test_leaves_the_account_and_its_factors_as_they_were(self, enrolled):
        assert enrolled.person.account_id == enrolled.earlier
        assert Factor.objects.filter(account=enrolled.earlier, removed_at=None).count() == 1
        install = str(uuid4())
        assert enrolled.post("/unlock-share", {"install": install}).status_code == 200
        assert enrolled.post("/account/recovery-codes", {}).status_code == 200
        assert not UnlockShare.objects.filter(account=enrolled.earlier, install=install).exists()
        assert own_actor(enrolled).roles == {"liaison"}

    def test_gives_the_same_empty_hands_to_its_passkey_later(self, asked):
        passkey = Passkey()
        asked.client = Client()
        asked.enrol(asked.code(), passkey)
        said = sign_in(asked, passkey).json()
        assert (said["state"], said["person"]["roles"]) == ("full", [])

    def test_lets_every_act_go_that_is_no_part_of_an_enrolment(self, enrolled):
        account = str(enrolled.person.enrolling_id)
        actor = directory.actor_behind(account=account, session=str(uuid4()), device=None)
        signed_in = [one for one in roles.table().values() if one.needs == "full"]
        open_to = {one.act for one in signed_in if roles.why_not(one, actor) is None}
        assert open_to == {one.act for one in signed_in if one.enrolling}
        with pytest.raises(NotAllowed):
            roles.require("accounts.account.close", actor)

    def test_is_of_nobody_who_was_removed_whatever_else_their_row_says(self, enrolled):
        enrolled.region.end(enrolled.someone, removed_at=enrolled.now)
        assert enrolled.client.get("/api/enrolment").status_code == 401

    def test_ends_with_a_stop_of_its_person(self, enrolled):
        auditor = enrolled.region.person("SV", "national-auditor")
        stopping.suspend_person(
            person=enrolled.row.person, reason="key-exposed", **enrolled.acting(auditor)
        )
        assert enrolled.client.get("/api/enrolment").status_code == 401
        tried = enrolled.person.enrolling_id
        assert not Session.objects.filter(account=tried, ended_at=None).exists()

    def test_ends_with_a_stop_of_its_state(self, enrolled):
        tried = enrolled.person.enrolling_id
        stopping.stop_state(code="SV", reason="drill", **enrolled.acting(enrolled.coordinator))
        assert enrolled.client.get("/api/enrolment").status_code == 401
        assert not Session.objects.filter(account=tried, ended_at=None).exists()
        account = str(tried)
        assert directory.actor_behind(account=account, session="", device=None) is None

    def test_leaves_nothing_readable_of_somebody_removed(self, enrolled):
        install = str(uuid4())
        assert enrolled.post("/unlock-share", {"install": install}).status_code == 200
        stopping.remove_person(person=enrolled.row.person, **enrolled.acting(enrolled.coordinator))
        assert not UnlockShare.objects.filter(install=install).exists()


class TestTheKeyItself:
    def test_is_offered_by_whoever_enrolled_and_by_no_earlier_session(self, enrolled):
        enrolled.client = Client()
        enter(enrolled.client, enrolled.region, enrolled.someone)
        assert enrolled.client.get("/api/enrolment").json()["stage"] == "active"
        assert enrolled.offer().json()["code"] == "designation-stage"

    def test_is_not_vouched_for_without_the_second_passkey(self, offered, settings):
        settings.PASSKEYS_NEEDED = 2
        with pytest.raises(Refused, match="second-passkey-needed"):
            offered.bind()


class TestOnceItIsVouchedFor:
    def test_whoever_enrolled_has_the_roles(self, bound):
        said = bound.client.get("/api/session").json()
        assert said["person"]["roles"] == ["liaison"]
        assert bound.person.account_id != bound.earlier
        assert bound.person.enrolling_id is None

    def test_nothing_of_the_earlier_account_opens_anything(self, bound):
        assert not Account.objects.get(id=bound.earlier).is_active
        assert not Session.objects.filter(account=bound.earlier, ended_at=None).exists()
        assert not Factor.objects.filter(account=bound.earlier, removed_at=None).exists()
        assert not UnlockShare.objects.filter(account=bound.earlier).exists()
        assert sign_in(bound, bound.first).json()["code"] == "passkey-refused"

    def test_the_devices_that_the_earlier_key_named_are_stopped(self, asked):
        asked.region.device(asked.someone)
        asked.client = Client()
        asked.enrol(asked.code())
        asked.key = Ed25519PrivateKey.generate()
        asked.offer()
        statement = asked.binding()
        asked.bind(statement=statement)
        assert Device.objects.filter(person=asked.row.person, revoked_at=None).exists()
        asked.bind(asked.one, countersigned(statement, asked.one))
        assert not Device.objects.filter(person=asked.row.person, revoked_at=None).exists()

    def test_all_states_are_told(self, bound):
        assert Notice.objects.order_by("-audit_event_id").first().kind == "key-changed"


class TestTheKeyThatWasLost:
    def test_is_not_renewed_with_the_term_for_which_it_counted(self, bound):
        bound.designation = bound.row.renews_id
        with pytest.raises(Refused, match="renewal-of-earlier"):
            renew(bound)

    def test_is_not_what_goes_on_with_the_next_term(self, bound):
        renew(bound)
        bound.nominate()
        bound.approve(bound.one)
        assert bytes(bound.row.key) == raw(bound.key)

    def test_is_not_offered_by_whoever_found_it(self, lost, bound):
        renew(bound, rekey=True)
        bound.nominate()
        bound.approve(bound.one)
        bound.approve(bound.two)
        bound.client = Client()
        bound.enrol(bound.code())
        assert bound.offer(lost).json()["code"] == "key-known"

    def test_goes_on_with_nothing_that_was_approved_before_it_was_replaced(self, lost, bound):
        renew(bound)
        bound.nominate()
        bound.approve(bound.one)
        Designation.objects.filter(id=bound.designation).update(key=raw(lost))
        statement = bound.binding(key=lost)
        bound.bind(statement=statement)
        with pytest.raises(ChainBroken) as broken:
            bound.bind(bound.one, countersigned(statement, bound.one))
        assert broken.value.why == "key-known"


class TestWhoeverIsStopped:
    def stop(self, life):
        stopping.suspend_person(
            person=life.row.person, reason="key-exposed", **life.acting(life.one)
        )

    def let_in_again(self, life):
        life.region.end(life.someone, suspended_at=None)
        stopping.end_stops(person=life.row.person, now=life.now)

    def test_is_given_no_code(self, asked):
        self.stop(asked)
        with pytest.raises(Refused, match="person-suspended"):
            asked.code()

    def test_opens_nothing_with_the_code_they_have(self, asked):
        code = asked.code()
        self.stop(asked)
        assert asked.begin(code).json()["code"] == "enrolment-refused"

    def test_opens_nothing_in_the_middle_of_it(self, asked):
        code = asked.code()
        asked.client = Client()
        made = Passkey().make(asked.begin(code).json()["options"])
        self.stop(asked)
        answer = asked.post(
            "/enrolment/finish", {"code": code, "name": "Llave", "credential": made}
        )
        assert answer.json()["code"] == "enrolment-refused"
        assert asked.person.enrolling_id is None

    def test_opens_nothing_with_that_code_once_they_are_in_again_but_with_another(
        self, asked, clock
    ):
        code = asked.code()
        self.stop(asked)
        self.let_in_again(asked)
        assert asked.begin(code).json()["code"] == "enrolment-refused"
        asked.now += HOUR
        clock.move_to(asked.now)
        asked.client = Client()
        assert asked.enrol(asked.code()).status_code == 200


class TestWhoeverHasClosedTheirAccount:
    @staticmethod
    def close(life):
        who = life.someone
        life.region.session(who, now=life.now)
        accounts.close_account(actor=who.actor, now=life.now)

    @pytest.mark.parametrize("rekey", [True, False])
    def test_gets_no_new_term(self, life, rekey):
        life.active()
        self.close(life)
        with pytest.raises(Refused, match="account-closed"):
            renew(much_later(life), rekey=rekey)

    def test_is_given_no_code(self, asked):
        self.close(asked)
        with pytest.raises(Refused, match="account-closed"):
            asked.code()

    def test_opens_nothing_with_the_code_they_have(self, asked):
        code = asked.code()
        self.close(asked)
        assert asked.begin(code).json()["code"] == "enrolment-refused"

    def test_comes_back_into_no_case_with_a_key_that_they_have_offered(self, asked, region):
        thread = region.thread(region.equipped("SV"), asked.someone)
        earlier = asked.someone
        asked.client = Client()
        asked.enrol(asked.code())
        asked.key = Ed25519PrivateKey.generate()
        asked.offer()
        region.session(earlier, now=asked.now)
        accounts.close_account(actor=earlier.actor, now=asked.now)
        with pytest.raises(Refused, match="account-closed"):
            asked.bind()
        assert earlier.id not in cases.readers_of([thread])[thread]


class TestWhoeverItConcerns:
    def test_is_told_on_their_own_page_before_anybody_has_a_code(self, asked):
        said = quiet.reminders_of(own_actor(asked), now=asked.now)["new_key"]
        assert said == {"stage": "approved", "at": asked.now, "enrolled": False}

    def test_is_told_that_somebody_has_enrolled(self, enrolled):
        said = quiet.reminders_of(own_actor(enrolled), now=enrolled.now)["new_key"]
        assert (said["stage"], said["enrolled"]) == ("ceremony", True)

    def test_is_told_nothing_of_a_term_with_the_same_key(self, life):
        life.active()
        renew(much_later(life))
        assert quiet.reminders_of(own_actor(life), now=life.now)["new_key"] is None

    def test_is_shown_to_those_who_approve_and_to_the_log(self, asked):
        assert "new-key" in reading.shape(asked.row, asked.now)["flags"]
        event = AuditEvent.objects.get(kind="designations.designation.renewed")
        assert fields_of([event.id])[event.id]["rekey"] is True


class TestATryThatCameToNothing:
    def test_ends_with_its_ceremony_and_leaves_what_counts(self, offered, clock):
        tried = offered.person.enrolling_id
        offered.now += STEP
        clock.move_to(offered.now)
        sweep(offered.now)
        assert (offered.stage, offered.person.enrolling_id) == ("approved", None)
        assert not Account.objects.get(id=tried).is_active
        assert own_actor(offered).roles == {"liaison"}

    def test_ends_when_it_is_rejected(self, offered):
        tried = offered.person.enrolling_id
        services.reject_designation(
            designation=offered.designation, reason="objection", **offered.acting(offered.one)
        )
        assert not Account.objects.get(id=tried).is_active
        assert offered.client.get("/api/enrolment").status_code == 401
