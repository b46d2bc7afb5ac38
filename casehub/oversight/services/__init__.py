"""What auditors do: look, take away, keep, and ask to know a name."""

from .bundling import export_bundle
from .keeping import remove_view, save_view
from .querying import ask_log, export_log, open_entry, read_statistics
from .unmasking import agree_to_unmasking, ask_unmasking, refuse_unmasking

__all__ = [
    "agree_to_unmasking",
    "ask_log",
    "ask_unmasking",
    "export_bundle",
    "export_log",
    "open_entry",
    "read_statistics",
    "refuse_unmasking",
    "remove_view",
    "save_view",
]
