"""Times of devices, and of whoever's designation is over."""

from __future__ import annotations

from datetime import timedelta

ASK_LASTS = timedelta(minutes=15)
READING = timedelta(days=7)  # after a designation, of what one's own cases say
READ_CASES = ("liaison", "coordinator")  # the roles that have cases: others have nothing to read
PUBLIC_MINISTRY = "public-ministry"  # the agency that proposes: its answer is no other's
ANSWER_SHOWN = timedelta(minutes=15)  # after it, whoever asked has heard
