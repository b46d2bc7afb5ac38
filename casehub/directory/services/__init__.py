"""Every write of this app: one function per act."""

from .devices import register_device, select_device
from .entering import enter_office, enter_person, enter_state, enter_statement

__all__ = [
    "enter_office",
    "enter_person",
    "enter_state",
    "enter_statement",
    "register_device",
    "select_device",
]
