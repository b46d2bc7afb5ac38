"""What a step says in one code of some: refused where it lacks, told in the log and the record."""

from __future__ import annotations

import pytest

from audit import queries as log
from requests_mla import queries
from requests_mla.errors import MoveIncomplete
from requests_mla.models import Request
from tests.integration.requests_mla.test_moves import SENT

pytestmark = pytest.mark.django_db


class TestAStep:
    @pytest.mark.parametrize(("power", "done"), [("delegation", True), ("", False), ("own", False)])
    def test_is_authorised_by_a_power_that_is_named(self, ready, bea, power, done):
        if not done:
            with pytest.raises(MoveIncomplete) as refused:
                ready.move(bea, "authorise", power=power)
            assert refused.value.params == {"fields": ["power"]}
            return
        ready.move(bea, "authorise", power=power)
        (event,) = log.payloads_of("requests.move.made")
        assert event["payload"]["said"] == [f"power:{power}"]
        (shown,) = queries.dossier_shape_for(bea.actor, ready.request)["moves"]
        assert shown["said"]["power"] == power

    def test_is_closed_with_bands_of_value_where_it_was_about_assets(self, led, ana):
        ready = led(*SENT, "withdraw")
        said = {"codes": ("useful",), "keep_until": "2031-11-24", "assets": ("frozen-2",)}
        with pytest.raises(MoveIncomplete) as refused:
            ready.move(ana, "close", **said)
        assert refused.value.params == {"fields": ["assets"]}
        facts = ready.row.disclosed | {"measures": ["freeze_assets", "service"]}
        Request.objects.update(disclosed=facts)
        ready.move(ana, "close", **said)
        (*_, event) = log.payloads_of("requests.move.made")
        assert event["payload"]["said"] == [
            "keep_until:2031-11-24",
            "assets:frozen-2",
            "codes:useful",
        ]
