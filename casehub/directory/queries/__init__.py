"""Reading the directory."""

from .chains import as_signed, chain_about, roots, statements_about
from .devices import active_devices, device_request, device_requests, devices_of, own_device
from .people import (
    actor_behind,
    card,
    card_of,
    people_for,
    people_with,
    state_codes,
    states,
)

__all__ = [
    "active_devices",
    "actor_behind",
    "as_signed",
    "card",
    "card_of",
    "chain_about",
    "device_request",
    "device_requests",
    "devices_of",
    "own_device",
    "people_for",
    "people_with",
    "roots",
    "state_codes",
    "statements_about",
    "states",
]
