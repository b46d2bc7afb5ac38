"""
E-mail as it leaves: what its headers say, how the mail server is met, where the demo keeps it.

Headers name the site and nothing of the machine: a Message-ID or a greeting by the host's own name
would tell every mailbox on the way how the place is built inside.
"""

from __future__ import annotations

import contextlib
import functools
import os
import smtplib
import socket
import threading
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.filebased import EmailBackend as Folder
from django.core.mail.backends.smtp import EmailBackend as Smtp

from . import limits
from .letters import Letter, subject_of, text_of

OFF, REFUSED, SILENT = "off", "refused", "silent"
PUTS_OFF = range(400, 500)  # RFC 5321 4.2.1: transient, the client is to come back
REFUSES = range(500, 600)
MOST_HEARD = 64 * 1024  # bytes, of one conversation: its answers are a line each


class Relay(Smtp):
    """The mail server of the environment, greeted by the site's name."""

    @property
    def connection_class(self) -> Any:
        """What connects."""
        return functools.partial(_connect, super().connection_class)


class _Listening:
    """What a mail server says, counted: before TLS it is anybody's word who stands on the way."""

    def __init__(self, file: Any) -> None:
        self._file, self._left = file, MOST_HEARD

    def readline(self, most: int) -> bytes:
        line: bytes = self._file.readline(most)
        self._left -= len(line)
        if self._left < 0:
            raise OSError("the mail server says too much")
        return line

    def close(self) -> None:
        self._file.close()


class _Bounded(smtplib.SMTP):
    """
    A conversation that ends: a time limit of each answer alone lets one drip on for ever.

    The round of the clock waits for it, and what the round does for everybody's safety with it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.file: Any = None
        self._limit = threading.Timer(limits.SECONDS_OF_MAIL, self._hang_up)
        self._limit.daemon = True
        self._limit.start()
        try:
            super().__init__(*args, **kwargs)
        except BaseException:
            self._limit.cancel()
            raise

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError, AttributeError):  # not connected, or gone
            self.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = _Listening(self.sock.makefile("rb"))  # type: ignore[union-attr]
        return super().getreply()

    def close(self) -> None:
        self._limit.cancel()
        super().close()


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """The same under TLS from the first byte."""


def _connect(kind: type[smtplib.SMTP], *args: Any, **kwargs: Any) -> smtplib.SMTP:
    bounded = _BoundedTls if issubclass(kind, smtplib.SMTP_SSL) else _Bounded
    return bounded(*args, **{**kwargs, "local_hostname": settings.MAIL_NAME})


def is_over(connection: BaseEmailBackend) -> bool:
    """Return whether the mail server has ended the conversation: nothing more is claimed for it."""
    line = getattr(connection, "connection", None)
    return isinstance(line, smtplib.SMTP) and line.sock is None


class Kept(Folder):
    """The demo's folder, for its owner's eyes: an e-mail bears an address."""

    def open(self) -> bool:
        """Begin a file; say whether it is a new one."""
        fresh = bool(super().open())
        if fresh:
            os.fchmod(self.stream.fileno(), 0o600)
        return fresh


def reach() -> BaseEmailBackend:
    """
    Return a way to send e-mail, open.

    :raises OSError: if the mail server cannot be reached.
    :raises smtplib.SMTPException: if it does not let us in.
    """
    connection = get_connection()
    if isinstance(connection, Smtp):
        connection.open()
    return connection


def send(letter: Letter, connection: BaseEmailBackend) -> str | None:
    """
    Hand one e-mail to the mail server and return why it did not take it, or None.

    `off` and `refused` are its own words; after `silent` nobody knows, and the connection is of no
    more use.
    """
    try:
        connection.send_messages([message_of(letter)])
    except smtplib.SMTPRecipientsRefused as error:
        return _said(next(iter(error.recipients.values()))[0])
    except smtplib.SMTPResponseException as error:
        return _said(error.smtp_code)
    except (OSError, ValueError):  # SMTPException is an OSError
        return SILENT
    return None


def _said(code: int) -> str:
    if code in PUTS_OFF:
        return OFF
    return REFUSED if code in REFUSES else SILENT


def message_of(letter: Letter) -> EmailMessage:
    """
    Return the e-mail as it goes out.

    No copy, no reply, no picture, no tracking. List-Unsubscribe (RFC 2369) leads to the site, where
    one signs in; it turns nothing off by itself, or whoever forwards the e-mail would hand it on.
    """
    site = settings.ORIGINS[0]
    return EmailMessage(
        subject=subject_of(letter.language),
        body=text_of(letter.counts, letter.language, site=site),
        from_email=settings.MAIL_FROM,
        to=[letter.address],
        headers={
            "Message-ID": f"<{uuid4().hex}@{settings.MAIL_NAME}>",
            "Auto-Submitted": "auto-generated",  # RFC 3834: no robot answers it
            "Precedence": "bulk",
            "List-Unsubscribe": f"<{site}/>",
            "Content-Language": letter.language,
        },
    )
