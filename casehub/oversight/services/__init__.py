"""What auditors do: look, take away, keep, and ask to know a name."""

from .bundling import export_bundle
from .keeping import remove_view, save_view
from .pairing import (
    agree_to_pair_view,
    ask_pair_view,
    give_pair_consent,
    read_pair,
    refuse_pair_view,
    withdraw_pair_consent,
)
from .querying import ask_log, export_log, open_entry, read_statistics
from .telling import agree_to_deferral, ask_deferral, confirm_notice, refuse_deferral
from .unmasking import agree_to_unmasking, ask_unmasking, refuse_unmasking

__all__ = [
    "agree_to_deferral",
    "agree_to_pair_view",
    "agree_to_unmasking",
    "ask_deferral",
    "ask_log",
    "ask_pair_view",
    "ask_unmasking",
    "confirm_notice",
    "export_bundle",
    "export_log",
    "give_pair_consent",
    "open_entry",
    "read_pair",
    "read_statistics",
    "refuse_deferral",
    "refuse_pair_view",
    "refuse_unmasking",
    "remove_view",
    "save_view",
    "withdraw_pair_consent",
]
