"""Reading the log: its events, its trees as they are served, and all of it again to check it."""

from .events import fields_of, kinds_since, last_id, payload_of, payloads_of
from .standing import standing

__all__ = ["fields_of", "kinds_since", "last_id", "payload_of", "payloads_of", "standing"]
