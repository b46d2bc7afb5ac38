"""Times of devices."""

from __future__ import annotations

from datetime import timedelta

ASK_LASTS = timedelta(minutes=15)
ANSWER_SHOWN = timedelta(minutes=15)  # after it, whoever asked has heard
