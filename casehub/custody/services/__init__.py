"""Writing to exports for a court, each act with its event."""

from .asking import ask_export
from .deciding import agree_to_export, refuse_export
from .making import make_export

__all__ = ["agree_to_export", "ask_export", "make_export", "refuse_export"]
