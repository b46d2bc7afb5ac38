"""
Whether a key leads back to a foreign ministry, by replaying the directory's log (pure).

root (pinned) -> officers -> designation -> binding -> device. Every statement is judged at its own
entry, by the officers and coordinators who were in force there; what ends later undoes nothing that
was given before, and what was stopped stays stopped until somebody entitled lifts it
(docs/adr/0017). The browser replays the same log with the same reasons
(frontend/src/verify/chain.ts); the shared vectors are tests/vectors/chain.json.
"""

from .records import Bound, DeviceOf, Entry, Officer
from .replay import Chain

__all__ = ["Bound", "Chain", "DeviceOf", "Entry", "Officer"]
