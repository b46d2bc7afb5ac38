"""Why a ceremony stops."""

from __future__ import annotations


class CeremonyStopped(Exception):
    """What was given does not fit; the text says what to do, to the people in the room."""
