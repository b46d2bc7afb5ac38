"""Writing to case files, each act with its event."""

from .files import (
    add_person,
    add_reader,
    open_case,
    open_contact,
    open_thread,
    read_case,
    remove_person,
    remove_reader,
)
from .joining import (
    accept_joining,
    consent_to_joining,
    object_to_joining,
    propose_state,
    refuse_joining,
    withdraw_joining,
)

__all__ = [
    "accept_joining",
    "add_person",
    "add_reader",
    "consent_to_joining",
    "object_to_joining",
    "open_case",
    "open_contact",
    "open_thread",
    "propose_state",
    "read_case",
    "refuse_joining",
    "remove_person",
    "remove_reader",
    "withdraw_joining",
]
