"""Telling open sockets, once the change is committed. Frames carry ids only."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from casehub.core.doorbell import ring


def group_of(account: str) -> str:
    """Return the channel-layer group of one account's sockets."""
    return f"account.{account}"


def session_ended(account: str, session: str) -> None:
    """
    Tell the account's sockets that a session is over.

    Only a doorbell: a socket that misses it finds out at its next look at the session row.
    """
    ring(group_of(account), {"type": "session.ended", "session": session})


def account_closed(person: str) -> None:
    """
    Have everyone told who worked with this person: their browsers encrypt to them no more.

    Who that is, cases know: they are above this app and named in the settings, as for `actor_for`.
    """
    tell = import_string(settings.CASEHUB_FAREWELL)
    tell(person)
