"""
Who is told of this process's spans: a collector of OpenTelemetry's, on a network of one's own.

The library is not installed where nobody is told (requirements/traces.txt). Spans wait in a bounded
queue and go in a thread of their own: a collector that is slow or away holds up no act, and what
does not fit is dropped.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.core.management.base import CommandError

from casehub.core import traces

# Of one export, and of all that wait where a process stops: it waits no longer for its collector.
SECONDS: Final = 5


def _provider(role: str) -> tuple[Any, Any]:
    """Return the library's provider, and its exporter."""
    # Only here: it is installed where CASEHUB_TRACES is set.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio  # noqa: PLC0415

    made = TracerProvider(
        # Not `Resource.create`, which adds what it finds out about the machine.
        resource=Resource({"service.name": f"casehub-{role}"}),
        sampler=ParentBasedTraceIdRatio(settings.TRACES_SHARE / 100),
        shutdown_on_exit=False,
    )
    exporter = OTLPSpanExporter(endpoint=settings.TRACES, timeout=SECONDS)
    made.add_span_processor(BatchSpanProcessor(exporter, export_timeout_millis=SECONDS * 1000))
    return made, exporter


def _stop(provider: Any, exporter: Any) -> None:
    """Tell what waits, and give up the rest: the library itself takes the time for each batch."""
    last = threading.Thread(target=provider.shutdown, name="traces", daemon=True)
    last.start()
    last.join(SECONDS)
    if last.is_alive():
        exporter.shutdown()  # the call that waits ends with it, and none follows
        last.join(1)


@contextmanager
def traced(role: str) -> Iterator[None]:
    """
    Tell this process's spans meanwhile, if CASEHUB_TRACES says whom.

    :raises CommandError: if the library is not installed.
    """
    if not settings.TRACES:
        yield
        return
    try:
        provider, exporter = _provider(role)
    except ImportError as error:
        raise CommandError(
            "CASEHUB_TRACES is set, and OpenTelemetry is not installed: "
            "pip install --require-hashes -r requirements/traces.txt"
        ) from error
    traces.begin(provider.get_tracer("casehub"))
    try:
        yield
    finally:
        traces.end()
        _stop(provider, exporter)
