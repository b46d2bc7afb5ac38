"""Who serves the region and no State: let in by the installation, and with no key that counts."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from casehub.core.errors import NotVisible, Refused
from casehub.core.frames import to_b64u
from casehub.designations import limits, services
from casehub.designations.management.commands.region import INSTALLATION
from casehub.designations.models import Designation
from casehub.designations.queries import enrolling
from casehub.directory import queries as directory
from casehub.directory import services as directory_services
from casehub.directory.fingerprints import words_of
from casehub.directory.models import Notice, Office, Person
from tests.integration.accounts.authenticator import Passkey
from tests.integration.designations.lives import raw

DAY = timedelta(days=1)


@pytest.fixture
@transaction.atomic
def office(region):
    """Return the secretariat's office."""
    name = "Secretaría técnica"
    return Office.objects.create(kind="regional", name=name, audit_event_id=region.event(Office))


class Member:
    """Somebody on the way to serve the region; `now` is the test's."""

    def __init__(self, office, now, role="secretariat"):
        self.now = now
        self.key = Ed25519PrivateKey.generate()
        self.client = Client()
        self.person, self.code, _ = services.invite_regional(
            office=office.id,
            role=role,
            name="Ana Pérez",
            post="Guardia",
            languages=["es"],
            actor=INSTALLATION,
            now=now,
        )

    @property
    def row(self):
        return Designation.objects.get(person=self.person)

    @property
    def known(self):
        return Person.objects.get(id=self.person)

    @property
    def actor(self):
        account = str(self.known.account_id)
        return directory.actor_behind(account=account, session="", device=None)

    def post(self, path, body):
        return self.client.post(f"/api{path}", data=body, content_type="application/json")

    def enrol(self):
        began = self.post("/enrolment/begin", {"code": self.code})
        assert began.status_code == 200, began.content
        made = Passkey().make(began.json()["options"])
        done = self.post(
            "/enrolment/finish", {"code": self.code, "credential": made, "name": "Llave"}
        )
        assert done.status_code == 200, done.content

    def offer(self):
        key = raw(self.key)
        proof = self.key.sign(enrolling.proof_input(self.row, key))
        answer = self.post("/enrolment/key", {"key": to_b64u(key), "proof": to_b64u(proof)})
        assert answer.status_code == 200, answer.content

    def admit(self, heard=None, now=None):
        return services.admit_regional(
            person=self.person,
            heard=heard or words_of(raw(self.key)),
            actor=INSTALLATION,
            now=now or self.now,
        )


@pytest.fixture
def invited(office, clock, now):
    return Member(office, now)


@pytest.fixture
def enrolled(invited):
    """Return somebody who has a passkey, and whose page has offered a key."""
    invited.enrol()
    invited.offer()
    return invited


class TestWhoServesTheRegion:
    def test_acts_once_the_installation_has_heard_the_words_of_their_key(self, enrolled, region):
        assert enrolled.admit() == enrolled.now + limits.LONGEST
        assert enrolled.known.role_set == {"secretariat"}
        somebody = region.person("SV", "liaison")
        stop = directory_services.suspend_person(
            person=somebody.id, reason="", actor=enrolled.actor, now=enrolled.now
        )
        assert stop is not None
        assert Person.objects.get(id=somebody.id).suspended_at == enrolled.now

    def test_can_do_nothing_before(self, enrolled, region):
        assert enrolled.known.role_set <= {""}
        somebody = region.person("SV", "liaison")
        answer = enrolled.post(f"/people/{somebody.id}/suspend", {})
        assert answer.status_code in {403, 404, 422}
        assert Person.objects.get(id=somebody.id).suspended_at is None
        for path in ("/oversight/log", "/cases"):
            assert enrolled.client.get(f"/api{path}").status_code != 200

    def test_may_hear_the_words_read_in_capitals_and_with_wide_gaps(self, enrolled):
        enrolled.admit(heard="  ".join(words_of(raw(enrolled.key)).upper().split()))
        assert enrolled.row.stage == "active"

    def test_is_not_let_in_by_the_words_of_another_key(self, enrolled):
        other = words_of(raw(Ed25519PrivateKey.generate()))
        with pytest.raises(Refused, match="binding-differs"):
            enrolled.admit(heard=other)
        assert enrolled.known.role_set <= {""}

    def test_is_not_let_in_without_a_key(self, invited):
        invited.enrol()
        with pytest.raises(Refused, match="key-missing"):
            invited.admit()

    def test_is_not_let_in_without_the_second_passkey(self, enrolled, settings):
        settings.PASSKEYS_NEEDED = 2
        with pytest.raises(Refused, match="second-passkey-needed"):
            enrolled.admit()

    def test_is_not_let_in_while_suspended(self, enrolled, region):
        enrolled.admit()
        other = region.person("", "secretariat")
        directory_services.suspend_person(
            person=enrolled.person, reason="", actor=other.actor, now=enrolled.now
        )
        with pytest.raises(Refused, match="person-suspended"):
            enrolled.admit()

    def test_has_no_key_in_the_chain(self, enrolled):
        before = directory.log_page(0)
        enrolled.admit()
        assert directory.log_page(0) == before

    def test_is_no_notice_to_states_which_are_told_of_their_own_people(self, enrolled):
        enrolled.admit()
        assert not Notice.objects.exists()

    def test_leaves_one_event_an_act(self, office, clock, now, recorded):
        opened = ("accounts.account.opened", "directory.person.entered")
        with recorded(*opened, "designations.regional.invited"):
            member = Member(office, now)
        member.enrol()
        member.offer()
        with recorded("designations.regional.admitted"):
            member.admit()

    @pytest.mark.parametrize("role", ["secretariat", "regional-auditor"])
    def test_has_the_one_role_of_the_invitation(self, office, clock, now, role):
        member = Member(office, now, role)
        member.enrol()
        member.offer()
        member.admit()
        assert member.known.role_set == {role}


class TestATerm:
    def test_ends_after_a_year_by_the_clock(self, enrolled):
        until = enrolled.admit()
        assert services.lapse_designation(designation=enrolled.row.id, now=until)
        assert enrolled.row.stage == "expired"
        assert not enrolled.known.in_force(until + timedelta(seconds=1))

    def test_is_reminded_of_before_it_ends(self, enrolled):
        until = enrolled.admit()
        reminded = services.remind_of_end(designation=enrolled.row.id, now=until - 5 * DAY)
        assert reminded == 7

    @pytest.mark.parametrize("over", [False, True])
    def test_goes_on_by_the_same_words(self, enrolled, over):
        until = enrolled.admit()
        later = until - DAY
        if over:
            services.lapse_designation(designation=enrolled.row.id, now=until)
            later = until + DAY
        assert enrolled.admit(now=later) == later + limits.LONGEST
        assert enrolled.known.in_force(later + 300 * DAY)


class TestAnInvitation:
    def test_is_for_the_regions_own_offices_alone(self, region, now, clock):
        for one in (uuid4(), Person.objects.get(id=region.person("SV", "liaison").id).office_id):
            with pytest.raises(NotVisible):
                services.invite_regional(
                    office=one,
                    role="secretariat",
                    name="A",
                    post="B",
                    languages=["es"],
                    actor=INSTALLATION,
                    now=now,
                )

    @pytest.mark.parametrize("role", ["liaison", "ministry", "national-auditor", ""])
    def test_is_for_no_role_of_a_state(self, office, now, clock, role):
        with pytest.raises(Refused, match="roles-unknown"):
            Member(office, now, role)

    def test_that_was_lost_is_made_again_and_the_first_is_void(self, invited):
        first = invited.code
        _, invited.code, _ = services.invite_regional_again(
            person=invited.person, actor=INSTALLATION, now=invited.now
        )
        assert invited.post("/enrolment/begin", {"code": first}).status_code != 200
        invited.enrol()

    def test_is_not_made_again_once_it_was_used(self, invited):
        invited.enrol()
        with pytest.raises(Refused, match="enrolled-already"):
            services.invite_regional_again(
                person=invited.person, actor=INSTALLATION, now=invited.now
            )

    def test_of_nobody_known_is_like_one_of_an_officer_by_that_command(self, enrolled):
        with pytest.raises(NotVisible):
            services.admit_regional(person=uuid4(), heard="a", actor=INSTALLATION, now=enrolled.now)


def test_the_command_lets_somebody_in_from_nothing(db, clock, now):
    def region(*arguments):
        said = StringIO()
        call_command("region", *arguments, stdout=said)
        return said.getvalue()

    office = region("office", "--kind", "regional", "--name", "Secretaría técnica").strip()
    told = region(
        *(
            "member",
            "--role",
            "secretariat",
            "--office",
            office,
            "--name",
            "Ana",
            "--post",
            "Guardia",
        )
    )
    person = told.split()[1]
    again = region("code", person)
    assert again.split()[1] == person
    assert again.split()[3] != told.split()[3]
