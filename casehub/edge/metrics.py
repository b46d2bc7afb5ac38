"""
The figures of a process and whether it lives, on a port that only its own network reaches.

A listener in a thread of its own: it answers while the server is busy, and is asked by nobody whom
the edge lets in.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from prometheus_client import make_wsgi_app
from prometheus_client.core import GaugeMetricFamily, Metric

from audit.queries.standing import standing
from audit.states import Finding
from casehub.core.metrics import REGISTRY

from . import readiness
from .alive import LIVES
from .server import EdgeServer
from .sockets import EdgeSocket


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name there
        """Log nothing: who asks is an address."""


class Standing:
    """What is not as it should be, by code, and how far the log is behind: looked up when asked."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._one = threading.Lock()  # as many as ask have threads, and one of them a connection

    def collect(self) -> Iterator[Metric]:
        """Look; without a database only that it is away is told."""
        found = GaugeMetricFamily(
            "casehub_findings", "What is not as it should be.", labels=["code", "level"]
        )
        with self._one:
            lacks, behind = self._look()
        for (code, level), count in Counter((one.code, one.level) for one in lacks).items():
            found.add_metric([code, level.value], count)
        yield found
        yield from behind

    def _look(self) -> tuple[list[Finding], list[Metric]]:
        lacks: list[Finding] = []
        try:
            lacks = readiness.findings(self._clock())
            return lacks, list(_behind()) if readiness.ready(lacks) else []
        except DatabaseError:
            return lacks, []
        finally:
            connection.close()


def _behind() -> Iterator[Metric]:
    """Tell how many events wait for their places, and how old the oldest is of what is not done."""
    state = standing()
    yield GaugeMetricFamily(
        "casehub_log_waiting", "Events that wait for their places.", state.waiting
    )
    for name, since in (
        ("unplaced", state.unplaced_since),
        ("unsigned", state.unsigned_since),
        ("unpublished", state.unpublished_since),
    ):
        age = 0.0 if since is None else max(0.0, (state.at - since).total_seconds())
        said = f"Age of the oldest event that is {name}."
        yield GaugeMetricFamily(f"casehub_log_{name}_seconds", said, age)


class Callers:
    """Who is connected, as numbers."""

    def __init__(self, server: EdgeServer) -> None:
        self._server = server

    def collect(self) -> Iterator[Metric]:
        """Count; another thread may be letting somebody in at this moment."""
        open_ = list(getattr(self._server, "connections", {}))
        sockets = sum(isinstance(one, EdgeSocket) for one in open_)
        yield GaugeMetricFamily("casehub_connections", "Connections and sockets.", len(open_))
        yield GaugeMetricFamily("casehub_sockets", "Open sockets.", sockets)


class Listener:
    """Answers /metrics and /healthz until it is stopped; `lives` says whether the work goes on."""

    def __init__(self, place: str, *, lives: Callable[[], bool]) -> None:
        host, _, port = place.rpartition(":")
        self._lives = lives
        self._figures: Any = make_wsgi_app(REGISTRY)
        self._server = make_server(
            host, int(port), self._answer, server_class=_Server, handler_class=_Silent
        )
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="metrics", daemon=True
        )

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            figures: Iterable[bytes] = self._figures(environ, start)
            return figures
        status = "404 Not Found"
        if path == LIVES:
            status = "200 OK" if self._lives() else "503 Service Unavailable"
        start(status, [("Content-Type", "text/plain"), ("Content-Length", "0")])
        return [b""]

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no longer."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def told(
    clock: Callable[[], datetime], *, lives: Callable[[], bool], server: EdgeServer | None = None
) -> Iterator[None]:
    """
    Tell this process's figures meanwhile, if CASEHUB_METRICS says where.

    :raises CommandError: if nobody can listen there.
    """
    if not settings.METRICS:
        yield
        return
    try:
        listener = Listener(settings.METRICS, lives=lives)
    except OSError as error:
        raise CommandError(
            f"Cannot listen on CASEHUB_METRICS={settings.METRICS}: {error}"
        ) from error
    REGISTRY.register(Standing(clock))
    if server is not None:
        REGISTRY.register(Callers(server))
    listener.start()
    try:
        yield
    finally:
        listener.stop()
