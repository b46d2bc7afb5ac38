"""How much one note may ask of how many (pure)."""

from __future__ import annotations

MOST_PEOPLE = 20  # focal points of one State
