"""
Every write of this app: one function per act.

`open_session`, `accept_password`, `take_ceremony`, `keep_ceremony`, `touch`, `issue_ticket`,
`redeem_ticket`, `bind_device` and `forget_unlock_shares` are no acts of their own (steps before a
sign-in, signals, or part of another app's act) and leave no event; `retire_account` is a part of
another app's act, and leaves the event of a closed account.
"""

from .accounts import close_account, open_account, retire_account, set_factor_policy
from .factors import add_passkey, enrol_passkey, make_recovery_codes, remove_passkey
from .kit import accept_rules, give_backup, keep_backup, make_kit, prove_kit
from .lives import (
    bind_device,
    end_all_sessions,
    end_device_sessions,
    end_expired_sessions,
    end_other_sessions,
    end_own_session,
    end_session,
    sign_out,
    touch,
)
from .sign_in import (
    accept_password,
    complete_sign_in,
    keep_ceremony,
    open_session,
    refuse_sign_in,
    renew_sign_in,
    take_ceremony,
)
from .tickets import forget_unlock_shares, give_unlock_share, issue_ticket, redeem_ticket
from .totp import Offer, confirm_totp, enrol_totp, offer_totp

__all__ = [
    "Offer",
    "accept_password",
    "accept_rules",
    "add_passkey",
    "bind_device",
    "close_account",
    "complete_sign_in",
    "confirm_totp",
    "end_all_sessions",
    "end_device_sessions",
    "end_expired_sessions",
    "end_other_sessions",
    "end_own_session",
    "end_session",
    "enrol_passkey",
    "enrol_totp",
    "forget_unlock_shares",
    "give_backup",
    "give_unlock_share",
    "issue_ticket",
    "keep_backup",
    "keep_ceremony",
    "make_kit",
    "make_recovery_codes",
    "offer_totp",
    "open_account",
    "open_session",
    "prove_kit",
    "redeem_ticket",
    "refuse_sign_in",
    "remove_passkey",
    "renew_sign_in",
    "retire_account",
    "set_factor_policy",
    "sign_out",
    "take_ceremony",
    "touch",
]
