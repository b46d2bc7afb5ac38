"""C2SP tlog-witness: what the body of an add-checkpoint request says."""

from __future__ import annotations

from dataclasses import dataclass

from audit.tlog.checkpoint import Checkpoint
from audit.tlog.errors import Malformed
from audit.tlog.note import LARGEST, Note
from audit.tlog.text import from_decimal, hash_from_b64, to_b64

LONGEST = 63  # hashes of a proof
MOST_BYTES = LARGEST + LONGEST * 45 + 32  # a note, its proof's lines, the first line


@dataclass(frozen=True, slots=True)
class Offer:
    """A checkpoint with the proof that it extends the log's tree of size `old`."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint

    @classmethod
    def make(cls, old: int, proof: tuple[bytes, ...], note: str) -> Offer:
        """
        Put together an offer.

        :raises Malformed: if it is not one that a witness takes.
        """
        parsed = Note.parse(note)
        checkpoint = Checkpoint.parse(parsed.text)
        if len(proof) > LONGEST or old > checkpoint.size:
            raise Malformed("a proof has at most 63 hashes, and leads to a larger tree")
        return cls(old, proof, parsed, checkpoint)

    @classmethod
    def parse(cls, body: str) -> Offer:
        """
        Read a request's body.

        :raises Malformed: if it is none.
        """
        head, blank, note = body.partition("\n\n")
        first, *lines = head.split("\n")
        if not blank or not first.startswith("old ") or len(lines) > LONGEST:
            raise Malformed("an offer has `old`, a proof, an empty line and a checkpoint")
        old = from_decimal(first.removeprefix("old "))
        return cls.make(old, tuple(map(hash_from_b64, lines)), note)

    def __str__(self) -> str:
        lines = [f"old {self.old}", *map(to_b64, self.proof)]
        return "\n".join(lines) + f"\n\n{self.note}"
