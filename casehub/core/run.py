"""Running a service: role check, one writer on SQLite, and a trace of every refusal."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, connection, transaction

import audit.services
from audit.events import ActRefused, Event, ProofAsked
from audit.promises import Promise, promise

from . import metrics, roles
from .actor import Actor
from .errors import DomainError, Refused
from .storage import storing

Result = TypeVar("Result")
_writer = threading.Lock()
# With this an act is not refused: it waits until its person has proven anew who they are.
PROOF_FIRST = "step-up-needed"
_ID = re.compile(r"[A-Za-z0-9#._:-]{0,64}")


@contextmanager
def one_writer() -> Iterator[None]:
    """
    On SQLite let one thread write at a time.

    SQLite itself would let the others poll with growing pauses, and the unlucky wait for
    seconds; a lock hands over at once. PostgreSQL needs none.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with _writer:
        yield


def run(
    service: Callable[..., Result],
    *,
    act: str,
    actor: Actor,
    now: datetime,
    target: str = "",
    promised: list[Promise] | None = None,
    **kwargs: Any,
) -> Result:
    """
    Call `service` for `actor`, and log a refusal in a transaction of its own.

    `target` is the id that a refusal names; the service never sees it. `promised` gets the log's
    promise for the event that the act's row names, once it is committed: whoever is promised
    another kind takes it for a swapped act. What else an act leaves (sessions that end with it, a
    signed statement that it completes) is not the caller's own act.

    Of two callers that race for one row (a group's start, a State's next number, a retry that
    overtakes its first try) the database refuses the second; called once more, the service sees
    the winner and answers by it.

    :raises DomainError: whatever the service or the roles table refuses with; `log-stalled`,
        `storage-full` or `try-again` if nothing can be stored. Those leave no trace in the log:
        there is no room for it, or too much waits there already.
    """
    kinds = roles.row_of(act).event
    with metrics.timed(act), storing(), audit.services.collecting(kinds) as written:
        try:
            roles.require(act, actor)
            try:
                with one_writer():
                    result = service(actor=actor, now=now, **kwargs)
            except IntegrityError:
                written.clear()
                result = _once_more(service, actor=actor, now=now, **kwargs)
        except DomainError as error:
            record_refusal(act=act, code=error.code, target=target, actor=actor, now=now)
            raise
    if promised is not None:
        made = (promise(event=event, leaf=leaf, at=now) for event, leaf in written.items())
        promised.extend(one for one in made if one is not None)
    return result


def _once_more(service: Callable[..., Result], **kwargs: Any) -> Result:
    try:
        with one_writer():
            return service(**kwargs)
    except IntegrityError as error:
        raise Refused("try-again") from error


def record_refusal(*, act: str, code: str, target: str, actor: Actor, now: datetime) -> None:
    """
    Log that `actor` was refused: the transaction of the act itself has rolled back.

    `target` came with the request: what does not look like an id of ours is not repeated, for the
    log is read, and words that somebody typed have no place in it. That a fresh proof was asked for
    is an event of another kind: who gives it is not counted among those who were refused.
    """
    named = target if _ID.fullmatch(target) else ""
    event: Event = ActRefused(states=(actor.state,), act=act, code=code, target=named)
    if code == PROOF_FIRST:
        event = ProofAsked(states=(actor.state,), act=act, target=named)
    with one_writer(), transaction.atomic():
        audit.services.record(event, actor=actor.id, at=now)
