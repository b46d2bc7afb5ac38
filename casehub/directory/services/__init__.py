"""Every write of this app: one function per act."""

from .devices import register_device, select_device
from .entering import enter_office, enter_person, enter_state, enter_statement
from .state_stops import confirm_state_stop, lift_state, lift_unconfirmed, stop_state
from .stopping import remove_person, revoke_device, suspend_person

__all__ = [
    "confirm_state_stop",
    "enter_office",
    "enter_person",
    "enter_state",
    "enter_statement",
    "lift_state",
    "lift_unconfirmed",
    "register_device",
    "remove_person",
    "revoke_device",
    "select_device",
    "stop_state",
    "suspend_person",
]
