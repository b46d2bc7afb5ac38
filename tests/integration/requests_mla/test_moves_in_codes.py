"""What a step says in one code of some: refused where it lacks, and told in the log and the record."""

from __future__ import annotations

import pytest

from audit import queries as log
from requests_mla import queries
from requests_mla.errors import MoveIncomplete

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
