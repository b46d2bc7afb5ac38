"""What a step says in one code of some: refused where it lacks, told in the log and the record."""

from __future__ import annotations

import pytest

from audit import queries as log
from casehub.core.errors import Refused
from requests_mla import queries
from requests_mla.errors import MoveIncomplete
from requests_mla.models import Request
from tests.integration.requests_mla.test_moves import RUNS, SENT

pytestmark = pytest.mark.django_db
BANDS = {"codes": ("useful",), "keep_until": "2031-11-24", "assets": ("frozen-2",)}


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

    def test_is_closed_with_bands_of_value_where_it_was_about_assets(self, led, ana, recorded):
        Request.objects.update(disclosed=about(led(*RUNS, "execute"), "bank_records"))
        with recorded(), pytest.raises(Refused, match="move-without-assets"):
            led().move(ana, "close", **BANDS)
        Request.objects.update(disclosed=about(led(), "freeze_assets"))
        led().move(ana, "close", **BANDS)
        (*_, event) = log.payloads_of("requests.move.made")
        assert event["payload"]["said"] == [
            "keep_until:2031-11-24",
            "assets:frozen-2",
            "codes:useful",
        ]

    @pytest.mark.parametrize(
        ("acts", "code"),
        [
            (("authorise", "withdraw"), "useful"),
            ((*RUNS, "execute"), "nothing-received"),
            ((*SENT, "withdraw"), "nothing-received"),
        ],
    )
    def test_is_closed_with_no_bands_of_value_where_nothing_came(
        self, led, ana, recorded, acts, code
    ):
        ready = led(*acts)
        Request.objects.update(disclosed=about(ready, "freeze_assets"))
        said = BANDS | {"codes": (code,)}
        with recorded(), pytest.raises(Refused, match="move-without-assets"):
            ready.move(ana, "close", **said)
        ready.move(ana, "close", **(said | {"assets": ()}))
        assert ready.stage == "closed"


def about(ready, *types):
    """Return a request's facts as if it asked for these measures and a service."""
    return ready.row.disclosed | {"measures": [*types, "service"]}
