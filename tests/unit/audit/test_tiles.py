"""Tiles: their names, their bytes, how they grow, and what is refused."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.tlog import merkle, tiles
from audit.tlog.errors import Malformed, Unproven
from tests.unit.audit.vectors import TLOG, entries


def leaves(count):
    return [merkle.leaf_hash(entry) for entry in entries(count)]


def nothing(level, number):
    return b""


class TestPaths:
    def test_are_those_of_the_vectors(self):
        paths = TLOG["tile_paths"]
        assert tiles.path_of(0, 0) == paths["level 0, n 0"]
        assert tiles.path_of(0, 273, 112) == paths["level 0, n 273, width 112"]
        assert tiles.path_of(1, 1000) == paths["level 1, n 1000"]
        assert tiles.path_of(0, 1234067) == paths["level 0, n 1234067"]
        assert tiles.path_of(None, 5, 3) == paths["entries n 5 width 3"]

    def test_beyond_all_counting_is_no_place(self):
        for groups in (6, 1600):
            with pytest.raises(Malformed):
                tiles.parse_place("x999/" * groups + "999")

    @given(st.integers(0, 10**12), st.integers(1, 256))
    def test_are_read_back(self, number, width):
        place = tiles.path_of(0, number, width).removeprefix("tile/0/")
        assert tiles.parse_place(place) == (number, width)

    @pytest.mark.parametrize(
        "text",
        [
            *("", "1", "0001", "x000/001", "001/002", "x001/2", "-01", "٠٠١", "001\n", "../001"),
            *("001/", "x001", "001.p/", "001.p/0", "001.p/01", "001.p/256", "001.p/257"),
        ],
    )
    def test_have_no_second_spelling(self, text):
        with pytest.raises(Malformed):
            tiles.parse_place(text)


class TestTiles:
    def test_have_the_bytes_of_the_vectors(self):
        made = tiles.grow(0, leaves(300), nothing)
        found = {
            tiles.path_of(level, number, len(data) // 32): hashlib.sha256(data).hexdigest()
            for (level, number), data in made.items()
        }
        assert found == TLOG["tiles_of_300"]

    @pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 70_000])
    def test_are_those_that_a_size_needs(self, size):
        made = list(tiles.tiles_of(size))
        per_level = [sum(w for level, _, w in made if level == n) for n in range(3)]
        assert per_level == [size, size // 256, size // 65536]
        assert all(0 < width <= 256 for _, _, width in made)

    @given(st.lists(st.integers(0, 300), max_size=6))
    def test_do_not_depend_on_how_the_tree_grew(self, steps):
        stored: dict[tuple[int, int], bytes] = {}

        def read(level, number):
            return stored.get((level, number), b"")

        size, all_leaves = 0, leaves(sum(steps))
        for step in steps:
            changed = tiles.grow(size, all_leaves[size : size + step], read)
            assert all(data.startswith(read(*at)) for at, data in changed.items())
            stored.update(changed)
            size += step
        assert stored == tiles.grow(0, all_leaves, nothing)
        widths = {(level, number): width * 32 for level, number, width in tiles.tiles_of(size)}
        assert {at: len(data) for at, data in stored.items()} == widths

    @pytest.mark.parametrize("edge", [b"", bytes(32), bytes(96), bytes(65)])
    def test_do_not_grow_on_a_damaged_edge(self, edge):
        with pytest.raises(Unproven, match="tile 0/0"):
            tiles.grow(2, leaves(1), lambda level, number: edge)

    def test_answer_nothing_beyond_their_end(self):
        stored = tiles.grow(0, leaves(3), nothing)
        node = tiles.node_reader(lambda *at: stored.get(at, b""))
        assert node(1, 0) == merkle.node_hash(*leaves(2))
        with pytest.raises(Unproven, match="too short"):
            node(1, 1)

    @pytest.mark.parametrize("data", [bytes(31), bytes(33), bytes(257 * 32)])
    def test_are_whole_hashes(self, data):
        with pytest.raises(Malformed):
            tiles.split_hashes(data)


class TestBundles:
    def test_have_the_bytes_of_the_vectors(self):
        made, wanted = tiles.bundle(entries(300)[256:]), TLOG["bundle_256_300"]
        assert len(made) == wanted["length"]
        assert made.hex().startswith(wanted["first16"])
        assert hashlib.sha256(made).hexdigest() == wanted["sha256"]
        assert tiles.path_of(None, 1, 44) == wanted["path"]

    @given(st.lists(st.binary(max_size=300), max_size=256))
    def test_are_read_back(self, held):
        assert tiles.unbundle(tiles.bundle(held)) == held

    def test_take_no_entry_that_is_too_long(self):
        assert len(tiles.bundle([bytes(65535)])) == 65537
        with pytest.raises(ValueError, match="too long"):
            tiles.bundle([bytes(65536)])

    @pytest.mark.parametrize("data", [b"\x00", b"\x00\x02a", bytes(2 * 257)])
    def test_that_end_early_or_hold_too_much_are_none(self, data):
        with pytest.raises(Malformed):
            tiles.unbundle(data)
