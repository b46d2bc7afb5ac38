"""
What the round of the clock does for the daily e-mail.

The mail server is met before anybody's e-mail is claimed: while it cannot be reached nothing is
lost, and the day's e-mails go later that day. Each is claimed in a transaction of its own, and sent
outside of it. A process that dies in between leaves one of which nobody knows whether it went: that
is noted, and it is not sent again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError

from casehub.core.errors import DomainError
from casehub.core.run import one_writer

from . import limits, mailing, queries, services
from .models import Mail

log = logging.getLogger("casehub.digests")


class _Post:
    """What this process knows of the mail server."""

    closed_until: datetime | None = None


def look_again() -> None:
    """Forget that the mail server could not be reached."""
    _Post.closed_until = None


def sweep(now: datetime) -> int:
    """Send the e-mails that are due and return how many the mail server took."""
    for mail in queries.unheard(now):
        _once(services.note_failure, mail=mail, why=mailing.SILENT, now=now)
    if not settings.MAIL_ABLE or (_Post.closed_until is not None and now < _Post.closed_until):
        return 0
    people = queries.due(now, most=limits.MOST)
    return _send(people, now) if people else 0


def _send(people: list[UUID], now: datetime) -> int:
    try:
        connection = mailing.reach()
    except (OSError, ValueError):
        _leave_alone(now)
        return 0
    sent, until = 0, time.monotonic() + limits.SECONDS
    try:
        for person in people:
            if time.monotonic() > until:
                break
            why = _send_one(person, connection, now)
            sent += why == ""
            if why == mailing.SILENT:
                _leave_alone(now)
                break
            if mailing.is_over(connection):  # so many a conversation; the others go with the next
                break
    finally:
        _close(connection)
    return sent


def _send_one(person: UUID, connection: BaseEmailBackend, now: datetime) -> str | None:
    """Return an empty text if an e-mail went, why it did not, or None if there is none to send."""
    letter = _once(services.hand_mail, person=person, now=now)
    if letter is None:
        return None
    why = mailing.send(letter, connection)
    if why is None:
        with one_writer():  # a signal: that it was handed over is the act
            Mail.objects.filter(id=letter.mail).update(accepted_at=now)
        return ""
    _once(services.note_failure, mail=UUID(letter.mail), why=why, now=now)
    return why


def _leave_alone(now: datetime) -> None:
    # Not the error itself: a mail server's answer may repeat the address.
    log.warning("the mail server could not be used; it is left alone for %s", limits.PAUSE)
    _Post.closed_until = now + limits.PAUSE


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except OSError:
        log.info("the mail server closed first")


def _once(service: Callable[..., Any], **kwargs: Any) -> Any:
    try:
        with one_writer():
            return service(**kwargs)
    except (DatabaseError, DomainError):  # another process was there first, or the log stands
        log.warning("%s could not be done now", service.__name__, exc_info=True)
        return None
