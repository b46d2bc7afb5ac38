"""What a long run leaves is told as a slope."""

from __future__ import annotations

import threading

import pytest

from bench.soak import Noted, every, slope, slopes


@pytest.mark.parametrize(
    ("points", "rise"),
    [
        pytest.param([(0, 3), (1, 3), (2, 3)], 0, id="flat"),
        pytest.param([(0, 1), (1, 3), (2, 5)], 2, id="a line"),
        pytest.param([(0, 0), (1, 3), (2, 0)], 0, id="a bump in the middle"),
        pytest.param([(4, 7)], 0, id="one point says nothing"),
    ],
)
def test_a_slope_is_that_of_the_nearest_line(points, rise):
    assert slope(points) == pytest.approx(rise)


def test_what_comes_before_the_first_quarter_is_warming_up():
    notes = [Noted(5_000 * n, {"web MiB": 200 if n else 100}) for n in range(4)]
    assert slopes(notes) == {"web MiB": 0.0}


def test_a_rise_is_told_for_ten_thousand_messages():
    notes = [Noted(5_000 * n, {"web MiB": 100 + n}) for n in range(8)]
    assert slopes(notes) == {"web MiB": pytest.approx(2)}


def test_what_goes_wrong_beside_the_run_ends_it_with_its_reason():
    failed = threading.Event()

    def work():
        failed.set()
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"), every(0.001, work):
        assert failed.wait(5)
