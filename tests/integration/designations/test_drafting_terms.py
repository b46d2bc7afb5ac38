"""How long a first term is, for which part of a State, and who stands in."""

import json

import pytest

from audit import queries as log
from casehub.core.errors import Refused
from casehub.designations import services
from casehub.designations.queries import reading
from casehub.directory import queries as directory
from casehub.directory.models import Notice
from casehub.directory.statements import ChainBroken
from tests.integration.designations.lives import DAY, Life
from tests.integration.designations.test_binding import much_later, renew


@pytest.fixture
def life(region):
    return Life(region)


def draft_again(life, **changes):
    """Renew with what a draft says; the dates as given."""
    life.designation = services.renew_designation(
        designation=life.designation,
        said=life.said(**changes),
        rekey=False,
        **life.acting(life.coordinator),
    )


class TestTheFirstTermOfALiaison:
    def test_lasts_six_months_at_most(self, life):
        with pytest.raises(Refused, match="first-term-too-long"):
            life.draft(until=life.now + 190 * DAY)
        life.draft()
        with pytest.raises(Refused, match="first-term-too-long"):
            life.change(until=life.now + 190 * DAY)

    def test_is_also_that_of_a_coordinator_who_becomes_one(self, life):
        both = ["coordinator", "liaison"]
        with pytest.raises(Refused, match="first-term-too-long"):
            life.draft(roles=both, until=life.now + 190 * DAY)
        life.draft(roles=["coordinator"], until=life.now + 365 * DAY)

    def test_comes_still_after_an_urgent_week(self, life):
        life.active(urgent=True, until=life.now + 6 * DAY)
        life.now += 5 * DAY
        life.region.now = life.now
        with pytest.raises(Refused, match="first-term-too-long"):
            draft_again(life, until=life.now + 190 * DAY)
        draft_again(life, until=life.now + 180 * DAY)
        assert reading.shape(life.row, life.now)["first"]

    def test_is_followed_by_a_year(self, life):
        life.active()
        draft_again(much_later(life), until=life.now + 365 * DAY)
        assert not reading.shape(life.row, life.now)["first"]
        life.nominate()
        life.approve(life.one)
        life.bind()
        assert life.stage == "active"
        assert life.row.until - life.row.starts > 300 * DAY

    def test_is_held_by_those_who_verify_whatever_a_server_enters(self, life, monkeypatch):
        monkeypatch.setattr("casehub.designations.limits.LONGEST_FIRST", 366 * DAY)
        life.consulted(until=life.now + 190 * DAY)
        with monkeypatch.context() as unasked:
            unasked.setattr(directory, "why_never", lambda *_, **__: None)
            life.nominate()
        life.approve(life.one)
        with pytest.raises(Refused, match="first-term-too-long"):
            life.approve(life.two)
        assert life.stage == "ministry-1"


class TestThePartOfTheState:
    def test_stands_in_what_all_sign_and_null_is_all_of_it(self, life):
        life.nominated(region="Frontera occidental")
        said = json.loads(bytes(life.row.body))
        assert (said["v"], said["region"]) == (3, "Frontera occidental")
        life.nominated(region=None)
        assert json.loads(bytes(life.row.body))["region"] is None
        assert reading.shape(life.row, life.now)["region"] is None

    def test_is_not_what_a_nomination_of_the_first_version_says(self, life):
        life.consulted()
        with pytest.raises(ChainBroken) as broken:
            life.nominate(v=1)
        assert broken.value.why == "malformed"

    def test_that_is_another_takes_two_officers_and_is_told_to_all(self, life):
        life.active()
        renew(much_later(life), region="Frontera sur")
        life.nominate()
        assert reading.shape(life.row, life.now)["hands"] == 2
        life.approve(life.one)
        assert life.stage == "ministry-1"
        life.approve(life.two)
        told = Notice.objects.filter(person=life.row.person).latest("number")
        assert (told.kind, told.changed_list) == ("changed", ["region"])


class TestFunctions:
    def test_are_signed_shown_logged_and_their_person_s_once_the_key_is_bound(self, life):
        life.enrolled(functions=["signatory", "focal-point"])
        assert json.loads(bytes(life.row.body))["functions"] == ["focal-point", "signatory"]
        assert json.loads(bytes(life.row.body))["v"] == 3
        assert reading.shape(life.row, life.now)["functions"] == ["focal-point", "signatory"]
        for kind in ("drafted", "nominated"):
            (event,) = log.payloads_of(f"designations.designation.{kind}")
            assert event["payload"]["functions"] == ["focal-point", "signatory"]
        assert life.person.function_set == set()
        life.bind(life.binder())
        assert life.person.function_set == {"focal-point", "signatory"}
        bound = directory.chain().person(str(life.row.person), now=life.now)
        assert bound.functions == {"focal-point", "signatory"}
        (card,) = (
            one for one in directory.people_for(life.one.actor) if one["name"] == "Ana Pérez"
        )
        assert card["functions"] == ["focal-point", "signatory"]

    def test_may_be_none(self, life):
        life.active(functions=[])
        assert json.loads(bytes(life.row.body))["functions"] == []
        assert life.person.function_set == set()

    @pytest.mark.parametrize("functions", [["focal-point"], ["signatory"]])
    def test_are_of_liaisons_and_coordinators_alone(self, life, functions):
        with pytest.raises(Refused, match="function-not-for-role"):
            life.draft(by=life.one, roles=["central-authority"], functions=functions)
        life.draft(by=life.one, roles=["central-authority"])
        assert life.row.function_list == []

    def test_said_twice_are_said_once(self, life):
        life.draft(functions=["signatory", "signatory"])
        assert life.row.function_list == ["signatory"]

    @pytest.mark.parametrize(("functions", "hands"), [(["focal-point"], 1), (["signatory"], 2)])
    def test_that_are_others_take_two_officers_and_are_told_to_all(self, life, functions, hands):
        life.active()
        renew(much_later(life), functions=functions)
        life.nominate()
        assert reading.shape(life.row, life.now)["hands"] == hands
        for officer in (life.one, life.two)[:hands]:
            life.approve(officer)
        told = Notice.objects.filter(person=life.row.person).latest("number")
        changed = [] if hands == 1 else ["functions"]
        assert (told.kind, told.changed_list) == ("changed" if changed else "renewed", changed)

    def test_of_what_is_nominated_cannot_be_left_out(self, life):
        life.consulted()
        with pytest.raises(Refused, match="nomination-differs"):
            life.nominate(functions=["signatory"])


class TestWhoStandsIn:
    def test_is_a_liaison_or_coordinator_in_force_of_the_same_state(self, life, region):
        for other in (region.person("GT"), region.person("SV", "central-authority"), life.one):
            with pytest.raises(Refused, match="deputy-unknown"):
                life.draft(deputy=other.person)
        gone = region.person("SV")
        region.end(gone, suspended_at=life.now)
        with pytest.raises(Refused, match="deputy-unknown"):
            life.draft(deputy=gone.person)

    def test_is_signed_and_shown_by_name(self, life, region):
        other = region.person("SV")
        life.active(deputy=other.person)
        assert json.loads(bytes(life.row.body))["deputy"] == other.person
        assert reading.shape(life.row, life.now)["deputy"]["name"] == "Persona Ficticia"
        bound = directory.chain().person(str(life.row.person), now=life.now)
        assert bound.roles == {"liaison"}

    def test_is_not_the_person_themselves(self, life):
        life.active()
        with pytest.raises(Refused, match="deputy-self"):
            renew(much_later(life), deputy=life.row.person)
