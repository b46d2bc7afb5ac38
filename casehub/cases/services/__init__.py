"""Writing to case files, each act with its event."""

from .erasing import erase_case
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
from .holding import agree_to_lift, ask_lift, hold_note, place_hold, refuse_lift
from .joining import (
    accept_joining,
    consent_to_joining,
    object_to_joining,
    propose_state,
    refuse_joining,
    withdraw_joining,
)
from .keeping import (
    agree_to_shorter,
    close_case,
    keep_longer,
    propose_shorter,
    refuse_shorter,
    reopen_case,
)

__all__ = [
    "accept_joining",
    "add_person",
    "add_reader",
    "agree_to_lift",
    "agree_to_shorter",
    "ask_lift",
    "close_case",
    "consent_to_joining",
    "erase_case",
    "hold_note",
    "keep_longer",
    "object_to_joining",
    "open_case",
    "open_contact",
    "open_thread",
    "place_hold",
    "propose_shorter",
    "propose_state",
    "read_case",
    "refuse_joining",
    "refuse_lift",
    "refuse_shorter",
    "remove_person",
    "remove_reader",
    "reopen_case",
    "withdraw_joining",
]
