"""Every write of this app: one function per act, by people or by the clock."""

from .adopting import adopt_term
from .approving import approve, nominate
from .binding import bind, reinstate
from .drafting import (
    Draft,
    answer_consultation,
    ask_consultation,
    change_designation,
    close_consultation,
    draft_designation,
    reject_designation,
    renew_designation,
    withdraw_consultation,
)
from .enrolling import enrol, make_code, offer_key
from .lapsing import end_reading, lapse_consultation, lapse_designation, remind_of_end
from .officers import enter_from_ceremony, invite_officer, invite_officer_again
from .quiet import take_quiet_step
from .regional import (
    admit_regional,
    dismiss_regional,
    invite_regional,
    invite_regional_again,
)
from .rounds import take_turn
from .standing import confirm_standing, miss_standing

__all__ = [
    "Draft",
    "admit_regional",
    "adopt_term",
    "answer_consultation",
    "approve",
    "ask_consultation",
    "bind",
    "change_designation",
    "close_consultation",
    "confirm_standing",
    "dismiss_regional",
    "draft_designation",
    "end_reading",
    "enrol",
    "enter_from_ceremony",
    "invite_officer",
    "invite_officer_again",
    "invite_regional",
    "invite_regional_again",
    "lapse_consultation",
    "lapse_designation",
    "make_code",
    "miss_standing",
    "nominate",
    "offer_key",
    "reinstate",
    "reject_designation",
    "remind_of_end",
    "renew_designation",
    "take_quiet_step",
    "take_turn",
    "withdraw_consultation",
]
