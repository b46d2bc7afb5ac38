"""
One key of a log follows another: the statement with which both sign for the change.

    casehub-log-rotation/1
    <origin>
    <vkey of the key that is given up>
    <vkey of the key that follows it>
    <POSIX seconds from which both sign the log>
    <POSIX seconds from which the first counts no more>

It is a signed note with two lines, the old key's first. The old key's says who follows it, to
whoever believes the old one; the new key's that nobody names a key that is not his. No checkpoint
and no promise begins like it, or has so many lines, so neither signature serves for anything else.

In a policy it stands as a comment, so other readers of C2SP's files pass over it:

    #casehub-log-rotation/1 <base64 of the note>
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from .errors import Malformed, Unproven
from .note import ED25519, Key, Note, SigningKey, signed_note
from .text import from_b64, from_decimal, to_b64

HEADER = "casehub-log-rotation/1"
MARK = f"#{HEADER} "
_LINES = 7  # of the text, the empty one behind its end among them


@dataclass(frozen=True, slots=True)
class Rotation:
    """From `start` (POSIX seconds) `old` and `new` sign; from `end` on `old` counts no more."""

    old: Key
    new: Key
    start: int
    end: int
    note: str

    @property
    def origin(self) -> str:
        """The log whose key changes."""
        return self.old.name

    @classmethod
    def make(cls, old: SigningKey, new: SigningKey, *, start: int, end: int) -> Rotation:
        """
        Have both keys sign for the change.

        :raises Malformed: if they are not two keys of one log, or the times are none.
        """
        text = f"{HEADER}\n{old.name}\n{old.public}\n{new.public}\n{start}\n{end}\n"
        return cls.parse(signed_note(text, [old.sign(text), new.sign(text)]))

    @classmethod
    def parse(cls, note: str) -> Rotation:
        """
        Read a statement and check both signatures; whom to believe is another question.

        :raises Malformed: if it is none.
        :raises Unproven: if not both keys have signed it, the old one first, and nobody else.
        """
        return _parse(note)

    def line(self) -> str:
        """Return its line in a policy, without the end."""
        return MARK + to_b64(self.note.encode())

    @classmethod
    def of_line(cls, line: str) -> Rotation:
        """
        Read a line of a policy that begins with `MARK`.

        :raises Malformed: if it is none.
        :raises Unproven: as `parse`.
        """
        try:
            note = from_b64(line.removeprefix(MARK)).decode()
        except UnicodeDecodeError as error:
            raise Malformed("a rotation is text") from error
        return cls.parse(note)


# A policy is read again and again, and holds the same few statements.
@lru_cache(maxsize=256)
def _parse(note: str) -> Rotation:
    parsed = Note.parse(note)
    lines = parsed.text.split("\n")
    if len(lines) != _LINES or lines[0] != HEADER or lines[-1]:
        raise Malformed("a rotation has six lines")
    old, new = Key.parse(lines[2]), Key.parse(lines[3])
    start, end = from_decimal(lines[4]), from_decimal(lines[5])
    if {old.name, new.name} != {lines[1]} or {old.kind, new.kind} != {ED25519} or old == new:
        raise Malformed("a rotation is between two keys of one log")
    if not 0 < start < end:
        raise Malformed("a rotation begins before it ends")
    signers = [(one.name, one.id) for one in parsed.lines]
    if signers != [(old.name, old.id), (new.name, new.id)]:
        raise Unproven("a rotation is signed by both keys, and by nobody else")
    for key, one in zip((old, new), parsed.lines, strict=True):
        key.verify(parsed.text, one.signature)
    return Rotation(old, new, start, end, note)
