"""Reading the directory."""

from .cards import (
    card_of,
    figures_for,
    opened_card,
    people_for,
    person_for,
)
from .devices import active_devices, device_request, device_requests, devices_of, own_device
from .notices import notice, notices_for, told_of_notices
from .offices import contact_for, instruments, offices_for, own_competence, own_office
from .people import actor_behind, own_person, people_with, state_codes, states, why_nobody
from .replaying import MOST, as_signed, chain, fields_of, keys_of, log_page, roots, why_not
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
    "MOST",
    "acting_among",
    "acting_persons",
    "active_devices",
    "actor_behind",
    "as_signed",
    "card_of",
    "chain",
    "contact_for",
    "counts",
    "device_request",
    "device_requests",
    "device_to_stop",
    "devices_of",
    "devices_of_person",
    "fields_of",
    "figures_for",
    "instruments",
    "keys_of",
    "log_page",
    "notice",
    "notices_for",
    "offices_for",
    "opened_card",
    "own_competence",
    "own_device",
    "own_office",
    "own_person",
    "own_stop",
    "people_for",
    "people_with",
    "person_for",
    "person_to_stop",
    "roots",
    "state_codes",
    "state_stop_shape",
    "state_to_stop",
    "states",
    "stop_of_state",
    "stops_of",
    "told_of_notices",
    "why_nobody",
    "why_not",
]
