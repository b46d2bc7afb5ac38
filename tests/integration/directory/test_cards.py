"""Cards of the directory: each role is told what ROLES says, and no more is in the answer."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from casehub.accounts.models import Account
from casehub.core.errors import NotVisible
from casehub.directory import queries, services
from casehub.directory.models import Person

BLANK = {
    "name": "",
    "office": "",
    "office_id": None,
    "post": "",
    "languages": [],
    "scope": [],
    "valid_until": None,
    "hours": None,
    "contact": None,
}


@pytest.fixture
def people(region):
    """Return one liaison of each of two States, with hours."""
    ana, luz = region.person("SV"), region.person("MX")
    for one in (ana, luz):
        services.change_hours(
            person=one.id,
            zone="America/El_Salvador",
            days=[1, 2],
            opens="08:00",
            closes="16:00",
            actor=region.seat(one.state).coordinator.actor,
            now=region.now,
        )
    return ana, luz


def cards_for(who):
    return {str(card["id"]): card for card in queries.people_for(who.actor)}


class TestPeople:
    @pytest.mark.parametrize("role", ["liaison", "coordinator", "central-authority"])
    def test_are_whole_cards_for_who_works_with_them(self, region, people, role):
        ana, luz = people
        found = cards_for(region.person("SV", role))
        assert found[ana.person]["told"] == "own"
        assert found[luz.person]["told"] == "card"
        assert found[luz.person]["name"] == "Persona Ficticia"
        assert found[luz.person]["hours"]["zone"] == "America/El_Salvador"
        assert found[luz.person]["contact"] is None
        assert found[ana.person]["contact"] is False

    def test_of_other_states_have_post_and_status_for_a_ministry(self, region, people):
        ana, luz = people
        found = cards_for(region.person("SV", "ministry"))
        assert (found[luz.person]["post"], found[luz.person]["status"]) == ("Fiscal", "in-force")
        assert {key: found[luz.person][key] for key in ("name", "languages", "hours")} == {
            "name": "",
            "languages": [],
            "hours": None,
        }
        assert found[ana.person]["name"]

    def test_have_status_alone_for_the_secretariat_but_for_its_own(self, region, people):
        secretary = region.person("", "secretariat")
        found = cards_for(secretary)
        assert {key: found[people[0].person][key] for key in BLANK} == BLANK
        assert found[people[0].person]["status"] == "in-force"
        assert found[secretary.person]["post"] == "Fiscal"

    def test_are_a_national_auditors_own_states_alone(self, region, people):
        found = cards_for(region.person("SV", "national-auditor"))
        assert {card["state"] for card in found.values()} == {"SV"}

    def test_are_numbers_for_a_regional_auditor(self, region, people, now):
        auditor = region.person("", "regional-auditor")
        assert queries.people_for(auditor.actor) == []
        before = {one["state"]: one["people"] for one in queries.figures_for(auditor.actor)}
        Person.objects.filter(id=people[0].person).update(suspended_at=now)
        after = {one["state"]: one["people"] for one in queries.figures_for(auditor.actor)}
        assert after == before | {"SV": before["SV"] - 1}

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            ({}, "in-force"),
            ({"suspended_at": 0}, "suspended"),
            ({"valid_until": 0}, "expired"),
            ({"suspended_at": 0, "valid_until": 0}, "suspended"),
        ],
    )
    def test_say_in_a_word_whether_they_count(self, region, people, now, change, status):
        ana, luz = people
        Person.objects.filter(id=luz.person).update(**dict.fromkeys(change, now))
        assert cards_for(ana)[luz.person]["status"] == status

    def test_who_have_closed_their_account_are_said_so(self, region, people):
        ana, luz = people
        Account.objects.filter(id=luz.account).update(is_active=False)
        assert cards_for(ana)[luz.person]["status"] == "closed"

    def test_cost_one_query_however_many(self, region, people, django_assert_num_queries):
        for _ in range(3):
            region.person("GT")
        with django_assert_num_queries(1):
            queries.people_for(people[0].actor)


class TestAPage:
    def test_is_logged_when_it_is_printed(self, people, recorded, now):
        ana, _ = people
        with recorded("directory.page.printed"):
            assert services.print_page(actor=ana.actor, now=now) == now

    def test_is_logged_for_no_state_where_somebody_of_the_region_prints_it(
        self, region, recorded, now
    ):
        auditor = region.person("", "regional-auditor")
        with recorded("directory.page.printed"):
            services.print_page(actor=auditor.actor, now=now)


class TestTheCard:
    def test_is_logged_when_it_is_opened(self, region, people, recorded, now):
        ana, luz = people
        with recorded("directory.card.opened"):
            services.open_card(person=luz.id, actor=ana.actor, now=now)

    @pytest.mark.parametrize("role", ["national-auditor", "regional-auditor"])
    def test_of_another_state_is_as_nobodys_for_auditors(self, region, people, recorded, now, role):
        auditor = region.person("" if role.startswith("regional") else "SV", role)
        for person in (people[1].id, uuid4()):
            with recorded(), pytest.raises(NotVisible):
                services.open_card(person=person, actor=auditor.actor, now=now)
            with pytest.raises(NotVisible):
                queries.opened_card(auditor.actor, person)

    def test_tells_its_own_state_what_it_said_before(self, region, people, now):
        ana, luz = people
        services.change_hours(
            person=ana.id,
            zone="America/El_Salvador",
            days=[1],
            opens="09:00",
            closes="17:00",
            actor=region.seat("SV").coordinator.actor,
            now=now + timedelta(hours=1),
        )
        newest, first = queries.opened_card(ana.actor, ana.person)["changes"]
        assert newest["was"] == {
            "zone": "America/El_Salvador",
            "days": "12",
            "opens": "08:00",
            "closes": "16:00",
        }
        assert str(newest["by"]) == region.seat("SV").coordinator.person
        assert first["was"] == {}
        assert queries.opened_card(luz.actor, ana.person)["changes"] == []
        assert queries.opened_card(ana.actor, luz.person)["changes"] == []


class TestTheWholeCard:
    def test_is_for_the_person_themselves(self, region, people):
        card = queries.card_of(people[0].person)
        assert card["told"] == "own"
        with pytest.raises(NotVisible):
            queries.card_of(str(uuid4()))


class TestHours:
    def test_are_changed_by_the_coordinator_of_the_state_alone(self, region, people, recorded, now):
        told = {"zone": "America/Panama", "days": [1], "opens": "08:00", "closes": "12:00"}
        stranger = region.seat("MX").coordinator.actor
        for person in (people[0].id, uuid4()):
            with recorded(), pytest.raises(NotVisible):
                services.change_hours(person=person, **told, actor=stranger, now=now)
        with recorded("directory.hours.changed"):
            own = region.seat("SV").coordinator.actor
            services.change_hours(person=people[0].id, **told, actor=own, now=now)
        assert cards_for(people[1])[people[0].person]["hours"] == told
