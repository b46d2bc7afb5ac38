"""The tree against the vectors, and against one that is written as its definition says."""

from __future__ import annotations

import hashlib
import random
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.tlog import merkle, tiles
from audit.tlog.errors import Unproven
from tests.unit.audit.vectors import TLOG, entries

LARGEST = 600


class Naive:
    """The definition of RFC 6962 section 2.1, word by word, on leaf hashes."""

    def __init__(self, leaves):
        self._leaves, self._known = leaves, {}

    def hash(self, first, end):
        if end == first:
            return hashlib.sha256(b"").digest()
        if end - first == 1:
            return self._leaves[first]
        if (first, end) not in self._known:
            k = self.split(end - first)
            both = self.hash(first, first + k) + self.hash(first + k, end)
            self._known[first, end] = hashlib.sha256(b"\x01" + both).digest()
        return self._known[first, end]

    @staticmethod
    def split(n):
        k = 1
        while k * 2 < n:
            k *= 2
        return k

    def path(self, m, first, end):
        n = end - first
        if n == 1:
            return []
        k = self.split(n)
        if m < k:
            return [*self.path(m, first, first + k), self.hash(first + k, end)]
        return [*self.path(m - k, first + k, end), self.hash(first, first + k)]

    def proof(self, m, first, end, whole):
        n = end - first
        if m == n:
            return [] if whole else [self.hash(first, end)]
        k = self.split(n)
        if m <= k:
            return [*self.proof(m, first, first + k, whole), self.hash(first + k, end)]
        return [*self.proof(m - k, first + k, end, False), self.hash(first, first + k)]


LEAVES = [merkle.leaf_hash(entry) for entry in entries(LARGEST)]
NAIVE = Naive(LEAVES)
STORED = tiles.grow(0, LEAVES, lambda level, number: b"")
NODE = cache(tiles.node_reader(lambda level, number: STORED.get((level, number), b"")))


class TestVectors:
    def test_leaves_nodes_and_roots(self):
        assert merkle.leaf_hash(b"entry 0").hex() == TLOG["leaf_hash_0"]
        assert merkle.node_hash(*LEAVES[:2]).hex() == TLOG["node_hash_0_1"]
        for size, root in TLOG["roots"].items():
            assert merkle.root(int(size), NODE).hex() == root

    def test_certificate_transparency_roots(self):
        inputs = "|00|10|2021|3031|40414243|5051525354555657|606162636465666768696a6b6c6d6e6f"
        begins = ["6e340b9c", "fac54203", "aeb6bcfe", "d37ee418"]
        begins += ["4e3bbb1f", "76e67dad", "ddb89be4", "5dc9da79"]
        frontier = merkle.Frontier()
        for text, begin in zip(inputs.split("|"), begins, strict=True):
            frontier.append(merkle.leaf_hash(bytes.fromhex(text)))
            assert frontier.root().hex().startswith(begin)

    @pytest.mark.parametrize("case", TLOG["inclusion"], ids=str)
    def test_inclusion(self, case):
        index, size = case["index"], case["size"]
        path = merkle.inclusion_path(index, size, NODE)
        assert [step.hex() for step in path] == case["proof"]
        merkle.verify_inclusion(LEAVES[index], index, size, path, NAIVE.hash(0, size))

    @pytest.mark.parametrize("case", TLOG["consistency"], ids=str)
    def test_consistency(self, case):
        old, new = case["old"], case["new"]
        path = merkle.consistency_path(old, new, NODE)
        assert [step.hex() for step in path] == case["proof"]
        merkle.verify_consistency(old, new, path, NAIVE.hash(0, old), NAIVE.hash(0, new))


class TestEverySize:
    def test_has_the_root_of_the_definition_by_tiles_and_by_frontier(self):
        frontier = merkle.Frontier()
        for size in range(LARGEST + 1):
            assert merkle.root(size, NODE) == frontier.root() == NAIVE.hash(0, size)
            assert frontier.copy().root() == frontier.root()
            if size < LARGEST:
                frontier.append(LEAVES[size])
        assert frontier.size == LARGEST

    @pytest.mark.parametrize("first", range(0, LARGEST, 100))
    def test_proves_every_index_as_the_definition_does(self, first):
        for size in range(first + 1, first + 101):
            root = NAIVE.hash(0, size)
            for index in range(size):
                path = merkle.inclusion_path(index, size, NODE)
                assert path == NAIVE.path(index, 0, size)
                merkle.verify_inclusion(LEAVES[index], index, size, path, root)

    @pytest.mark.parametrize("first", range(0, LARGEST, 100))
    def test_proves_to_extend_every_smaller_one_as_the_definition_does(self, first):
        for new in range(first + 1, first + 101):
            root = NAIVE.hash(0, new)
            for old in range(new + 1):
                path = merkle.consistency_path(old, new, NODE)
                assert path == (NAIVE.proof(old, 0, new, True) if old else [])
                merkle.verify_consistency(old, new, path, NAIVE.hash(0, old), root)


def bent(path, chance):
    """Return a path that is wrong in one place."""
    path = list(path)
    kind = chance.randrange(4) if path else 3
    place = chance.randrange(len(path)) if path else 0
    if kind == 0:
        flipped = bytearray(path[place])
        flipped[chance.randrange(32)] ^= 1 << chance.randrange(8)
        path[place] = bytes(flipped)
    elif kind == 1:
        del path[place]
    elif kind == 2 and len(set(path)) > 1:
        path.append(path.pop(0))
    else:
        path.insert(place, chance.randbytes(32))
    return path


class TestProofsThatAreWrong:
    @given(st.integers(1, LARGEST), st.data())
    def test_never_show_an_inclusion(self, size, data):
        index = data.draw(st.integers(0, size - 1))
        chance = random.Random(data.draw(st.integers()))
        path, root = merkle.inclusion_path(index, size, NODE), NAIVE.hash(0, size)
        with pytest.raises(Unproven):
            merkle.verify_inclusion(LEAVES[index], index, size, bent(path, chance), root)
        for leaf, at, of in (
            (chance.randbytes(32), index, size),
            (LEAVES[index], size, size),
            (LEAVES[index], -1, size),
        ):
            with pytest.raises(Unproven):
                merkle.verify_inclusion(leaf, at, of, path, root)
        other = data.draw(st.integers(0, size - 1).filter(lambda i: i != index) | st.just(-1))
        with pytest.raises(Unproven):
            merkle.verify_inclusion(LEAVES[index], other, size, path, root)

    @given(st.integers(1, LARGEST), st.data())
    def test_never_show_a_consistency(self, new, data):
        old = data.draw(st.integers(0, new))
        chance = random.Random(data.draw(st.integers()))
        path = merkle.consistency_path(old, new, NODE)
        roots = NAIVE.hash(0, old), NAIVE.hash(0, new)
        with pytest.raises(Unproven):
            merkle.verify_consistency(old, new, bent(path, chance), *roots)
        with pytest.raises(Unproven):
            merkle.verify_consistency(old, new, path, chance.randbytes(32), roots[1])
        with pytest.raises(Unproven):
            merkle.verify_consistency(new + 1, new, path, *roots)
        if old:
            with pytest.raises(Unproven):
                merkle.verify_consistency(old, new, path, roots[0], chance.randbytes(32))

    def test_an_empty_path_shows_nothing_of_two_different_sizes(self):
        with pytest.raises(Unproven, match="empty"):
            merkle.verify_consistency(3, 7, [], NAIVE.hash(0, 3), NAIVE.hash(0, 7))

    @pytest.mark.parametrize(("index", "size"), [(0, 0), (7, 7), (-1, 7)])
    def test_nothing_is_made_for_an_index_outside(self, index, size):
        with pytest.raises(ValueError, match="no such leaf"):
            merkle.inclusion_path(index, size, NODE)

    def test_nothing_is_made_for_a_tree_that_shrinks(self):
        with pytest.raises(ValueError, match="shrink"):
            merkle.consistency_path(8, 7, NODE)
