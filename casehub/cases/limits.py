"""How long the steps of opening a case to a State may take, and those of keeping one (pure)."""

from __future__ import annotations

from datetime import timedelta

JOINING_LASTS = timedelta(days=7)  # from the proposal to the acceptance
OBJECTION = timedelta(hours=1)  # for States that are in, from the consent on
TOLD = timedelta(days=7)  # so long those for whom it waited see that it lapsed

SECOND_HAND = timedelta(hours=72)  # in which the second hand under lifting or shortening is given
NOTICE = timedelta(hours=72)  # that stay at least once something has brought the deletion nearer
ERASE_MOST = 5  # cases in one round of the clock; the rest is the next one's
