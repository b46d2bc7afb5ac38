"""Numbers and what stands out in them; what a State and the region are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from audit import services
from audit.events import ActRefused
from casehub.core import roles
from casehub.notes import services as notes
from casehub.oversight import limits
from casehub.oversight.queries import audits, searching
from tests.integration.notes.made import note_to
from tests.integration.oversight.made import called, naming_of, some_id, wish_of


@pytest.fixture
def ana(desk):
    return desk.region.equipped("SV")


def read(desk, who, case, times):
    client = desk.sit(who)
    for _ in range(times):
        assert client.get(f"/api/cases/{case}").status_code == 200


def figures(desk, **asked):
    desk.sequence()
    return desk.get(f"queries/{desk.ask(**asked)['query']}/figures").json()


def sorts(found):
    return [one["sort"] for one in found["anomalies"]]


class TestFigures:
    def test_count_each_day_of_the_capital_by_act(self, desk, ana, clock):
        desk.region.case(ana)
        desk.move(clock, timedelta(days=1))
        desk.region.case(ana)
        found = figures(desk, acts=["cases"])
        assert found["zone"] == "America/El_Salvador"
        assert found["days"] == [
            {"day": "2026-11-24", "kind": "cases.case.opened", "count": 1},
            {"day": "2026-11-25", "kind": "cases.case.opened", "count": 1},
        ]

    def test_tell_the_night_by_the_clocks_of_the_capital(self, desk, ana, clock):
        desk.move(clock, timedelta(hours=-9))  # 06:00 UTC is midnight in San Salvador
        desk.region.case(ana)
        found = figures(desk, acts=["cases"])
        assert found["hours"] == [{"hour": 0, "count": 1}]
        (night,) = found["anomalies"]
        assert (night["sort"], night["day"], night["count"]) == ("night", "2026-11-24", 1)
        assert night["person"]["pseudonym"] == called(ana, "SV", desk.region.now)

    def test_cover_three_months_at_most(self, desk):
        found = figures(desk, since="2020-01-01", until="2026-11-24")
        assert found["since"] >= "2026-08-23"

    def test_show_how_long_a_decision_took(self, desk, ana, clock):
        wish = wish_of(desk.region, ana)
        desk.move(clock, timedelta(hours=2))
        desk.post(f"unmaskings/{wish}/agree")
        (slow,) = figures(desk)["slowest"]
        assert (slow["kind"], slow["seconds"]) == ("oversight.unmasking.agreed", 7200)

    def test_keep_the_person_or_the_office_that_was_asked_for(self, desk, ana, clock):
        wish = wish_of(desk.region, ana)
        desk.move(clock, timedelta(hours=2))
        desk.post(f"unmaskings/{wish}/agree")
        now = desk.region.now
        assert figures(desk, person=called(ana, "SV", now))["slowest"] == []
        assert len(figures(desk, person=called(desk.auditor, "SV", now))["slowest"]) == 1
        assert figures(desk, office=some_id())["slowest"] == []

    def test_count_by_the_hour_what_somebody_did_and_nothing_of_the_system(self, desk, ana):
        desk.region.case(ana)
        before = figures(desk, acts=["cases", "core"])["hours"]
        with transaction.atomic():
            event = ActRefused(states=("SV",), act="a.b.c", code="no", target="t")
            services.record(event, actor="", at=desk.region.now)
        assert figures(desk, acts=["cases", "core"])["hours"] == before


class TestWhatStandsOut:
    def test_is_not_an_ordinary_day(self, desk, ana):
        case = desk.region.case(ana)
        read(desk, ana, case, limits.BULK - 1)
        assert sorts(figures(desk)) == []

    def test_is_reading_in_bulk(self, desk, ana):
        case = desk.region.case(ana)
        read(desk, ana, case, limits.BULK)
        (bulk,) = figures(desk)["anomalies"]
        assert (bulk["sort"], bulk["count"]) == ("bulk", limits.BULK)
        assert bulk["person"]["pseudonym"] == called(ana, "SV", desk.region.now)

    def test_is_being_refused_again_and_again(self, desk, ana):
        case = desk.region.case(desk.region.equipped("MX"))
        client = desk.sit(ana)
        for _ in range(limits.TRIES):
            assert client.get(f"/api/cases/{case}").status_code == 404
        (tries,) = figures(desk)["anomalies"]
        assert (tries["sort"], tries["count"]) == ("refused", limits.TRIES)

    def test_is_a_decision_within_a_minute(self, desk, ana, clock):
        wish = wish_of(desk.region, ana)
        desk.move(clock, timedelta(seconds=59))
        desk.post(f"unmaskings/{wish}/agree")
        (hasty,) = figures(desk)["anomalies"]
        assert (hasty["sort"], hasty["count"]) == ("hasty", 59)
        assert hasty["position"] is not None

    def test_is_not_a_decision_after_a_minute(self, desk, ana, clock):
        wish = wish_of(desk.region, ana)
        desk.move(clock, limits.HASTY)
        desk.post(f"unmaskings/{wish}/agree")
        assert sorts(figures(desk)) == []


class TestTheAuditedState:
    def test_sees_who_looked_at_what_and_no_other_state_s_auditors(self, desk, ana):
        desk.region.case(ana)
        desk.sequence()
        desk.ask(case="SV-2026-0001", person=called(ana, "SV", desk.region.now))
        mexican = desk.sit(desk.region.person("MX", "national-auditor"))
        desk.post("queries", {}, client=mexican)
        desk.sequence()
        coordinator = desk.sit(desk.region.seat("SV").coordinator)
        (row,) = desk.get("audits", client=coordinator).json()["audits"]
        assert (row["kind"], row["name"]) == ("oversight.log.queried", "Persona Ficticia")
        fields = {one["name"]: [v["text"] for v in one["values"]] for one in row["fields"]}
        assert fields["case"] == ["SV-2026-0001"]
        assert fields["person"] == [called(ana, "SV", desk.region.now)]

    # Of the same area, and of nobody who audits: named in this list, they would name whom others
    # must not know, or say of a coordinator that they audit.
    OTHERS = {
        "oversight.unmasking.told": "of the person behind a pseudonym that stands in the same list",
        "oversight.pair-consent.given": "of a coordinator or the ministry",
        "oversight.pair-consent.withdrawn": "of a coordinator or the ministry",
    }

    # Of another area, and yet an act of auditors alone.
    ELSEWHERE = {"cases.retention.shortened": "the auditor's hand under keeping a case less long"}

    def test_sees_every_act_that_only_auditors_do(self):
        auditors = {"national-auditor", "regional-auditor"}
        acts = {
            name: row.event
            for name, row in roles.table().items()
            if row.kind == "act" and row.who and set(row.who) <= auditors
        }
        assert "oversight.bundle.export" in acts
        assert {name for name, event in acts.items() if event not in audits.audited_by()} == set()

    def test_sees_by_name_nobody_but_who_audits(self):
        area = set(searching.kinds_of(searching.AUDITING))
        assert set(audits.audited_by()) == (area - self.OTHERS.keys()) | self.ELSEWHERE.keys()

    def test_does_not_learn_whom_auditors_know_by_name(self, desk, ana, clock):
        naming = naming_of(desk.region, ana)
        desk.move(clock, limits.TOLD_AFTER)
        assert desk.post(f"notices/{naming}/confirm", client=desk.sit(ana)).status_code == 200
        desk.sequence()
        coordinator = desk.sit(desk.region.seat("SV").coordinator)
        rows = desk.get("audits", client=coordinator).json()["audits"]
        assert {row["kind"] for row in rows} == {
            "oversight.unmasking.asked",
            "oversight.unmasking.agreed",
        }
        # In an office of one its name would be theirs.
        fields = [field for row in rows for field in row["fields"]]
        named = [value["person"] for field in fields for value in field["values"]]
        assert [one["office"] for one in named if one is not None] == [None] * 2

    def test_sees_that_a_bundle_was_carried_away(self, desk):
        desk.sequence()
        answer = desk.client.get("/api/oversight/logs/acts-2026/bundle")
        assert answer.status_code == 200
        desk.sequence()
        coordinator = desk.sit(desk.region.seat("SV").coordinator)
        rows = desk.get("audits", client=coordinator).json()["audits"]
        assert [row["kind"] for row in rows] == ["audit.bundle.exported"]

    def test_turns_the_page(self, desk, monkeypatch):
        monkeypatch.setattr(limits, "AUDITS", 2)
        for _ in range(3):
            desk.ask()
        desk.sequence()
        coordinator = desk.sit(desk.region.seat("SV").coordinator)
        first = desk.get("audits", client=coordinator).json()
        second = desk.get("audits", client=coordinator, after=first["next"]).json()
        assert (len(first["audits"]), len(second["audits"]), second["next"]) == (2, 1, None)


class TestTheRegion:
    @pytest.fixture
    def regional(self, desk):
        return desk.sit(desk.region.person("", "regional-auditor"))

    def test_is_told_no_number_below_five(self, desk, ana, recorded, clock):
        case = desk.region.case(ana)
        read(desk, ana, case, 7)
        desk.region.person("MX")
        desk.move(clock, timedelta(days=9))
        regional = desk.sit(desk.region.person("", "regional-auditor"))
        with recorded("oversight.statistics.read"):
            found = desk.post("statistics", {"month": "2026-11"}, client=regional).json()
        cells = {row["name"]: row["cells"] for row in found["areas"]}
        assert cells["SV"]["cases"] == 8
        told = [count for row in cells.values() for count in row.values()]
        told += [count for row in found["days"] for count in row["cells"].values()]
        told += found["notes"].values()
        assert all(count is None or count == 0 or count >= 5 for count in told)

    def test_is_told_what_became_of_first_line_notes_in_the_month(self, desk, ana, clock):
        boris = desk.region.equipped("GT")
        sent = [note_to(desk.region, ana, boris) for _ in range(13)]
        acting = {"actor": boris.actor, "now": desk.region.now}
        for note in sent[:6]:
            notes.acknowledge_note(note=note, **acting)
        for note in sent[6:8]:
            notes.decline_note(note=note, reason="other", **acting)
        desk.move(clock, timedelta(days=9))
        regional = desk.sit(desk.region.person("", "regional-auditor"))
        found = desk.post("statistics", {"month": "2026-11"}, client=regional).json()["notes"]
        # Two were declined; beside the sum of the acts that would follow from what else is told.
        assert found["declined"] is found["acknowledged"] is None
        assert (found["sent"], found["used"], found["led"]) == (13, 0, 0)

    def test_is_told_no_notes_of_which_a_state_could_subtract_its_own(self, desk, ana, clock):
        """El Salvador knows its six: of eight sent two would be left, which others exchanged."""
        boris, maria = desk.region.equipped("GT"), desk.region.equipped("MX")
        for _ in range(6):
            note_to(desk.region, ana, boris)
        for _ in range(2):
            note_to(desk.region, boris, maria)
        desk.move(clock, timedelta(days=9))
        regional = desk.sit(desk.region.person("", "regional-auditor"))
        found = desk.post("statistics", {"month": "2026-11"}, client=regional).json()["notes"]
        assert found["sent"] is None

    def test_concerns_every_state_that_is_counted(self, desk, regional):
        desk.region.person("MX")
        desk.post("statistics", {"month": "2026-10"}, client=regional)
        desk.sequence()
        for state in ("SV", "MX"):
            coordinator = desk.sit(desk.region.seat(state).coordinator)
            (row,) = desk.get("audits", client=coordinator).json()["audits"]
            assert row["kind"] == "oversight.statistics.read"

    @pytest.mark.parametrize("month", ["2026-11", "2026-12", "2099-12"])
    def test_is_told_nothing_of_a_month_that_runs(self, desk, regional, month, recorded):
        """Its counts, read before and after an act, would tell that act."""
        with recorded("core.act.refused"):
            answer = desk.post("statistics", {"month": month}, client=regional)
        assert answer.json()["code"] == "month-not-over"

    @pytest.mark.parametrize("month", ["2026-13", "2026-1", "November", "1999-12"])
    def test_asks_for_calendar_months_only(self, desk, regional, month):
        answer = desk.post("statistics", {"month": month}, client=regional)
        assert answer.json()["code"] == "bad-frame"


class TestIntegrity:
    def test_is_read_without_leaving_a_trace(self, desk, recorded):
        desk.bench.record(3)
        desk.sequence()
        with recorded():
            found = desk.get("integrity").json()
        acts = found["logs"][0]
        assert acts["size"] == acts["published"]
        assert (acts["level"], acts["reasons"]) == ("amber", ["no-witnesses"])

    def test_is_amber_once_an_act_has_waited_for_a_minute(self, desk):
        desk.sequence()
        desk.bench.record(1)
        desk.bench.wait(1.1)
        found = desk.get("integrity", client=desk.sit(desk.auditor)).json()
        assert "waits" in found["logs"][0]["reasons"]
