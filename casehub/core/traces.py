"""
Spans of this process's work, for whoever runs it: nowhere, unless `casehub.edge.tracing` began.

They name acts, codes and counts and nothing else: no id, no person, no address, no path, no SQL,
nothing of what an error says. A trace begins here: none that a caller names is taken up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from django.db import connections
from django.db.backends.signals import connection_created

_tracer: Any = None  # OpenTelemetry's, which is not installed where nobody is told
Fact = str | int | float


@dataclass(slots=True)
class Span:
    """What is being done; `say` tells a fact of it. Where nobody is told it does nothing."""

    _told: Any = None
    queries: int = 0
    seconds: float = 0.0

    def name(self, name: str) -> None:
        """Call it by what it turned out to be."""
        if self._told is not None:
            self._told.update_name(name)

    def say(self, **facts: Fact) -> None:
        """Tell facts under their names (`a__b` for `a.b`); `outcome` and `code` are ours."""
        if self._told is None:
            return
        for name, fact in facts.items():
            ours = "" if "__" in name else "casehub."
            self._told.set_attribute(ours + name.replace("__", "."), fact)


NOBODY: Final = Span()
_current: ContextVar[Span | None] = ContextVar("casehub_span", default=None)


def on() -> bool:
    """Return whether anybody is told."""
    return _tracer is not None


@contextmanager
def span(name: str, **facts: Fact) -> Iterator[Span]:
    """Tell how long something took and what it asked of the database; what it raises goes on."""
    if _tracer is None:
        yield NOBODY
        return
    with _tracer.start_as_current_span(
        name,
        # What an error says may be what somebody typed.
        record_exception=False,
        set_status_on_exception=False,
    ) as told:
        made, around = Span(told), _current.get()
        mark = _current.set(made)
        try:
            made.say(**facts)
            yield made
        finally:
            _current.reset(mark)
            if made.queries:
                made.say(db__queries=made.queries, db__seconds=made.seconds)
            if around is not None:
                around.queries += made.queries
                around.seconds += made.seconds


def steps(name: str, *, last: str) -> Callable[[str], None]:
    """
    Return what hears each step of a work that comes round, and tells one span from first to `last`.

    It begins with the step that comes when none is open, or that comes again: what a failure cut
    off is told as far as it came.
    """
    open_: list[Any] = []
    passed: set[str] = set()

    def end() -> None:
        for one in open_:
            one.end()
        open_.clear()
        passed.clear()

    def hear(step: str) -> None:
        if step in passed:
            end()
        if _tracer is None:
            return
        if not open_:
            open_.append(_tracer.start_span(name))
        passed.add(step)
        open_[0].add_event(step)
        if step == last:
            end()

    return hear


def counting(
    execute: Callable[..., Any],
    sql: str,
    params: Any,
    many: bool,  # noqa: FBT001 - so Django calls it
    context: dict[str, Any],
) -> Any:
    """Django's wrapper around each statement: count it, and its seconds, for the span it is of."""
    made = _current.get()
    if made is None:
        return execute(sql, params, many, context)
    begun = time.monotonic()
    try:
        return execute(sql, params, many, context)
    finally:
        made.queries += 1
        made.seconds += time.monotonic() - begun


def _count(connection: Any, **_: object) -> None:
    if counting not in connection.execute_wrappers:
        connection.execute_wrappers.append(counting)


def begin(tracer: Any) -> None:
    """Tell an OpenTelemetry tracer from now on, of every connection to the database too."""
    global _tracer  # noqa: PLW0603 - one process tells one collector
    _tracer = tracer
    connection_created.connect(_count, dispatch_uid="casehub.core.traces")
    for one in connections.all(initialized_only=True):
        _count(one)


def end() -> None:
    """Tell nobody any more."""
    global _tracer  # noqa: PLW0603
    _tracer = None
    connection_created.disconnect(dispatch_uid="casehub.core.traces")
    for one in connections.all(initialized_only=True):
        if counting in one.execute_wrappers:
            one.execute_wrappers.remove(counting)
