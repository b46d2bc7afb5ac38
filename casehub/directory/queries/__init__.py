"""Reading the directory."""

from .chains import chain_about, fields_of, keys_of, roots, statements_about
from .devices import active_devices, devices_of, own_device
from .people import (
    actor_behind,
    card,
    card_of,
    people_for,
    people_with,
    state_codes,
    states,
    why_nobody,
)
from .stops import (
    acting_among,
    acting_persons,
    counts,
    device_to_stop,
    devices_of_person,
    own_stop,
    person_to_stop,
    state_stop_shape,
    state_to_stop,
    stop_of_state,
    stops_of,
)

__all__ = [
    "acting_among",
    "acting_persons",
    "active_devices",
    "actor_behind",
    "card",
    "card_of",
    "chain_about",
    "counts",
    "device_to_stop",
    "devices_of",
    "devices_of_person",
    "fields_of",
    "keys_of",
    "own_device",
    "own_stop",
    "people_for",
    "people_with",
    "person_to_stop",
    "roots",
    "state_codes",
    "state_stop_shape",
    "state_to_stop",
    "statements_about",
    "states",
    "stop_of_state",
    "stops_of",
    "why_nobody",
]
