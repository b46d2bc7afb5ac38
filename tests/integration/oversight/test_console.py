"""The auditor's console: their State's acts, each look an act itself."""

from __future__ import annotations

import json

import pytest

from audit import services as log
from audit.queries import payloads_of
from casehub.oversight import limits
from tests.integration.oversight.made import called


class TestAQuery:
    def test_finds_the_acts_that_concern_the_own_state_the_newest_first(self, desk):
        ana, luis = desk.region.equipped("SV"), desk.region.equipped("MX")
        desk.region.case(luis)
        desk.region.case(ana, luis)
        desk.sequence()
        answer = desk.ask(acts=["cases"])
        assert [row["kind"] for row in answer["entries"]] == [
            "cases.person.added",
            "cases.state.accepted",
            "cases.state.consented",
            "cases.state.proposed",
            "cases.case.opened",
        ]
        newest = answer["entries"][0]
        assert newest["actor"]["pseudonym"] == called(ana, "SV", desk.region.now)
        assert newest["actor"]["state"] == "SV"
        assert newest["actor"]["name"] is None
        assert newest["subject"] == {
            "sort": "case",
            "text": "SV-2026-0001",
            "person": None,
        }
        assert newest["proof"] == "cosigned"
        assert answer["count"] == 5

    def test_names_nobody(self, desk):
        ana = desk.region.equipped("SV")
        desk.region.case(ana)
        desk.sequence()
        answer = desk.post("queries", {})
        assert "Persona Ficticia" not in answer.content.decode()
        for id_ in (ana.person, ana.account, str(ana.device)):
            assert id_ not in answer.content.decode()

    def test_is_an_act_that_stands_in_the_log_before_the_answer(self, desk, recorded):
        desk.sequence()
        with recorded("oversight.log.queried"):
            answer = desk.ask(acts=["cases"], outcome="done", since="2026-11-01")
        (said,) = payloads_of("oversight.log.queried")
        assert said["states"] == ["SV"]
        assert said["payload"]["query"] == answer["query"]
        assert said["payload"]["acts"] == ["cases"]
        assert said["payload"]["since"] == "2026-11-01"
        desk.sequence()
        assert desk.kinds(acts=["oversight"]) == ["oversight.log.queried"]

    def test_is_one_act_however_many_pages_are_read(self, desk, recorded):
        desk.bench.record(limits.PAGE * 2 + 5)
        desk.sequence()
        found = desk.ask(outcome="refused")
        with recorded():
            second = desk.get(f"queries/{found['query']}/entries", after=found["next"]).json()
            third = desk.get(f"queries/{found['query']}/entries", after=second["next"]).json()
        rows = [*found["entries"], *second["entries"], *third["entries"]]
        assert third["next"] is None
        places = [row["position"] for row in rows]
        assert places == sorted(set(places), reverse=True)
        assert len(places) == limits.PAGE * 2 + 5

    def test_stays_what_it_was_while_more_happens(self, desk):
        desk.bench.record(limits.PAGE + 1)
        desk.sequence()
        found = desk.ask(outcome="refused")
        desk.bench.record(10)
        desk.sequence()
        rest = desk.get(f"queries/{found['query']}/entries", after=found["next"]).json()
        assert len(rest["entries"]) == 1
        again = desk.get(f"queries/{found['query']}/entries").json()
        assert again["entries"] == found["entries"]

    @pytest.mark.parametrize("cursor", ["1", "a-b", "1-2-3", "9" * 40 + "-1"])
    def test_refuses_a_cursor_that_is_none_of_ours(self, desk, cursor):
        desk.sequence()
        query = desk.ask()["query"]
        answer = desk.get(f"queries/{query}/entries", after=cursor)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad-frame")

    def test_is_over_after_a_day_s_work(self, desk, clock):
        desk.sequence()
        query = desk.ask()["query"]
        desk.move(clock, limits.QUERY_LASTS)
        answer = desk.get(f"queries/{query}/entries")
        assert answer.json()["code"] == "not-found"


class TestAFilter:
    @pytest.fixture
    def acts(self, desk):
        """Ana reads her case twice and another once; Beto is refused."""
        region = desk.region
        self.ana, self.beto = region.equipped("SV"), region.equipped("SV")
        case, other = region.case(self.ana, self.beto), region.case(self.ana)
        ana, beto = desk.sit(self.ana), desk.sit(self.beto)
        for one in (case, case, other):
            assert ana.get(f"/api/cases/{one}").status_code == 200
        assert beto.get(f"/api/cases/{other}").status_code == 404
        self.thread = region.thread(self.ana, self.beto, case=case)
        desk.sequence()

    def test_by_act(self, desk, acts):
        assert desk.kinds(acts=["cases.case.read"]) == ["cases.case.read"] * 3

    def test_by_outcome(self, desk, acts):
        assert desk.kinds(outcome="refused") == ["core.act.refused"]
        assert "core.act.refused" not in desk.kinds(outcome="done")

    def test_by_case_with_its_threads_and_what_was_refused_on_it(self, desk, acts):
        assert desk.kinds(case="SV-2026-0001") == [
            "cases.thread.opened",
            "cases.case.read",
            "cases.case.read",
            "cases.person.added",
            "cases.case.opened",
        ]
        assert desk.kinds(case="SV-2026-0002") == [
            "core.act.refused",
            "cases.case.read",
            "cases.case.opened",
        ]
        assert desk.kinds(case="SV-2026-0099") == []

    def test_by_person(self, desk, acts):
        beto = called(self.beto, "SV", desk.region.now)
        assert desk.kinds(person=beto, acts=["core", "cases"]) == ["core.act.refused"]
        assert desk.ask(person="P-00000000") | {"query": ""} == {
            "query": "",
            "entries": [],
            "next": None,
            "count": 0,
            "most": limits.COUNTED,
            "unknown": True,
            "unknown_case": False,
        }

    def test_by_a_case_that_does_not_concern_the_state_as_by_none(self, desk, acts):
        foreign = desk.region.case(desk.region.equipped("MX"))
        assert desk.sit(self.ana).get(f"/api/cases/{foreign}").status_code == 404
        desk.sequence()
        answers = [desk.ask(case=case) | {"query": ""} for case in ("MX-2026-0001", "MX-2026-0099")]
        assert answers[0] == answers[1]
        assert (answers[0]["count"], answers[0]["unknown_case"]) == (0, True)
        assert desk.ask(case="SV-2026-0001")["unknown_case"] is False

    def test_not_by_a_period_that_ends_before_it_begins(self, desk, recorded):
        desk.sequence()
        body = {"since": "2026-11-25", "until": "2026-11-24"}
        with recorded("core.act.refused"):
            answer = desk.post("queries", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "period-inverted")
        assert desk.ask(since="2026-11-24", until="2026-11-24")["count"] > 0

    def test_by_person_stays_in_the_quarter_of_the_pseudonym(self, desk, acts, clock):
        before = called(self.ana, "SV", desk.region.now)
        desk.move(clock, limits.FIGURES)
        desk.region.case(self.ana)
        desk.sequence()
        after = called(self.ana, "SV", desk.region.now)
        assert before != after
        assert desk.kinds(person=after, acts=["cases"]) == ["cases.case.opened"]
        assert len(desk.kinds(person=before, acts=["cases.case"])) == 5

    def test_by_office(self, desk, acts):
        (office,) = desk.get("offices").json()
        assert "cases.case.opened" in desk.kinds(office=office["id"])
        foreign = desk.region.person("MX")
        assert foreign
        (other,) = desk.get("offices").json()
        assert other == office

    def test_by_days_of_the_capital_both_included(self, desk, acts):
        assert desk.kinds(since="2026-11-24", until="2026-11-24", acts=["cases.case.opened"])
        assert desk.kinds(since="2026-11-25", acts=["cases"]) == []
        assert desk.kinds(until="2026-11-23", acts=["cases"]) == []

    @pytest.mark.parametrize(
        "asked",
        [
            {"acts": ["Cases"]},
            {"person": "Ana"},
            {"case": "SV-1"},
            {"since": "0001-01-01"},
            {"until": "9999-12-31"},
            {"outcome": "maybe"},
            {"colour": "red"},
        ],
    )
    def test_that_is_none_is_refused(self, desk, asked):
        assert desk.post("queries", asked).json()["code"] == "bad-frame"


class TestAnEntry:
    def test_opens_to_who_what_when_why_and_its_proof(self, desk, recorded):
        ana = desk.region.equipped("SV")
        case = desk.region.case(ana)
        desk.sequence()
        (row,) = desk.ask(acts=["cases"])["entries"]
        with recorded("oversight.entry.opened"):
            entry = desk.post(f"entries/{row['log']}/{row['position']}/open").json()
        assert entry["states"] == ["SV"]
        fields = {one["name"]: [v["text"] for v in one["values"]] for one in entry["fields"]}
        assert fields["reference"] == ["SV-2026-0001"]
        assert fields["case"] == ["SV-2026-0001"]
        assert str(case) not in json.dumps(entry)
        assert entry["proof_text"].startswith("c2sp.org/tlog-proof@v1")
        assert [step["step"] for step in entry["chain"]] == [
            "entered",
            "designated",
            "bound",
            "devices",
            "cases",
        ]
        assert [step["count"] for step in entry["chain"]] == [1, 3, 1, 1, 1]
        assert all(step["position"] is not None for step in entry["chain"][1:4])

    def test_of_another_state_alone_is_not_there(self, desk):
        luis = desk.region.equipped("MX")
        desk.region.case(luis)
        desk.sequence()
        mexican = desk.sit(desk.region.person("MX", "national-auditor"))
        found = desk.post("queries", {"acts": ["cases"]}, client=mexican).json()
        (row,) = found["entries"]
        answer = desk.post(f"entries/{row['log']}/{row['position']}/open")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")

    def test_that_was_erased_keeps_place_and_proof_and_nothing_else(self, desk):
        ana = desk.region.equipped("SV")
        desk.region.case(ana)
        desk.sequence()
        (row,) = desk.ask(acts=["cases"])["entries"]
        log.erase(
            origin=f"audit.localhost/{row['log'][-4:]}",
            position=row["position"],
            ground="Art. 16",
            actor="root",
            now=desk.region.now,
        )
        desk.sequence()
        assert desk.kinds(acts=["cases"]) == []
        assert desk.kinds(person=called(ana, "SV", desk.region.now), acts=["cases"]) == []
        entry = desk.post(f"entries/{row['log']}/{row['position']}/open").json()
        assert (entry["outcome"], entry["kind"], entry["actor"]) == ("erased", "", None)
        assert entry["fields"] == []
        assert entry["proof_text"]
