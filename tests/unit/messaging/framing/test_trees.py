from __future__ import annotations

import pytest

from messaging.framing import tree
from messaging.framing.structures import ParentNode
from tests.unit.messaging.framing.pretend import Device, fresh, read_leaf

#             the tree of RFC 9420, appendix C, figure 31: eight leaves
#                               7
#                 3                           11
#          1            5             9               13
#       0     2      4     6       8     10       12      14
BLANK = (None,) * 15


def leaf():
    return read_leaf(Device().leaf())


class TestPlaces:
    @pytest.mark.parametrize(
        ("place", "level"), [(0, 0), (14, 0), (1, 1), (5, 1), (3, 2), (11, 2), (7, 3)]
    )
    def test_have_levels(self, place, level):
        assert tree.level(place) == level

    @pytest.mark.parametrize(
        ("place", "below"), [(1, (0, 2)), (5, (4, 6)), (3, (1, 5)), (7, (3, 11)), (11, (9, 13))]
    )
    def test_have_children_and_are_above_them(self, place, below):
        assert tree.children(place) == below
        assert {tree.above(child) for child in below} == {place}

    @pytest.mark.parametrize(
        ("place", "path"), [(0, [1, 3, 7]), (10, [9, 11, 7]), (14, [13, 11, 7]), (7, [])]
    )
    def test_have_direct_paths(self, place, path):
        assert tree.direct_path(BLANK, place) == path

    @pytest.mark.parametrize(("place", "leaves"), [(6, [3]), (5, [2, 3]), (11, [4, 5, 6, 7])])
    def test_cover_leaves(self, place, leaves):
        assert list(tree.leaves_under(place)) == leaves


class TestResolution:
    def test_is_as_the_rfc_shows(self):
        # RFC 9420, section 4.1.1, figure 10: X = 1, Y = 5 (unmerged C, that is leaf 2) ...
        a, b, c, d = (leaf() for _ in range(4))
        nodes = (a, None, b, None, c, tree.parent_node(fresh(), b"", (2,)), d)
        assert tree.resolution(nodes, 5) == [5, 4]
        assert tree.resolution(nodes, 1) == [0, 2]
        assert tree.resolution(nodes, 3) == [0, 2, 5, 4]

    def test_of_nobody_is_empty(self):
        assert tree.resolution(BLANK, 7) == []


class TestAFilteredPath:
    def test_leaves_out_parents_without_others_below(self):
        nodes = [None] * 15
        nodes[0] = leaf()
        nodes[12] = leaf()
        assert tree.filtered_path(tuple(nodes), 0) == [(7, 11)]


class TestAdding:
    def test_takes_the_leftmost_blank_leaf(self):
        nodes, index = tree.add((leaf(), None, None, None, leaf(), None, leaf()), leaf())
        assert (index, len(nodes)) == (1, 7)

    def test_doubles_a_full_tree(self):
        nodes, index = tree.add((leaf(),), leaf())
        assert (index, len(nodes)) == (1, 3)
        nodes, index = tree.add(nodes, leaf())
        assert (index, len(nodes)) == (2, 7)

    def test_is_noted_in_each_parent_above_that_has_a_key(self):
        top = tree.parent_node(fresh(), b"", (0,))
        nodes, _ = tree.add((leaf(), None, None, top, leaf(), None, leaf()), leaf())
        assert isinstance(nodes[3], ParentNode)
        assert nodes[3].unmerged == (0, 1)
        assert nodes[1] is None


class TestRemoving:
    def test_blanks_the_leaf_and_all_above(self):
        parent = tree.parent_node(fresh(), b"", ())
        nodes = tree.remove((leaf(), parent, leaf(), parent, leaf(), parent, leaf()), 1)
        assert [node is None for node in nodes] == [False, True, True, True, False, False, False]

    def test_halves_the_tree_while_its_right_half_is_empty(self):
        nodes = [None] * 15
        nodes[0] = nodes[2] = leaf()
        nodes[8] = leaf()
        assert len(tree.remove(tuple(nodes), 4)) == 3
