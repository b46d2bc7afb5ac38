"""How long the log may take until others can check what was done; then alarms, then refusals."""

from __future__ import annotations

from datetime import timedelta

# From an act to its place in a tree, and from there to the log's signature: a second is normal.
PLACED_LATE = timedelta(seconds=60)
# From an act to a checkpoint that a quorum has cosigned: ten seconds are normal.
PUBLISHED_LATE = timedelta(minutes=10)
# Beyond this nobody outside could tell what was done from what was made up later.
STALLED = timedelta(hours=24)
# A witness that nobody has heard for so long has either ended or lost its way to us.
WITNESS_LATE = timedelta(hours=1)
WITNESS_GONE = timedelta(hours=24)
