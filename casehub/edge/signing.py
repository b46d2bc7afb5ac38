"""What signs the log, started and stopped by a command: with the demo's witnesses around it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils.module_loading import import_string

from audit import keyring
from audit.sequencing import CANNOT_SIGN
from audit.signing import Background, background
from audit.tlog.errors import Malformed
from casehub import startup
from casehub.core import traces


def why_not_promise(now: datetime) -> str | None:
    """Return why the key of promises that is here cannot be used, or None."""
    origin = keyring.origins(now.year)["acts"]
    if not keyring.has_key_file(keyring.promise_name(origin)):
        return None  # the demo makes it; elsewhere nothing is promised until one is brought
    try:
        keyring.promise_key(origin)
    except keyring.BrokenKey as error:
        return str(error)
    return None


class Signer:
    """The sequencer and its companions; `words` tells a person who else has been started."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        writer: Callable[[], AbstractContextManager[Any]] = nullcontext,
    ) -> None:
        self._clock, self._writer = clock, writer
        self._running = ExitStack()
        self._signer: Background | None = None
        self.words = ""

    def start(self) -> str | None:
        """Read the whole log and begin; return why that cannot be, or None."""
        against = startup.why_not_sign(settings.ANCHOR, settings.DATA_DIR, demo=settings.DEMO)
        if against is not None:
            return against
        try:
            with self._running:
                self._begin()
                self._running = self._running.pop_all()
        except CANNOT_SIGN as reason:
            return str(reason)
        except DatabaseError as error:
            return (
                f"the database cannot be worked in ({error}); if it was never set up: "
                "manage.py migrate"
            )
        except Malformed as error:
            return f"CASEHUB_WITNESSES must name a policy file ({error})"
        except OSError as error:  # also of the anchor: no room, or another user's
            return (
                "CASEHUB_WITNESSES must name a policy file, and CASEHUB_ANCHOR a folder to write "
                f"in, with room ({error})"
            )
        return None

    def _begin(self) -> None:
        if settings.CASEHUB_COMPANIONS:
            self.words, stop = import_string(settings.CASEHUB_COMPANIONS)(self._clock().year)
            self._running.callback(stop)
        self._signer = background(
            clock=self._clock, writer=self._writer, passing=traces.steps("log", last="let out")
        )
        self._signer.start()
        self._running.callback(self._signer.stop)

    def lives(self) -> bool:
        """Return whether the log is still being signed."""
        return self._signer is not None and self._signer.lives()

    def stop(self) -> None:
        """Sign what was recorded, then end, companions last."""
        self._running.close()
