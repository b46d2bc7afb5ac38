"""The log's own work in threads: the sequencer, and whoever asks its witnesses."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from django.db import connections

from . import witnesses
from .sequencing import Sequencer
from .witnessing import Witnessing


def background(
    *,
    clock: Callable[[], datetime],
    writer: Callable[[], AbstractContextManager[Any]] = nullcontext,
    passing: Callable[[str], None] = lambda _: None,
) -> Background:
    """
    Return what signs this region's log, under the policy of its witnesses if it has any.

    `passing` is told the name of every step before it is taken.

    :raises Malformed: if the policy is none.
    :raises OSError: if it cannot be read.
    """
    policy = witnesses.configured()
    return Background(
        Sequencer(clock=clock, writer=writer, passing=passing, policy=policy),
        None if policy is None else Witnessing(policy, clock, writer),
    )


class Background:
    """
    A sequencer in a thread of its own, and in another whoever asks its witnesses.

    Embedded they work beside the server; otherwise they have a process.
    """

    def __init__(self, sequencer: Sequencer, witnessing: Witnessing | None = None) -> None:
        self._sequencer = sequencer
        self._witnessing = witnessing
        self._stop = threading.Event()
        self._loaded = threading.Event()
        self._reason: BaseException | None = None
        self._asking: threading.Thread | None = None
        self._thread = threading.Thread(target=self._work, name="sequencer", daemon=True)

    def start(self) -> None:
        """
        Read the log, then work; return once it was read.

        :raises BaseException: whatever spoke against it.
        """
        self._thread.start()
        self._loaded.wait()
        if self._reason is not None:
            raise self._reason
        if self._witnessing is not None:
            self._asking = self._witnessing.start(self._stop)

    def lives(self) -> bool:
        """Return whether the sequencer still works."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """End after one last round."""
        self._stop.set()
        self._thread.join()
        if self._asking is not None:
            self._asking.join()

    def _work(self) -> None:
        try:
            self._sequencer.load()
        except BaseException as reason:  # noqa: BLE001 - raised again by `start`
            self._reason = reason
            self._sequencer.close()
            connections.close_all()
            return
        finally:
            self._loaded.set()
        self._sequencer.run(self._stop)
