"""How much the server keeps of attachments; how often a message is urgent."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from casehub.core.pieces import GIB

DAY: Final = timedelta(hours=24)
DAY_BYTES: Final = 8 * GIB
"""What one person may begin to upload in any 24 hours: three of the largest files."""

CASE_BYTES: Final = 64 * GIB
"""What all attachments of one case may have together."""

MOST_UPLOADS: Final = 16
"""Uploads that one person may have begun and not finished."""

UPLOAD_LASTS: Final = timedelta(days=7)
"""How long an upload waits to go on; then its pieces are destroyed."""

OPENING_LASTS: Final = timedelta(hours=12)
"""How long a device may fetch the pieces of a file that it has opened: as a session lasts."""

STATES_AT_ONCE: Final = 200
"""Threads whose states stand in one answer: some 100 KB."""

URGENT_A_DAY: Final = 5
"""Messages that one person may call urgent in any 24 hours, in all threads together."""
