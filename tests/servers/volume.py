"""A small disk of its own that can be filled: a tmpfs, where this user may mount one."""

from __future__ import annotations

import errno
import os
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

BLOCK = 4096


class Unavailable(Exception):
    """No disk can be mounted here."""


class Volume:
    """
    Mounted on entry, gone on exit.

    `fill` takes all the room there is, so that the next write of anybody fails with ENOSPC from the
    kernel itself; `empty` gives it back.
    """

    def __init__(self, folder: Path, *, megabytes: int) -> None:
        self.folder, self._megabytes = folder, megabytes

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={self._megabytes}m,mode=755", "tmpfs"]
        try:
            subprocess.run([*command, self.folder], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Unavailable(f"no small disk can be mounted: {error}") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Lazily: somebody may hold a file for another moment, and the tests are over.
        subprocess.run(["umount", "-l", self.folder], check=True, capture_output=True)

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self, *, leave: int = 0) -> None:
        """Take all of it but `leave` bytes."""
        with self._ballast.open("ab", buffering=0) as out:
            with suppress(OSError):
                while True:
                    out.write(b"\0" * BLOCK)
            size = out.tell() - leave
            out.truncate(max(0, size))
        if leave == 0:
            self._prove()

    def _prove(self) -> None:
        try:
            (self.folder / "one more").write_bytes(b"\0" * BLOCK)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
        else:
            raise AssertionError("there is still room")
        finally:
            (self.folder / "one more").unlink(missing_ok=True)

    def empty(self) -> None:
        """Give the room back."""
        os.truncate(self._ballast, 0)
