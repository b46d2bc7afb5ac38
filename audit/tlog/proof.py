"""C2SP tlog-proof: one entry's place in one signed tree, in a file that can be carried away."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import Malformed, Unproven
from .merkle import leaf_hash, verify_inclusion
from .policy import Opened, Policy
from .text import from_b64, from_decimal, hash_from_b64, to_b64

HEADER = "c2sp.org/tlog-proof@v1"
LONGEST = 63  # hashes of a path


@dataclass(frozen=True, slots=True)
class Proof:
    """Index, path from the leaf's sibling up, and the signed checkpoint; `extra` proves nothing."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def __str__(self) -> str:
        extra = [] if self.extra is None else [f"extra {to_b64(self.extra)}"]
        head = [HEADER, *extra, f"index {self.index}", *map(to_b64, self.path)]
        return "\n".join(head) + "\n\n" + self.checkpoint

    @classmethod
    def parse(cls, text: str) -> Proof:
        """
        Read a proof file; its checkpoint stays as it is.

        :raises Malformed: if it is none.
        """
        head, blank, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if not blank or lines.pop(0) != HEADER:
            raise Malformed("not a tlog-proof")
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = from_b64(lines.pop(0).removeprefix("extra "))
        if not lines or not lines[0].startswith("index ") or len(lines) > LONGEST + 1:
            raise Malformed("a tlog-proof names its index")
        index = from_decimal(lines.pop(0).removeprefix("index "))
        return cls(index, tuple(map(hash_from_b64, lines)), checkpoint, extra)

    def verify(self, entry: bytes, policy: Policy) -> Opened:
        """
        Check that `entry` stands at the index in a tree that satisfies the policy.

        :raises Malformed: if the checkpoint is none.
        :raises Unproven: if a signature, the quorum or the path does not hold.
        """
        opened = policy.open(self.checkpoint)
        checkpoint = opened.checkpoint
        try:
            verify_inclusion(
                leaf_hash(entry), self.index, checkpoint.size, self.path, checkpoint.root
            )
        except Unproven as error:
            raise Unproven(f"the entry is not proven: {error}") from error
        return opened
