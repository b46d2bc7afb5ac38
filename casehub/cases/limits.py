"""How long each step of opening a case to a State may take (pure)."""

from __future__ import annotations

from datetime import timedelta

JOINING_LASTS = timedelta(days=7)  # from the proposal to the acceptance
OBJECTION = timedelta(hours=1)  # for States that are in, from the consent on
TOLD = timedelta(days=7)  # so long those for whom it waited see that it lapsed
