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

from audit import queries as audit_queries
from casehub.core.errors import NotVisible, Refused
from casehub.designations import limits, services
from casehub.designations.management.commands.region import INSTALLATION
from casehub.designations.queries import regional
from casehub.designations.queries.stopped import NOT_SIGNED
from casehub.designations.sweeping import sweep
from casehub.directory import queries as directory
from casehub.directory import services as directory_services
from casehub.directory.fingerprints import words_of
from casehub.directory.models import Notice, Office, Person
from casehub.directory.services import stopping
from casehub.directory.statements import as_wire, make
from tests.factories import stamp
from tests.integration.designations.lives import enter, raw
from tests.integration.designations.members import Member
from tests.integration.leaning import misleading_rows

DAY = timedelta(days=1)


@pytest.fixture
@transaction.atomic
def office(region):
    """Return the secretariat's office."""
    name = "Secretaría técnica"
    return Office.objects.create(kind="regional", name=name, audit_event_id=region.event(Office))


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
        with pytest.raises(Refused, match="regional-stopped"):
            enrolled.admit()

    def test_is_out_while_suspended_and_no_ministry_or_coordinator_lifts_that(
        self, enrolled, region
    ):
        enrolled.admit()
        other, ministry = region.person("", "secretariat"), region.person("SV", "ministry")
        assert enrolled.client.get("/api/directory/people").status_code == 200
        directory_services.suspend_person(
            person=enrolled.person, reason="", actor=other.actor, now=enrolled.now
        )
        assert enrolled.client.get("/api/directory/people").status_code in {401, 403}
        for one in (region.seat("SV").coordinator, ministry):
            fields = {
                "serial": str(uuid4()),
                "issued": stamp(enrolled.now),
                "state": "SV",
                "person": str(enrolled.person),
                "revokes": NOT_SIGNED,
            }
            client = Client()
            enter(client, region, one)
            answer = client.post(
                f"/api/people/{enrolled.person}/reinstate",
                {"statement": as_wire(make("reinstatement", fields, [one.key]))},
                content_type="application/json",
            )
            assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
        assert enrolled.known.suspended_at == enrolled.now

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

    @pytest.mark.parametrize("days", [60, 30, 7])
    def test_is_said_in_the_servers_log_before_it_ends_without_a_name(self, enrolled, caplog, days):
        until = enrolled.admit()
        with caplog.at_level("WARNING", logger="casehub.designations"):
            sweep(until - days * DAY)
            sweep(until - days * DAY)
        told = f"a term ends within {days} days; `manage.py region terms` tells whose"
        assert [one.getMessage() for one in caplog.records] == [told]

    def test_of_somebody_suspended_is_not_said_for_nobody_can_prolong_it(
        self, enrolled, region, caplog
    ):
        until = enrolled.admit()
        directory_services.suspend_person(
            person=enrolled.person,
            reason="",
            actor=region.person("", "secretariat").actor,
            now=enrolled.now,
        )
        with caplog.at_level("WARNING", logger="casehub.designations"):
            sweep(until - 7 * DAY)
        assert caplog.records == []

    def test_of_a_state_is_nothing_that_the_servers_log_says(self, life, caplog):
        life.active()
        with caplog.at_level("WARNING", logger="casehub.designations"):
            sweep(life.row.until - 7 * DAY)
        assert life.row.reminded == 7
        assert caplog.records == []

    def test_that_is_over_shuts_its_person_out(self, enrolled, clock):
        until = enrolled.admit()
        assert enrolled.client.get("/api/directory/people").status_code == 200
        clock.move_to(until + timedelta(seconds=1))
        assert enrolled.client.get("/api/directory/people").status_code in {401, 403}

    def test_leaves_no_row_that_leans_on_another_acts_event(self, enrolled):
        before = audit_queries.last_id()
        enrolled.admit()
        services.dismiss_regional(person=enrolled.person, actor=INSTALLATION, now=enrolled.now)
        assert misleading_rows(before) == []

    def test_is_listed_for_the_installation_with_its_end(self, enrolled):
        until = enrolled.admit()
        listed = {"person": enrolled.person, "role": "secretariat", "until": until}
        for days, stage, reminder in (
            (300, "active", None),
            (350, "active", 30),
            (366, "expired", None),
        ):
            (found,) = regional.regional_terms(enrolled.now + days * DAY)
            expected = listed | {"stage": stage, "reminder": reminder}
            assert {key: found[key] for key in expected} == expected

    def test_that_did_not_begin_is_listed_without_an_end(self, enrolled):
        (found,) = regional.regional_terms(enrolled.now)
        assert (found["stage"], found["until"]) == ("ceremony", None)
        out = StringIO()
        call_command("region", "terms", stdout=out)
        assert f"{enrolled.person} secretariat      ceremony    Ana" in out.getvalue()


class TestWhoIsDismissed:
    @pytest.fixture
    def dismiss(self, enrolled):
        return lambda: services.dismiss_regional(
            person=enrolled.person, actor=INSTALLATION, now=enrolled.now
        )

    def test_is_out_at_once_and_for_good(self, enrolled, dismiss, region):
        enrolled.admit()
        assert enrolled.client.get("/api/directory/people").status_code == 200
        assert dismiss() == 1
        assert enrolled.client.get("/api/directory/people").status_code in {401, 403}
        assert not enrolled.known.in_force(enrolled.now)
        assert enrolled.known.removed_at == enrolled.now
        assert enrolled.row.stage == "expired"
        (told,) = regional.regional_terms(enrolled.now)
        assert (told["stage"], told["until"]) == ("removed", None)
        somebody = region.person("SV", "liaison")
        answer = enrolled.post(f"/people/{somebody.id}/suspend", {})
        assert answer.status_code in {401, 403}
        assert Person.objects.get(id=somebody.id).suspended_at is None

    def test_has_their_sockets_closed_as_in_every_stop(self, enrolled, dismiss, monkeypatch):
        enrolled.admit()
        cuts = []
        monkeypatch.setattr(stopping, "cut", lambda **said: cuts.append(said))
        dismiss()
        (one,) = cuts
        assert (one["people"], one["for_good"]) == ([enrolled.person], True)

    def test_leaves_one_event_beside_those_of_the_sessions(self, enrolled, dismiss, recorded):
        enrolled.admit()
        with recorded("accounts.session.ended", "designations.regional.dismissed"):
            dismiss()

    def test_is_let_out_while_suspended_too(self, enrolled, dismiss, region):
        enrolled.admit()
        directory_services.suspend_person(
            person=enrolled.person,
            reason="",
            actor=region.person("", "secretariat").actor,
            now=enrolled.now,
        )
        assert dismiss() == 0
        assert enrolled.known.removed_at == enrolled.now

    def test_is_not_let_in_again_but_invited_anew_as_somebody_new(
        self, enrolled, dismiss, office, clock, now
    ):
        enrolled.admit()
        dismiss()
        for act in (enrolled.admit, dismiss):
            with pytest.raises(Refused, match="regional-stopped"):
                act()
        new = Member(office, now)
        new.enrol()
        new.offer()
        new.admit()
        assert new.known.role_set == {"secretariat"}

    def test_has_no_use_of_a_code_that_they_did_not_use(self, invited):
        services.dismiss_regional(person=invited.person, actor=INSTALLATION, now=invited.now)
        assert invited.post("/enrolment/begin", {"code": invited.code}).status_code != 200
        with pytest.raises(NotVisible):
            services.invite_regional_again(
                person=invited.person, actor=INSTALLATION, now=invited.now
            )

    def test_is_nobody_of_a_state(self, region, clock, now):
        for one in (uuid4(), region.person("SV", "ministry").id):
            with pytest.raises(NotVisible):
                services.dismiss_regional(person=one, actor=INSTALLATION, now=now)


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
