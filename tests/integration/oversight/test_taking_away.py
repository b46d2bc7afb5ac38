"""What an auditor takes away: the same bytes each time, up to what others have cosigned."""

from __future__ import annotations

import csv
import io
import json

import pytest

from audit import commitments, services
from audit.models import LogEntry
from audit.queries import payloads_of
from audit.tlog.text import from_b64, to_b64
from casehub.oversight import limits
from casehub.oversight.queries import entries
from tests.integration.oversight.made import called, wish_of


class TestAnExport:
    @pytest.mark.parametrize("form", ["csv", "jsonl"])
    def test_has_the_same_bytes_whenever_the_checkpoint_is_the_same(self, desk, form, monkeypatch):
        ana = desk.region.equipped("SV")
        desk.region.case(ana)
        desk.bench.record(7)
        desk.sequence()
        asked = {"acts": ["cases", "core"]}
        made, first = desk.exported(desk.ask(**asked)["query"], form)
        monkeypatch.setattr(limits, "CHUNK", 3)
        again, second = desk.exported(desk.ask(**asked)["query"], form)
        assert first == second
        assert (made["size"], made["count"]) == (again["size"], again["count"])
        assert made["count"] == 8
        assert made["name"] == f"acts-2026-SV-{made['size']}.{form}"

    def test_comes_with_the_key_that_finds_the_state_s_entries_among_the_public_ones(self, desk):
        ana, luis = desk.region.equipped("SV"), desk.region.equipped("MX")
        desk.region.case(ana)
        desk.region.case(luis)
        desk.sequence()
        erased = LogEntry.objects.filter(event__kind="cases.case.opened").first()
        services.erase(
            origin=erased.log.origin,
            position=erased.position,
            ground="Art. 16",
            actor="root",
            now=desk.region.now,
        )
        desk.sequence()
        made, text = desk.exported(desk.ask()["query"], "jsonl")
        key = from_b64(made["tag_key"])
        own = {
            row.position
            for row in LogEntry.objects.filter(log__name="acts", position__lt=made["size"])
            if (leaf := json.loads(bytes(row.leaf)))["k"] == "event"
            and to_b64(commitments.tag_of(from_b64(leaf["c"]), key)) in leaf["g"]
        }
        shown = {json.loads(line)["position"] for line in text.splitlines()}
        assert own == shown
        assert erased.position in own
        assert 0 < len(own) < made["size"]

    def test_is_an_act_that_stands_in_the_log_before_the_first_byte(self, desk, recorded):
        desk.sequence()
        query = desk.ask()["query"]
        with recorded("oversight.log.exported"):
            made = desk.post(f"queries/{query}/exports", {"format": "csv"}).json()
        with recorded():
            desk.get(f"exports/{made['export']}/pieces")
        (said,) = payloads_of("oversight.log.exported")
        assert said["payload"]["query"] == query
        assert (said["payload"]["size"], said["payload"]["count"]) == (
            made["size"],
            made["count"],
        )

    def test_holds_what_the_act_said_and_no_name(self, desk):
        ana = desk.region.equipped("SV")
        case = desk.region.case(ana)
        desk.sequence()
        _, text = desk.exported(desk.ask(acts=["cases"])["query"], "jsonl")
        (line,) = [json.loads(one) for one in text.splitlines()]
        assert line["actor"] == called(ana, "SV", desk.region.now)
        assert line["fields"]["reference"] == ["SV-2026-0001"]
        assert str(case) not in text
        assert ana.person not in text

    def test_holds_pseudonyms_even_while_a_name_is_known(self, desk):
        ana = desk.region.equipped("SV")
        desk.region.case(ana)
        desk.sequence()
        query = desk.ask(acts=["cases"])["query"]
        _, before = desk.exported(query, "csv")
        wish = wish_of(desk.region, ana)
        assert desk.post(f"unmaskings/{wish}/agree").status_code == 200
        shown = desk.get(f"queries/{query}/entries").json()["entries"][0]
        assert shown["actor"]["name"] == "Persona Ficticia"
        _, after = desk.exported(query, "csv")
        assert "Persona Ficticia" not in after
        assert after == before

    def test_ends_where_nobody_has_cosigned_yet(self, desk):
        desk.bench.record(2)
        desk.sequence()
        desk.bench.record(3)
        sequencer = desk.bench.sequencer(passing=_stop_before_signing)
        with pytest.raises(Stop):
            sequencer.tick()
        query = desk.ask(outcome="refused")
        assert query["count"] == 5
        made, text = desk.exported(query["query"], "jsonl")
        assert made["count"] == 2 == len(text.splitlines())

    def test_holds_what_its_query_had_found_and_nothing_that_came_after(self, desk):
        desk.bench.record(2)
        desk.sequence()
        query = desk.ask(outcome="refused")
        desk.bench.record(3)
        desk.sequence()
        made, text = desk.exported(query["query"], "jsonl")
        assert query["count"] == made["count"] == len(text.splitlines()) == 2

    def test_is_named_after_its_log_state_filter_and_size(self, desk):
        ana = desk.region.equipped("SV")
        desk.region.case(ana)
        desk.sequence()
        made, _ = desk.exported(desk.ask()["query"], "csv")
        assert made["name"] == f"{made['log']}-SV-{made['size']}.csv"
        asked = {"case": "SV-2026-0001", "since": "2026-11-01", "until": "2026-11-30"}
        made, _ = desk.exported(desk.ask(**asked)["query"], "jsonl")
        chosen = "SV-2026-0001-2026-11-01-2026-11-30"
        assert made["name"] == f"{made['log']}-SV-{chosen}-{made['size']}.jsonl"

    def test_waits_for_the_first_cosignature(self, desk):
        query = desk.ask()["query"]
        answer = desk.post(f"queries/{query}/exports", {"format": "csv"})
        assert (answer.status_code, answer.json()["code"]) == (409, "nothing-cosigned")

    def test_is_a_table_that_a_spreadsheet_takes_for_text(self, desk):
        ana = desk.region.equipped("SV")
        desk.region.case(ana)
        desk.sequence()
        _, text = desk.exported(desk.ask(acts=["cases"])["query"], "csv")
        assert text.startswith("\ufeff")  # or "ñ" becomes something else there
        head, line = csv.reader(io.StringIO(text[1:], newline=""))
        assert tuple(head) == entries.CSV_HEAD
        assert dict(zip(head, line, strict=True))["about"] == "SV-2026-0001"

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x"])
    def test_makes_no_formula_of_what_stands_in_it(self, text):
        assert entries._cell(text) == f"'{text}"

    def test_of_somebody_else_is_not_there(self, desk):
        desk.sequence()
        query = desk.ask()["query"]
        made = desk.post(f"queries/{query}/exports", {"format": "csv"}).json()
        other = desk.sit(desk.region.person("SV", "national-auditor"))
        answer = desk.get(f"exports/{made['export']}/pieces", client=other)
        assert answer.json()["code"] == "not-found"


class Stop(Exception):
    """The sequencer is stopped here."""


def _stop_before_signing(step):
    if step == "read again":
        raise Stop


class TestAKeptFilter:
    def test_comes_back_as_it_was_and_goes_when_it_is_given_up(self, desk, recorded):
        kept = {"acts": ["cases"], "since": "2026-11-01", "outcome": "refused"}
        with recorded("oversight.view.saved"):
            (view,) = desk.post("views", {"filter": kept}).json()
        assert {key: value for key, value in view["filter"].items() if value} == kept
        assert desk.get("views").json() == [view]
        with recorded("oversight.view.removed"):
            assert desk.client.delete(f"/api/oversight/views/{view['id']}").json() == []

    def test_is_its_owner_s_alone(self, desk):
        desk.post("views", {"filter": {}})
        other = desk.sit(desk.region.person("SV", "national-auditor"))
        assert desk.get("views", client=other).json() == []

    def test_has_an_end(self, desk, monkeypatch):
        monkeypatch.setattr(limits, "VIEWS", 1)
        desk.post("views", {"filter": {}})
        answer = desk.post("views", {"filter": {}})
        assert answer.json()["code"] == "views-full"
