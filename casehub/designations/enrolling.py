"""From a code on paper to a full session: two calls around one service, for somebody unknown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from casehub.accounts import passkeys
from casehub.accounts import services as accounts
from casehub.accounts.queries import LiveSession
from casehub.core.errors import Refused
from casehub.core.rates import refusals
from casehub.core.run import one_writer

from . import services
from .queries import enrolling


def begin(*, code: str, now: datetime) -> tuple[dict[str, Any], dict[str, Any], str]:
    """
    Return the designation that a code is for, options for the browser, and the session's key.

    The code is not used up: whoever's browser fails may begin again. The session is a new one, so
    that nothing of whoever sat here before goes into somebody's first.

    :raises Refused: `enrolment-refused` for an unknown, used, void or old code; it is counted.
    """
    row = enrolling.code_row(code, now)
    if row is None:
        refusals.count("enrolment-refused", now)
        raise Refused("enrolment-refused")
    found = row.designation
    options, ceremony = passkeys.begin_enrolling(
        enrolling.username_of(found), shown=found.name, now=now
    )
    with one_writer():
        session, key = accounts.open_session(now=now)
        accounts.keep_ceremony(session=session, ceremony=ceremony | {"code": row.code_hash})
    return enrolling.invitation(found), options, key


def finish(
    *,
    code: str,
    name: str,
    credential: dict[str, Any],
    live: LiveSession | None,
    now: datetime,
) -> str:
    """
    Take the challenge, then enrol; return the key of a full session.

    :raises Refused: `enrolment-refused` (also without the session that was given the challenge),
        `passkey-refused`; each is counted.
    :raises SignInNeeded: if that session ended meanwhile.
    """
    try:
        return _enrol(code=code, name=name, credential=credential, live=live, now=now)
    except Refused as error:
        refusals.count(error.code, now)
        raise


def _enrol(
    *, code: str, name: str, credential: dict[str, Any], live: LiveSession | None, now: datetime
) -> str:
    if live is None:
        raise Refused("enrolment-refused")
    with one_writer():
        ceremony = accounts.take_ceremony(session=live.id)
    with one_writer():
        return services.enrol(
            code=code,
            ceremony=ceremony,
            credential=credential,
            name=name,
            session=live.id,
            now=now,
        )
