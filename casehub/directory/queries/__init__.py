"""Reading the directory."""

from .people import (
    active_devices,
    actor_behind,
    card,
    card_of,
    devices_of,
    own_device,
    people_for,
    people_with,
    state_codes,
    states,
)
from .replaying import MOST, chain, log_page, roots, why_not

__all__ = [
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
    "states",
    "why_not",
]
