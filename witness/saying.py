"""Whole lines for a person, from any thread."""

from __future__ import annotations

import sys
import threading

_printing = threading.Lock()


def say(line: str) -> None:
    """Print one line on standard error: what a person should know."""
    _print(line, to_error=True)


def answer(line: str) -> None:
    """Print one line on standard output: what was asked for."""
    _print(line, to_error=False)


def _print(line: str, *, to_error: bool) -> None:
    with _printing:
        # Looked up anew: and what others have named may hold anything but a second line.
        out = sys.stderr if to_error else sys.stdout
        out.write(" ".join(line.split("\n")) + "\n")
        out.flush()
