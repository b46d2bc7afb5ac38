"""Writing to first-line information, each act with its event."""

from .answering import acknowledge_note, decline_note, join_by_note, lead_by_note, use_note
from .sending import send_note

__all__ = [
    "acknowledge_note",
    "decline_note",
    "join_by_note",
    "lead_by_note",
    "send_note",
    "use_note",
]
