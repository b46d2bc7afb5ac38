"""What auditors do: look, take away, keep, and ask to know a name."""

from .bundling import export_bundle
from .keeping import remove_view, save_view
from .querying import ask_log, export_log, open_entry, read_statistics
from .telling import agree_to_deferral, ask_deferral, confirm_notice, refuse_deferral
from .unmasking import agree_to_unmasking, ask_unmasking, refuse_unmasking

__all__ = [
    "agree_to_deferral",
    "agree_to_unmasking",
    "ask_deferral",
    "ask_log",
    "ask_unmasking",
    "confirm_notice",
    "export_bundle",
    "export_log",
    "open_entry",
    "read_statistics",
    "refuse_deferral",
    "refuse_unmasking",
    "remove_view",
    "save_view",
]
