"""Writing about the daily e-mail, each act with its event."""

from .choosing import change_setting
from .sending import hand_mail, note_failure

__all__ = ["change_setting", "hand_mail", "note_failure"]
