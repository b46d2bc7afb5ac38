"""How often somebody is told by e-mail."""

from __future__ import annotations

from typing import Final

NEVER: Final = "never"
DAILY: Final = "daily"
WEEKDAYS: Final = "weekdays"  # Monday to Friday
