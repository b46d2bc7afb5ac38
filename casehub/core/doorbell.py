"""
Doorbells: short notes to every process, after the commit, that there is something to look at.

They are never the truth and never needed: what they tell is found in the database by whoever
misses one. So a layer that hangs may hold nobody up. A call to it gets a moment; after one that was
not answered, nobody tries for a while. And no thread that has written waits for the server's loop
to ring: a loop that has just been stopped would never let it go, nor the lock in its hand.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, Final, Literal, TypeVar, get_args

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from . import metrics

log = logging.getLogger("casehub.layer")
Result = TypeVar("Result")
#  What somebody is told of by its id; what it is, their pages ask for under their own right.
Kind = Literal["consultation", "designation", "export", "joining", "notice", "request"]
KINDS: Final[frozenset[str]] = frozenset(get_args(Kind))
ANSWER = 1.0  # seconds that one call may take
QUIET = 2.0  # seconds without a try after a call that failed
_out_until = 0.0
_loop: asyncio.AbstractEventLoop | None = None
_nobody_listens = ContextVar("nobody listens", default=False)


class LayerOut(Exception):
    """The layer does not answer, or did not a moment ago."""


async def asked(call: Awaitable[Result]) -> Result:
    """
    Await one call to the layer, for a moment at most.

    :raises LayerOut: if it fails, takes longer, or was out a moment ago.
    """
    global _out_until  # noqa: PLW0603 - one layer a process, so one knowledge of how it is
    if time.monotonic() < _out_until:
        if asyncio.iscoroutine(call):
            call.close()
        raise LayerOut
    try:
        async with asyncio.timeout(ANSWER):
            return await call
    except Exception as error:
        _out_until = time.monotonic() + QUIET
        raise LayerOut from error


def try_again() -> None:
    """Forget that the layer was out."""
    global _out_until  # noqa: PLW0603 - as above
    _out_until = 0.0


async def _send(group: str, event: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        await asked(layer.group_send(group, event))
    except LayerOut:
        metrics.doorbells.labels("lost").inc()
        log.warning("a doorbell was lost")
    else:
        metrics.doorbells.labels("rung").inc()


def ring_from(loop: asyncio.AbstractEventLoop) -> None:
    """Let doorbells be rung by this loop, which serves this process until it is stopped."""
    global _loop  # noqa: PLW0603 - one server a process
    _loop = loop


def _ring(group: str, event: dict[str, Any]) -> None:
    if _loop is None:  # a command or a test, which has no server beside it
        async_to_sync(_send)(group, event)
    elif _loop.is_running():
        asyncio.run_coroutine_threadsafe(_send(group, event), _loop)


def ring(group: str, event: dict[str, Any]) -> None:
    """Send `event` to a layer group once the transaction has committed."""
    if _nobody_listens.get():
        return
    transaction.on_commit(partial(_ring, group, event), robust=True)


@contextmanager
def nobody_listens() -> Iterator[None]:
    """Ring nothing within: a region in the making has nobody to tell, and bells take longest."""
    token = _nobody_listens.set(True)
    try:
        yield
    finally:
        _nobody_listens.reset(token)


def tell(people: Iterable[object], kind: Kind, about: object) -> None:
    """Have these persons' open pages look at one thing again, by its id, after the commit."""
    for person in sorted({str(one) for one in people}):
        signal = {"type": kind, kind: str(about)}
        ring(f"person.{person}", {"type": "doorbell", "person": person, "signal": signal})
