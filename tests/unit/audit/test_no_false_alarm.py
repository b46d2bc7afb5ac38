"""An honest log that grows accuses itself of nothing, in ten thousand looks of a client."""

from __future__ import annotations

import random
from functools import cache

from audit.tlog import tiles
from audit.tlog.checkpoint import Checkpoint
from audit.tlog.merkle import (
    Frontier,
    consistency_path,
    inclusion_path,
    leaf_hash,
    verify_consistency,
)
from audit.tlog.note import CosigningKey, SigningKey
from audit.tlog.policy import Policy
from audit.tlog.proof import Proof

LOOKS = 10_000
NAME = "audit.example/2026"
KEY = SigningKey.from_seed(NAME, bytes(31) + b"\x01")
WITNESS = CosigningKey.from_seed("w.example", bytes(31) + b"\x02")
POLICY = Policy.parse(f"log {KEY.public}\nwitness XX {WITNESS.public}\nquorum XX\n")


class Growing:
    """A log as its server has it: entries, tiles, and a cosigned checkpoint of what there is."""

    def __init__(self):
        self.entries, self._tiles, self._edge = [], {}, Frontier()

        @cache  # a complete subtree stays what it is: its root is folded once
        def node(height, index):
            return tiles.node_reader(lambda *tile: self._tiles[tile])(height, index)

        self.node = node

    def grow(self, count):
        size = len(self.entries)
        new = [b"entry %d" % (size + n) for n in range(count)]
        leaves = [leaf_hash(entry) for entry in new]
        self._tiles |= tiles.grow(size, leaves, lambda *place: self._tiles.get(place, b""))
        self.entries += new
        for leaf in leaves:
            self._edge.append(leaf)

    def published(self, time):
        head = Checkpoint(NAME, len(self.entries), self._edge.root())
        return head.signed(KEY) + WITNESS.sign(head.text(), time)


def test_ten_thousand_clean_verifications_raise_no_alarm():
    """Each time: the new tree begins with the old one, and nine entries are in it, the last too."""
    chance, log, kept, looks = random.Random(20261126), Growing(), None, 0
    while looks < LOOKS:
        log.grow(chance.randrange(1, 6))
        size, note = len(log.entries), log.published(1_795_618_800 + looks)
        now = POLICY.open(note).checkpoint
        if kept is not None:
            path = consistency_path(kept.size, size, log.node)
            verify_consistency(kept.size, now.size, path, kept.root, now.root)
        for index in (size - 1, *(chance.randrange(size) for _ in range(8))):
            proof = Proof(index, tuple(inclusion_path(index, size, log.node)), note)
            told = Proof.parse(str(proof)).verify(log.entries[index], POLICY)
            assert told.checkpoint == now
        kept, looks = now, looks + 10
    assert kept.size > 5 * tiles.WIDTH
