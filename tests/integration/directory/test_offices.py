"""Offices and central authorities: kept by the State's coordinator, remembered, told by role."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from audit.models import AuditEvent
from casehub.core.errors import NotVisible, Refused
from casehub.directory import policies, queries, services
from casehub.directory.models import Notice, Office

TELEPHONE = "+503 2200 0000"
CHANCELLERY = {"kind": "ministry", "name": "Cancillería", "telephone": TELEPHONE}
TOLD = {"instrument": "", "since": date(2024, 5, 1), "source": "Nota verbal", "confidence": "high"}


@pytest.fixture
def keep(region, now):
    """Return `keep(act, state, ...)`: the act of that State's coordinator."""

    def call(act, by, /, **told):
        coordinator = region.seat(by).coordinator
        return act(**told, actor=coordinator.actor, now=now)

    return call


def office_of(region, state):
    return region.seat(state).office.id


def told_to(who):
    return {one["id"]: one for one in queries.offices_for(who.actor)}


class TestAnOffice:
    def test_is_entered_by_its_states_coordinator(self, region, keep, recorded):
        region.seat("SV")
        with recorded("directory.office.entered"):
            office = keep(
                services.enter_office, "SV", state="SV", kind="central", name="Autoridad central"
            )
        assert told_to(region.person("MX"))[office]["kind"] == "central"

    def test_is_entered_for_no_other_state(self, region, keep, recorded):
        region.seat("SV")
        with recorded(), pytest.raises(NotVisible):
            keep(services.enter_office, "SV", state="MX", kind="central", name="Otra")

    def test_is_not_entered_beyond_what_a_list_shows(self, region, keep, recorded, monkeypatch):
        region.seat("SV")
        monkeypatch.setattr(policies, "MOST_OFFICES", Office.objects.filter(state="SV").count())
        with recorded(), pytest.raises(Refused, match="offices-full"):
            keep(services.enter_office, "SV", state="SV", kind="central", name="Otra")

    def test_changes_and_its_state_remembers_what_it_was(self, region, keep, recorded):
        office = office_of(region, "SV")
        with recorded("directory.office.changed"):
            keep(services.change_office, "SV", office=office, **CHANCELLERY)
        own, abroad = told_to(region.person("SV")), told_to(region.person("MX"))
        assert own[office]["changes"][0]["was"] == {
            "kind": "prosecution",
            "name": "Fiscalía (SV)",
            "telephone": "",
        }
        assert abroad[office]["changes"] == []
        assert abroad[office]["name"] == "Cancillería"

    def test_tells_its_public_telephone_wherever_it_is_named(self, region, keep):
        office, reader = office_of(region, "SV"), region.person("MX")
        keep(services.change_office, "SV", office=office, **CHANCELLERY)
        assert told_to(reader)[office]["telephone"] == TELEPHONE
        cards = [one for one in queries.people_for(reader.actor) if one["office_id"] == office]
        assert {one["telephone"] for one in cards} == {TELEPHONE}

    def test_tells_its_telephone_to_nobody_who_is_not_told_of_the_office(self, region, keep):
        office = office_of(region, "SV")
        keep(services.change_office, "SV", office=office, **CHANCELLERY)
        secretary = region.person("", "secretariat")
        abroad = [one for one in queries.people_for(secretary.actor) if one["state"] == "SV"]
        assert {(one["office"], one["telephone"]) for one in abroad} == {("", "")}

    def test_has_no_telephone_that_cannot_be_dialled(self, region, keep, recorded):
        office = office_of(region, "SV")
        wrong = {"kind": "central", "name": "Autoridad central", "telephone": "2200 0000"}
        with recorded(), pytest.raises(Refused, match="telephone-malformed"):
            keep(services.change_office, "SV", office=office, **wrong)
        with recorded(), pytest.raises(Refused, match="telephone-malformed"):
            keep(services.enter_office, "SV", state="SV", **wrong)

    def test_loses_its_telephone_and_its_state_remembers(self, region, keep):
        office = office_of(region, "SV")
        keep(services.change_office, "SV", office=office, **CHANCELLERY)
        keep(services.change_office, "SV", office=office, **CHANCELLERY | {"telephone": ""})
        own = told_to(region.person("SV"))[office]
        assert own["telephone"] == ""
        assert own["changes"][0]["was"]["telephone"] == TELEPHONE

    @pytest.mark.parametrize("which", ["foreign", "regional", "none"])
    def test_of_nobodys_own_is_not_there(self, region, keep, recorded, which):
        region.person("", "secretariat")
        office = {
            "foreign": office_of(region, "MX"),
            "regional": Office.objects.get(state=None).id,
            "none": uuid4(),
        }[which]
        region.seat("SV")
        with recorded(), pytest.raises(NotVisible):
            keep(services.change_office, "SV", office=office, **CHANCELLERY)
        with recorded(), pytest.raises(NotVisible):
            keep(services.enter_competence, "SV", office=office, **TOLD)

    def test_is_told_to_auditors_of_its_own_state_alone(self, region):
        office_of(region, "MX")
        national = region.person("SV", "national-auditor")
        assert {one["state"] for one in told_to(national).values()} == {"SV"}
        assert told_to(region.person("", "regional-auditor")) == {}
        assert {"SV", "MX"} <= {
            one["state"] for one in told_to(region.person("", "secretariat")).values()
        }


class TestACentralAuthority:
    @pytest.fixture
    def entered(self, region, keep, small_rulebook):
        return keep(services.enter_competence, "SV", office=office_of(region, "SV"), **TOLD)

    def test_is_entered_by_instrument_and_day(self, region, keep, entered, recorded):
        office = office_of(region, "SV")
        instrument = next(iter(queries.instruments()))
        with recorded("directory.competence.entered"):
            keep(
                services.enter_competence,
                "SV",
                office=office,
                **TOLD | {"instrument": instrument},
            )
        found = told_to(region.person("MX"))[office]["competences"]
        assert [one["instrument"] for one in found] == ["", instrument]
        assert found[0] | {"id": None} == TOLD | {"id": None, "until": None}

    def test_is_of_an_instrument_of_the_rulebook(self, region, keep, entered, recorded):
        with recorded(), pytest.raises(Refused, match="unknown-instrument"):
            keep(
                services.enter_competence,
                "SV",
                office=office_of(region, "SV"),
                **TOLD | {"instrument": "NO-SUCH"},
            )

    def test_begins_once_a_day(self, region, keep, entered, recorded):
        office = keep(services.enter_office, "SV", state="SV", kind="central", name="Otra")
        with recorded(), pytest.raises(Refused, match="competence-known"):
            keep(services.enter_competence, "SV", office=office, **TOLD)

    def test_ends_and_its_state_remembers(self, region, keep, entered, recorded):
        with recorded("directory.competence.ended"):
            keep(services.end_competence, "SV", competence=entered, until=date(2026, 1, 1))
        office = told_to(region.person("SV"))[office_of(region, "SV")]
        assert office["competences"][0]["until"] == date(2026, 1, 1)
        assert office["changes"][0]["was"] == {"until": None}

    def test_ends_not_before_it_begins(self, keep, entered, recorded):
        with recorded(), pytest.raises(Refused, match="competence-dates"):
            keep(services.end_competence, "SV", competence=entered, until=date(2024, 4, 30))

    def test_of_another_state_is_not_there(self, region, keep, entered, recorded):
        region.seat("MX")
        for competence in (entered, uuid4()):
            with recorded(), pytest.raises(NotVisible):
                keep(services.end_competence, "MX", competence=competence, until=date(2026, 1, 1))

    def test_stands_in_the_log_of_the_directory(self, region, entered):
        assert AuditEvent.objects.filter(kind="directory.competence.entered").exists()


class TestAChange:
    @pytest.fixture
    def told(self, region):
        """Return `told()`: the newest notice as a person of another State reads it."""
        abroad = region.person("MX")
        region.seat("SV")

        def newest():
            found = Notice.objects.order_by("audit_event_id").last()
            shown = queries.notices_for(abroad.actor, now=region.now)
            (mine,) = [one for one in shown if one["id"] == found.id]
            return found, mine

        return newest

    def test_of_an_office_is_told_to_every_state(self, region, keep, told):
        office = keep(services.enter_office, "SV", state="SV", kind="central", name="Central")
        found, shown = told()
        assert (shown["kind"], shown["state"], shown["name"]) == ("changed", "SV", "Central")
        assert found.audit_event_id == Office.objects.get(id=office).audit_event_id
        keep(services.change_office, "SV", office=office, **CHANCELLERY)
        assert told()[1]["name"] == "Cancillería"

    def test_of_a_central_authority_is_told_to_every_state(
        self, region, keep, told, small_rulebook
    ):
        office = office_of(region, "SV")
        named = keep(services.enter_competence, "SV", office=office, **TOLD)
        assert told()[1]["name"] == "Fiscalía (SV)"
        keep(services.end_competence, "SV", competence=named, until=date(2026, 12, 1))
        assert told()[1]["name"] == "Fiscalía (SV)"
        assert Notice.objects.count() == 2

    def test_of_hours_is_told_of_their_person(self, region, keep, told):
        someone = region.person("SV")
        hours = {"zone": "America/El_Salvador", "days": [1, 2], "opens": "08:00", "closes": "16:00"}
        keep(services.change_hours, "SV", person=someone.id, **hours)
        assert told()[1]["person"] == someone.id

    def test_of_hours_that_were_so_already_is_told_to_nobody(self, region, keep):
        someone = region.person("SV")
        hours = {"zone": "America/El_Salvador", "days": [1, 2], "opens": "08:00", "closes": "16:00"}
        for _ in range(2):
            keep(services.change_hours, "SV", person=someone.id, **hours)
        assert Notice.objects.count() == 1

    def test_that_is_refused_is_told_to_nobody(self, region, keep):
        region.seat("SV")
        with pytest.raises(NotVisible):
            keep(services.enter_office, "SV", state="MX", kind="central", name="Otra")
        assert not Notice.objects.exists()

    def test_by_the_installation_is_where_a_region_begins_and_told_to_nobody(self, region, now):
        region.seat("SV")
        installation = region.person("", "secretariat").actor
        services.enter_office(state="SV", kind="central", name="Otra", actor=installation, now=now)
        assert not Notice.objects.exists()
