"""Every write of this app: one function per act."""

from .devices import register_device, select_device
from .entering import enter_office, enter_person, enter_state, enter_statement
from .notices import acknowledge_notice, give

__all__ = [
    "acknowledge_notice",
    "enter_office",
    "enter_person",
    "enter_state",
    "enter_statement",
    "give",
    "register_device",
    "select_device",
]
