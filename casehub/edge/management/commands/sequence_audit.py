"""`manage.py sequence_audit`: the process that signs the log, in the full configuration."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from casehub import startup
from casehub.core import connections, marks
from casehub.edge.metrics import told
from casehub.edge.signing import Signer
from casehub.edge.tracing import traced


class Command(BaseCommand):
    """
    Give every event its place in the log and sign what results, until SIGTERM or Ctrl-C.

    One for a database: a second one ends at once. It is the only process that needs the signing
    keys (CASEHUB_SIGNING) and the anchor (CASEHUB_ANCHOR). On SQLite the server does this itself.
    """

    help = "Sequence and sign the log (full configuration)."

    def handle(self, *args: Any, **options: Any) -> None:
        """
        Verify the whole log, then work.

        :raises CommandError: if it is not the one that was signed, or somebody else signs it.
        """
        del args, options
        connections.at_most(connection.settings_dict["OPTIONS"], connections.SEQUENCER)
        signer = Signer(clock=timezone.now)
        if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            against: str | None = "on SQLite the server signs the log itself (manage.py serve)"
        else:
            against = startup.why_another_s_data(settings, signs=True)
            against = against or marks.why_not_start() or signer.start()
        if against is not None:
            raise CommandError(f"The log is not signed: {against}.")
        connections.give_back(connection)  # each of the other threads has its own
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        if signer.words:
            self.stdout.write(signer.words)
        self.stdout.write("The log is being signed")
        self.stdout.flush()
        with traced("sequencer"), told(timezone.now, lives=signer.lives):
            stop.wait()
        signer.stop()
