"""`manage.py serve`: the one way to start CaseHub, in either configuration."""

from __future__ import annotations

import errno
import resource
import socket
from argparse import ArgumentParser
from typing import IO, Any

from channels.routing import get_default_application
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from casehub import startup
from casehub.core import connections, marks, rates
from casehub.core.run import one_writer
from casehub.edge.metrics import told
from casehub.edge.rounds import Rounds
from casehub.edge.server import EdgeServer
from casehub.edge.signing import Signer, why_not_promise
from casehub.edge.tracing import traced

HELD_SECONDS = 5
NEXT = """
  Open it and pick a person; the page shows how to sign in, the current code included.
  To talk, be a second person too: in a private window, or at http://127.0.0.1:{port}
  All people are fictional. Ctrl-C stops the server; `make reset` starts over."""


def endpoint(host: str, port: int, unix: str) -> str:
    """Return the Twisted description of where to listen; colons in an address are escaped."""
    if unix:
        return f"unix:{unix}:mode=660"
    escaped = host.replace(":", "\\:")
    return f"tcp:{port}:interface={escaped}:backlog=512"


def why_not(failure: BaseException, where: str) -> str:
    """Return one line for a person whose server did not start."""
    reason: Any = getattr(failure, "socketError", failure)
    number = getattr(reason, "errno", None)
    if number == errno.EADDRINUSE:
        return f"{where} is already in use. Stop the other program, or choose another: PORT=8001"
    if number == errno.EACCES:
        return f"You may not listen on {where}. Choose a port above 1023, e.g. PORT=8000"
    return f"Cannot listen on {where}: {reason}"


def wait_for_rows_so_long() -> None:
    """
    Let nobody wait longer for what another transaction holds: they are told to try again.

    Of PostgreSQL, whose own limit is none: somebody's forgotten session would hold up every act on
    the same rows until a person looks. What migrates, signs or restores waits as long as it takes.
    """
    if connection.vendor == "postgresql":
        options = connection.settings_dict["OPTIONS"]
        said = [options["options"]] if "options" in options else []  # by DATABASE_URL
        options["options"] = " ".join([*said, f"-c lock_timeout={HELD_SECONDS}s"])


def require_free(host: str, port: int) -> None:
    """
    Look whether the port can be had, before the whole log is read for nothing.

    :raises CommandError: if somebody has it, or it may not be had.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CommandError(why_not(error, f"Port {port}")) from error


def allow_many_connections() -> None:
    """Raise the number of open files to what the system allows: each connection is one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Command(BaseCommand):
    """
    Serve until SIGTERM or Ctrl-C.

    Where: --host, --port (or PORT), or --unix. On what: CASEHUB_DATA (folder), DATABASE_URL,
    REDIS_URL; without the last two it is the embedded configuration, one process on SQLite.
    """

    help = "Serve CaseHub over HTTP and WebSocket."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say where to listen."""
        parser.add_argument("--host", default="127.0.0.1", help="address (default: this machine)")
        parser.add_argument(
            "--port", type=int, default=settings.PORT, help="default: PORT, else 8000"
        )
        parser.add_argument("--unix", default="", help="path of a socket instead")

    def handle(self, *args: Any, **options: Any) -> None:
        """
        Run the server.

        :raises CommandError: if the place is taken, the data is the demo's or half restored, the
            front end is not that of these roots, or the log is not the one that was signed.
        """
        del args
        wait_for_rows_so_long()
        connections.at_most(connection.settings_dict["OPTIONS"], connections.WEB)
        host, port, unix = options["host"], options["port"], options["unix"]
        where = unix or f"Port {port}"
        against = startup.why_another_s_data(settings)
        against = against or marks.why_not_start()
        against = against or startup.why_not_serve(settings.FRONTEND_DIST, settings.CASEHUB_ROOTS)
        against = against or why_not_promise(timezone.now())
        if against is not None:
            raise CommandError(f"CaseHub does not start: {against}.")
        if not unix:
            require_free(host, port)
        held, signer = self._alone()
        connections.give_back(connection)  # each of the other threads has its own
        allow_many_connections()

        def ready() -> None:
            place = unix or f"http://localhost:{port}"
            self.stdout.write(f"CaseHub is ready on {place}")
            if settings.DEMO and not unix:
                self.stdout.write(NEXT.format(port=port))
            self.stdout.write(signer.words if signer else "")
            self.stdout.flush()

        rounds = Rounds(timezone.now)
        server = EdgeServer(
            get_default_application(), endpoints=[endpoint(host, port, unix)], ready=ready
        )
        with traced("web"):
            rounds.start()
            with told(timezone.now, server=server, lives=rounds.lives):
                server.run()
            rounds.stop()
        rates.refusals.flush(timezone.now(), everything=True)
        if signer is not None:
            signer.stop()
        if held is not None:
            held.close()
        if server.failure is not None:
            raise CommandError(why_not(server.failure, where))

    @staticmethod
    def _alone() -> tuple[IO[str] | None, Signer | None]:
        """
        On SQLite, hold the data folder and sign the log in this process: it is the only one.

        :raises CommandError: if another process has the folder, or it cannot be used, the log
            cannot be trusted, or the anchor lies in the wrong place.
        """
        if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            return None, None
        try:
            held = startup.hold(settings.DATA_DIR)
        except OSError as error:
            raise CommandError(
                f"CaseHub does not start: CASEHUB_DATA, {settings.DATA_DIR}, cannot be written in "
                f"({error.strerror})"
            ) from error
        if held is None:
            raise CommandError(
                f"CaseHub already runs on {settings.DATA_DIR}: stop it first, "
                "or choose another folder in CASEHUB_DATA"
            )
        signer = Signer(clock=timezone.now, writer=one_writer)
        against = signer.start()
        if against is not None:
            raise CommandError(f"CaseHub does not start: {against}.")
        return held, signer
