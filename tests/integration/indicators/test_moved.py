"""Requests that central authorities moved, in the rows that are reckoned by moves."""

from __future__ import annotations

from uuid import uuid4

import pytest

from requests_mla import services
from tests.integration.indicators.test_indicators import Office
from tests.integration.requests_mla.conftest import Draft, equipped
from tests.integration.requests_mla.moving import USUAL, Mover, official


@pytest.fixture
def office(desk, page):
    return Office(desk)


@pytest.fixture
def refused(office, small_rulebook):
    """Five requests of El Salvador that Mexico acknowledged, asked about and refused."""
    region = office.region
    ana, bea = equipped(region), equipped(region, "SV", "coordinator")
    home, abroad = official(region, "SV"), official(region, "MX")
    for who in (ana, bea):
        region.session(who)
    case = region.case(ana, bea, equipped(region, "MX"))
    acting = {"actor": ana.actor, "now": region.now}
    for _ in range(5):
        asked = {"case": case, "people": [bea.id], "requested_state": "MX"}
        draft = Draft(services.open_request(client_id=uuid4(), **asked, **acting), region.now)
        draft.take(ana)
        draft.save(ana)
        draft.attest(ana, ready=True)
        mover = Mover(draft.id, region.now)
        whose = {"authorise": bea, "transmit": home, "give-information": home}
        steps = ("authorise", "transmit", "acknowledge", "ask-information", "give-information")
        for act in (*steps, "refuse"):
            mover.move(whose.get(act, abroad), act, **USUAL.get(act, {}))


class TestWhatWasMoved:
    def test_is_counted_by_what_was_signed_and_no_row_is_left_unrecorded(self, office, refused):
        found = office.read().json()
        assert found["unrecorded"] == []
        rows = {row["code"]: row for row in (*found["counts"], *found["times"])}
        assert rows["corridors"]["cells"] == {"SV-MX": 5}
        assert rows["urgent"]["cells"]["ordinary"] == 5
        assert rows["first-time-right"]["cells"]["asked"] == 5
        assert rows["asked"]["cells"]["1"] == 5
        assert rows["refusals"]["cells"] == {"R05": 5}
        assert rows["acknowledgement"]["groups"][0]["count"] == 5
