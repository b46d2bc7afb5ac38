"""C2SP tlog-checkpoint: which log, how large, which root. Extension lines are refused."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import Malformed
from .note import SigningKey, signed_note
from .text import from_decimal, hash_from_b64, to_b64


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The claim that the tree named `origin` has `size` leaves and this 32-byte `root`."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the note's text."""
        return f"{self.origin}\n{self.size}\n{to_b64(self.root)}\n"

    def signed(self, *keys: SigningKey) -> str:
        """Return the note with the log's own signature, by each of its keys."""
        return signed_note(self.text(), [key.sign(self.text()) for key in keys])

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """
        Read a note's text.

        :raises Malformed: if it is no checkpoint, or has lines about which witnesses say nothing.
        """
        lines = text.split("\n")
        if len(lines) != 4 or not lines[0] or lines[3]:  # noqa: PLR2004 - three lines
            raise Malformed("a checkpoint has three lines")
        return cls(lines[0], from_decimal(lines[1]), hash_from_b64(lines[2]))
