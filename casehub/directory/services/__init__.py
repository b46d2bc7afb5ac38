"""
Every write of this app: one function per act.

`keep_statement` and `remember_entry` are parts of the acts that call them.
"""

from .asking import ask_for_device, name_device, refuse_device
from .changing import change_hours, change_office, end_competence, enter_competence
from .contacts import change_contact, open_card
from .devices import register_device, renew_device, select_device
from .entering import enter_office, enter_person, enter_state, enter_statement
from .notices import acknowledge_notice, give

__all__ = [
    "acknowledge_notice",
    "ask_for_device",
    "change_contact",
    "change_hours",
    "change_office",
    "end_competence",
    "enter_competence",
    "enter_office",
    "enter_person",
    "enter_state",
    "enter_statement",
    "give",
    "name_device",
    "open_card",
    "refuse_device",
    "register_device",
    "renew_device",
    "select_device",
]
