"""Reading the directory."""

from .cards import (
    card_of,
    figures_for,
    opened_card,
    people_for,
    person_for,
)
from .chains import as_signed, statements_about, statements_for
from .devices import active_devices, device_request, device_requests, devices_of, own_device
from .notices import notice, notices_for, told_of_notices
from .offices import contact_for, instruments, offices_for, own_competence, own_office
from .people import actor_behind, own_person, people_with, state_codes, states
from .replaying import MOST, chain, log_page, roots, why_not

__all__ = [
    "MOST",
    "active_devices",
    "actor_behind",
    "as_signed",
    "card_of",
    "chain",
    "contact_for",
    "device_request",
    "device_requests",
    "devices_of",
    "figures_for",
    "instruments",
    "log_page",
    "notice",
    "notices_for",
    "offices_for",
    "opened_card",
    "own_competence",
    "own_device",
    "own_office",
    "own_person",
    "people_for",
    "people_with",
    "person_for",
    "roots",
    "state_codes",
    "statements_about",
    "statements_for",
    "states",
    "told_of_notices",
    "why_not",
]
