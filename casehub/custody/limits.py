"""How much one export for a court may hold, and how long each step of it waits (pure)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

MOST_ENTRIES: Final = 1000  # of a thread's log, in one export
LASTS: Final = timedelta(hours=72)  # from the wish to the consent, and from there to the export
CLOCKS: Final = timedelta(minutes=10)  # between a device's clock and ours
MOST_BOX: Final = 12 * 1024  # bytes of the sealed wish
MOST_KEY: Final = 128  # bytes of its key, sealed to one device
MOST_DEVICES: Final = 64  # that it is sealed to
LISTED: Final = 100  # in one answer, the newest
