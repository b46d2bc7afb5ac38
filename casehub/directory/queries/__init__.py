"""Reading the directory."""

from .people import (
    MANY,
    active_devices,
    actor_behind,
    card,
    card_of,
    devices_of,
    own_device,
    people_for,
    people_with,
    state_codes,
    statements_about,
    states,
)
from .replaying import MOST, chain, log_page, roots, why_not

__all__ = [
    "MANY",
    "MOST",
    "active_devices",
    "actor_behind",
    "card",
    "card_of",
    "chain",
    "devices_of",
    "log_page",
    "own_device",
    "people_for",
    "people_with",
    "roots",
    "state_codes",
    "statements_about",
    "states",
    "why_not",
]
