"""Every write of this app: one function per act."""

from .asking import ask_for_device, name_device, refuse_device
from .devices import register_device, renew_device, select_device
from .entering import enter_office, enter_person, enter_state, enter_statement

__all__ = [
    "ask_for_device",
    "enter_office",
    "enter_person",
    "enter_state",
    "enter_statement",
    "name_device",
    "refuse_device",
    "register_device",
    "renew_device",
    "select_device",
]
