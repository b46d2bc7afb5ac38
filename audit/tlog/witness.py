"""C2SP tlog-witness, the log's side: what a witness is asked, and what it answers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from .errors import Malformed, Unproven
from .note import Key, Note
from .text import from_decimal, to_b64

SIZE = "text/x.tlog.size"  # the content type of an answer that names the size last cosigned
MOST_LINES = 100
SKEW = timedelta(minutes=10)  # by which a witness's clock may differ from ours


class WrongClock(Unproven):
    """The signature holds, and says another time than it is."""


def address_of(origin: str) -> str:
    """Return the path under which a witness shows what it last cosigned of a log."""
    return f"/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint"


def request(old: int, path: Sequence[bytes], note: str) -> str:
    """Return the body of add-checkpoint: from which size the proof leads to the signed note."""
    return "".join([f"old {old}\n", *(f"{to_b64(one)}\n" for one in path), "\n", note])


def size_in(body: str) -> int:
    """
    Return the size that a witness says it last cosigned.

    :raises Malformed: if the body is not one number and a line feed.
    """
    if not body.endswith("\n"):
        raise Malformed("not a size")
    return from_decimal(body[:-1])


def text_of(note: str) -> str:
    """Return the text under which witnesses sign."""
    return Note.parse(note).text


def line_of(text: str, lines: str, key: Key, *, now: datetime) -> str | None:
    """
    Return a witness's signature line under a checkpoint's text, or None if there is none of it.

    Whoever sends them need not be a witness: of each line the whole text is parsed anew, so the
    lines are counted before the first is.

    :raises Malformed: if these are no signature lines, or more than 100.
    :raises Unproven: if its line does not hold, or was made by a clock that is wrong.
    """
    parts = lines.splitlines(keepends=True)
    if len(parts) > MOST_LINES:
        raise Malformed("too many signature lines")
    for one in parts:
        note = Note.parse(f"{text}\n{one}")
        if (note.lines[0].name, note.lines[0].id) == (key.name, key.id):
            (signed,) = note.signatures([key])
            if abs(signed.time - now.timestamp()) > SKEW.total_seconds():
                raise WrongClock(f"the clock of {key.name} is wrong")
            return one
    return None
