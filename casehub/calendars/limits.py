"""Years that are counted in, lengths of terms, and when somebody is reminded of one."""

from __future__ import annotations

FIRST_YEAR, LAST_YEAR = 2000, 2099  # of the library's calendars those that all eleven States have
LONGEST = 400  # days of one term
REMIND = (7, 3, 1)  # days before the last one
