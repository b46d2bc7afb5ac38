"""A signing clock that was put back: what is signed later is noted as no earlier."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audit.models import SignedCheckpoint
from tests.integration.audit.conftest import MAIN, log_named


@pytest.mark.parametrize("back", [timedelta(seconds=5), timedelta(hours=1), timedelta(days=1)])
def test_no_time_is_noted_before_the_last(bench, back):
    """Acts have the web's time: they would seem to be later than what has signed them."""
    one = bench.sequencer()
    for by in (timedelta(), -back, back + timedelta(seconds=1)):
        bench.record()
        bench.now += by
        assert one.tick() == 1
    held = SignedCheckpoint.objects.filter(log=log_named("acts-2026")).order_by("size")
    assert list(held.values_list("at", flat=True)) == [MAIN, MAIN, bench.now]
