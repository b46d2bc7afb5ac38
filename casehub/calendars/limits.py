"""Years that are counted in, and lengths of terms."""

from __future__ import annotations

FIRST_YEAR, LAST_YEAR = 2000, 2099  # of the library's calendars those that all eleven States have
LONGEST = 400  # days of one term
