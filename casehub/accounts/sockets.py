"""Who may open a socket: a live full session, its fresh ticket, and nothing less."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.conf import settings

from casehub.core.actor import Actor
from casehub.core.errors import SignInNeeded
from casehub.core.run import one_writer

from . import queries, services
from .network import network_heard
from .services.lives import SEEN_EVERY

TICKET = "ticket."


def caller_of(scope: Mapping[str, Any]) -> str:
    """Return the network a socket comes from, as rates count it."""
    client = scope.get("client") or ("",)
    forwarded = [v for name, v in scope.get("headers", ()) if name == b"x-forwarded-for"]
    return network_heard(str(client[0]), forwarded)


def _cookie(scope: Mapping[str, Any]) -> str:
    raw = [value for name, value in scope.get("headers", ()) if name == b"cookie"]
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(b"; ".join(raw).decode("latin-1"))
    except CookieError:
        return ""
    found = jar.get(settings.SESSION_COOKIE_NAME)
    return found.value if found else ""


def admit(scope: Mapping[str, Any], *, now: datetime) -> Actor:
    """
    Return who opens this socket.

    The second factor is asked of the session row here, by ourselves: no HTTP middleware runs for
    sockets. The ticket travels as the subprotocol `ticket.<token>`, never in an address.

    :raises SignInNeeded: without a live full session and its own unused ticket.
    """
    live = queries.live_session(_cookie(scope), now)
    actor = queries.actor_of(live)
    tickets = [p[len(TICKET) :] for p in scope.get("subprotocols", ()) if p.startswith(TICKET)]
    if live is None or actor is None or len(tickets) != 1:
        raise SignInNeeded
    if actor.state_stopped or actor.enrolling:
        raise SignInNeeded
    if not services.redeem_ticket(ticket=tickets[0], session=live.id, now=now):
        raise SignInNeeded
    return actor


def live_among(sessions: Collection[str], now: datetime) -> dict[str, str]:
    """Return those of `sessions` (row ids) that count now, each with its account's id."""
    return queries.live_accounts(sessions, now)


class Seen:
    """
    Notes that one socket's session is used, and asks the database only when that can change it.

    For 30 s after a note of this socket's own another one would write nothing, whoever asks. So
    a person who writes a lot costs one statement in that time, and not one a message.
    """

    def __init__(self, session: str) -> None:
        self._session = session
        self._noted: datetime | None = None
        self._asking = False

    def begin(self, now: datetime) -> bool:
        """Return whether a note at this moment could write anything, and is not under way."""
        due = self._noted is None or now - self._noted >= SEEN_EVERY
        begun = due and not self._asking
        self._asking = self._asking or begun
        return begun

    def note(self, *, now: datetime) -> None:
        """Note a use; on SQLite in turn with all who write, who would else make each other poll."""
        try:
            with one_writer():
                if services.touch(session=self._session, now=now):
                    self._noted = now
        finally:
            self._asking = False
