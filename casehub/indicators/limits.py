"""Sizes and times of the indicators."""

from __future__ import annotations

from datetime import timedelta

LEAST = 5  # lives in a cell that is told, and behind a median
NINTH_LEAST = 10  # behind a 90th percentile: of fewer it would be the slowest one's own time
FRESH = timedelta(days=180)  # since an entry of the directory was confirmed
SETTLES = timedelta(days=1)  # after a quarter's end: so late an act may enter the log
QUARTERS = 8  # that can be asked for, the running one among them
