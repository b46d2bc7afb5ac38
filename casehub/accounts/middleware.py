"""Session cookie in, session cookie out, and who is calling."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin

from casehub.core.http import clock
from casehub.core.roles import row_of
from casehub.core.run import one_writer
from casehub.core.storage import NOT_STORED

from . import queries, services
from .models import Level
from .network import network_of
from .services.lives import SEEN_EVERY
from .sessions import SessionStore


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's, except that only a changed key sets the cookie, and it never carries an age."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Send the new key, or delete the cookie of a session that is over."""
        session = request.session
        if not isinstance(session, SessionStore):
            return response
        if session.cookie_changed and session.session_key is not None:
            response.set_cookie(
                settings.SESSION_COOKIE_NAME,
                session.session_key,
                path="/",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Strict",
            )
        elif session.cookie_dropped and settings.SESSION_COOKIE_NAME in request.COOKIES:
            # By hand: Django's delete_cookie adds no HttpOnly, and __Host- wants Secure.
            response.set_cookie(
                settings.SESSION_COOKIE_NAME,
                "",
                max_age=0,
                expires="Thu, 01 Jan 1970 00:00:00 GMT",
                path="/",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Strict",
            )
        patch_vary_headers(response, ("Cookie",))
        return response


class ActorMiddleware(MiddlewareMixin):
    """
    Say who calls: `live`, `level`, `actor` and `caller`; of who was stopped, `ended_by` what.

    All are worked out anew for every request, from rows: a closed account, an expired designation
    or an ended session counts from the next request on. A session over by the clock ends here.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Set the four attributes."""
        asked: Any = request
        now = clock()
        key = request.session.session_key
        live = queries.live_session(key, now) if key else None
        asked.ended_by = queries.cut_off(key) if key and live is None else None
        if key and live is None:
            over = queries.overdue(key, now)
            if over is not None:
                session, reason = over
                # On a full disk it is over all the same, and noted later.
                with suppress(*NOT_STORED), one_writer():
                    services.end_session(session=session, reason=reason, actor=None, now=now)
            # Whoever was stopped keeps it: it opens nothing, and tells them why, for a day.
            if asked.ended_by is None:
                asked.session.forget()
        actor = queries.actor_of(live)
        asked.live, asked.actor = live, actor
        asked.level = Level.ANONYMOUS.value if live is None else live.level
        if asked.level == Level.FULL and actor is None:
            asked.level = Level.ANONYMOUS.value
        asked.caller = network_of(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """
        Note that the person did something.

        An open page asks, fetches and renews by itself all day: only acts of a human count, and
        the signal by which the page tells of a hand on the keyboard.
        """
        live: queries.LiveSession | None = getattr(request, "live", None)
        act = getattr(request, "act", "")
        human = act != "" and row_of(act).human
        now = clock()
        if live is not None and human and now - live.last_seen_at >= SEEN_EVERY:
            with suppress(*NOT_STORED), one_writer():
                services.touch(session=live.id, now=now)
        return response
