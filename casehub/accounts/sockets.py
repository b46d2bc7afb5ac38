"""Who may open a socket: a live full session, its fresh ticket, and nothing less."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.conf import settings

from casehub.core.actor import Actor
from casehub.core.errors import SignInNeeded

from . import queries, services
from .network import network_heard

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


def touch(session: str, *, now: datetime) -> None:
    """Note that a session is being used."""
    services.touch(session=session, now=now)
