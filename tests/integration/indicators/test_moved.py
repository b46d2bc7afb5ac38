"""Requests that central authorities moved, in the rows that are reckoned by moves."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from requests_mla import services
from tests.integration.audit.test_command import audit as audit_command
from tests.integration.indicators.test_indicators import QUARTER, Office, reckoned
from tests.integration.requests_mla.conftest import Draft, equipped
from tests.integration.requests_mla.consulting import answer, ask
from tests.integration.requests_mla.moving import USUAL, Mover, official


@pytest.fixture
def office(desk, page):
    return Office(desk)


@pytest.fixture
def refused(office, small_rulebook):
    """Five requests that Mexico was consulted about, acknowledged, asked about and refused."""
    region = office.region
    ana, bea = equipped(region), equipped(region, "SV", "coordinator")
    home, abroad = official(region, "SV"), official(region, "MX")
    for who in (ana, bea):
        region.session(who)
    focal = equipped(region, "MX")
    case = region.case(ana, bea, focal)
    acting = {"actor": ana.actor, "now": region.now}
    for _ in range(5):
        asked = {"case": case, "people": [bea.id], "requested_state": "MX"}
        draft = Draft(services.open_request(client_id=uuid4(), **asked, **acting), region.now)
        draft.take(ana)
        draft.save(ana)
        draft.attest(ana)
        consulted(draft, ana, focal, later=timedelta(hours=3))
        draft.attest(ana, ready=True)
        mover = Mover(draft.id, region.now)
        whose = {"authorise": bea, "transmit": home, "give-information": home}
        steps = ("authorise", "transmit", "acknowledge", "ask-information", "give-information")
        for act in (*steps, "refuse"):
            mover.move(whose.get(act, abroad), act, **USUAL.get(act, {}))


def consulted(draft, asker, focal, *, later):
    """Have somebody ask a focal point about a draft, who answers so much later."""
    asked = ask(draft.id, asker, focal, now=draft.now)
    answer(asked, focal, now=draft.now + later)


class TestWhatWasMoved:
    def test_is_counted_by_what_was_signed_and_no_row_is_left_unrecorded(
        self, office, refused, tmp_path
    ):
        found = office.read().json()
        assert found["unrecorded"] == []
        rows = {row["code"]: row for row in (*found["counts"], *found["times"])}
        assert rows["corridors"]["cells"] == {"SV-MX": 5}
        assert rows["urgent"]["cells"]["ordinary"] == 5
        assert rows["first-time-right"]["cells"]["asked"] == 5
        assert rows["asked"]["cells"]["1"] == 5
        assert rows["refusals"]["cells"] == {"R05": 5}
        assert rows["acknowledgement"]["groups"][0]["count"] == 5
        assert rows["consultations"]["cells"]["in-time"] == 5
        assert rows["after-consulting"]["cells"]["formal"] == 5
        answers = {"count": 5, "median": 3 * 3_600, "ninth": None}
        everyone, of_measure = rows["first-answer"]["groups"]
        assert (everyone, of_measure) == (
            {"name": "", **answers},
            {"name": "bank_records", **answers},
        )
        file = tmp_path / "acts.zip"
        audit_command("export", file, "--log", "acts-2026", "--by", "operator")
        again, _ = reckoned("--from", file, "--quarter", QUARTER, "--state", "SV")
        assert {row["code"]: row for row in (*again["counts"], *again["times"])} == rows

    def test_is_counted_of_the_state_that_it_was_sent_to_from_its_own_part_of_the_log(
        self, office, refused, tmp_path
    ):
        """It has no event of how a request was begun, nor one of its draft."""
        found = office.read(office.sit("MX", "national-auditor")).json()
        rows = {row["code"]: row for row in (*found["counts"], *found["times"])}
        assert rows["received:urgent"]["cells"] == {"urgent": 0, "ordinary": 5}
        assert rows["received:corridors"]["cells"] == {"SV-MX": 5}
        assert rows["received:first-time-right"]["cells"]["asked"] == 5
        assert rows["received:asked"]["cells"]["1"] == 5
        assert rows["received:refusals"]["cells"] == {"R05": 5}
        groups = rows["received:acknowledgement"]["groups"]
        assert [(one["name"], one["count"]) for one in groups] == [("", 5), ("bank_records", 5)]
        assert rows["urgent"]["whole"] == 0
        file = tmp_path / "acts.zip"
        audit_command("export", file, "--log", "acts-2026", "--state", "MX", "--by", "operator")
        again, _ = reckoned("--from", file, "--quarter", QUARTER, "--state", "MX")
        told = {row["code"]: row for row in (*again["counts"], *again["times"])}
        # Whoever sat down to read was entered after the export.
        assert {**told, "directory": rows["directory"]} == rows
