"""
One checker for what has to hold after every fault: `verify_world` returns what does not.

It knows nothing of servers: `seen` is what was read of the database, of the log and of clients, and
`reading` reads it. So each of its rules is broken on purpose in tests/unit/faults.
"""

from __future__ import annotations

from .keeping import acts_and_events, log_whole, nothing_leaks, provable, resources, silence
from .messages import answered, decrypted, delivered, halves, order, refetched, same_order
from .rights import entitled, legal_moves
from .seen import Violation, World

RULES = (
    delivered,
    answered,
    order,
    same_order,
    halves,
    decrypted,
    acts_and_events,
    refetched,
    log_whole,
    provable,
    nothing_leaks,
    legal_moves,
    entitled,
    resources,
    silence,
)


def verify_world(world: World) -> list[Violation]:
    """Return every violation of I1 to I14, by number, with what and where."""
    return [found for rule in RULES for found in rule(world)]


__all__ = ["RULES", "Violation", "World", "verify_world"]
