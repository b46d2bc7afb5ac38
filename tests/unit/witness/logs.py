"""Logs to watch: honest ones, and ones that show another history."""

from __future__ import annotations

import json
from pathlib import Path

from audit.tlog import merkle, tiles
from audit.tlog.checkpoint import Checkpoint
from audit.tlog.note import CosigningKey, Key, Note, SigningKey
from audit.tlog.text import to_b64

VECTORS = json.loads(
    (Path(__file__).parent.parent.parent / "vectors" / "audit" / "tlog.json").read_text()
)
NAME = VECTORS["log"]["name"]
KEY = SigningKey.from_seed(NAME, bytes.fromhex(VECTORS["log"]["seed"]))
WITNESS = CosigningKey.from_seed(
    VECTORS["witness"]["name"], bytes.fromhex(VECTORS["witness"]["seed"])
)
NOON = 1_767_225_600  # the vectors' time


class Log:
    """`size` entries of the vectors; from entry `turn` on, others."""

    def __init__(self, size: int, *, turn: int | None = None, key: SigningKey = KEY) -> None:
        self.key = key
        self.size = size
        self.entries = [
            f"{'entry' if turn is None or n < turn else 'other'} {n}".encode() for n in range(size)
        ]
        leaves = [merkle.leaf_hash(entry) for entry in self.entries]
        self._tiles = tiles.grow(0, leaves, lambda _level, _number: b"")
        self.node = tiles.node_reader(lambda level, number: self._tiles[level, number])

    def tile(self, level: int, number: int, width: int = tiles.WIDTH) -> bytes | None:
        """Return a tile, or None if there are fewer hashes."""
        found = self._tiles.get((level, number), b"")[: width * tiles.HASH]
        return found if len(found) == width * tiles.HASH else None

    def checkpoint(self, size: int) -> Checkpoint:
        return Checkpoint(self.key.name, size, merkle.root(size, self.node))

    def note(self, size: int) -> str:
        return self.checkpoint(size).signed(self.key)

    def proof(self, old: int, new: int) -> list[bytes]:
        return merkle.consistency_path(old, new, self.node)

    def body(self, old: int, new: int) -> str:
        """Return the request that adds the checkpoint of `new` to that of `old`."""
        return request(old, self.proof(old, new), self.note(new))


def request(old: int | str, proof: list[bytes], note: str) -> str:
    lines = [f"old {old}", *map(to_b64, proof)]
    return "\n".join(lines) + f"\n\n{note}"


def cosigned_at(note: str, line: str, key: Key = WITNESS.public) -> int:
    """Return the time of a cosignature that holds."""
    (signed,) = Note.parse(note + line).signatures([key])
    return signed.time
