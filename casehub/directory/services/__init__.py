"""
Every write of this app: one function per act.

`keep_statement`, `remember_entry`, `give`, `held_person`, `hold_hands`, `end_access`,
`end_sessions`, `dismiss`, `void_access`, `stop_unused`, `begin_reinstating`, `end_stops`,
`begin_enrolling`, `let_go` and `succeed` are parts of the acts that call them.
"""

from .asking import ask_for_device, name_device, refuse_device
from .changing import change_hours, change_office, end_competence, enter_competence
from .contacts import change_contact, open_card, print_page
from .devices import register_device, renew_device, select_device
from .entering import enter_office, enter_person, enter_state, enter_statement
from .notices import acknowledge_notice, acknowledge_notices, give
from .state_stops import confirm_state_stop, lift_state, lift_unconfirmed, stop_state
from .stopping import (
    begin_reinstating,
    dismiss,
    end_access,
    end_sessions,
    end_stops,
    held_person,
    hold_hands,
    remove_person,
    revoke_device,
    stop_unused,
    suspend_person,
    void_access,
)
from .succeeding import begin_enrolling, let_go, succeed

__all__ = [
    "acknowledge_notice",
    "acknowledge_notices",
    "ask_for_device",
    "begin_enrolling",
    "begin_reinstating",
    "change_contact",
    "change_hours",
    "change_office",
    "confirm_state_stop",
    "dismiss",
    "end_access",
    "end_competence",
    "end_sessions",
    "end_stops",
    "enter_competence",
    "enter_office",
    "enter_person",
    "enter_state",
    "enter_statement",
    "give",
    "held_person",
    "hold_hands",
    "let_go",
    "lift_state",
    "lift_unconfirmed",
    "name_device",
    "open_card",
    "print_page",
    "refuse_device",
    "register_device",
    "remove_person",
    "renew_device",
    "revoke_device",
    "select_device",
    "stop_state",
    "stop_unused",
    "succeed",
    "suspend_person",
    "void_access",
]
