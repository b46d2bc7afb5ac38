from __future__ import annotations

from dataclasses import replace

import pytest

from messaging import framing
from messaging.framing import FramingError
from tests.unit.messaging.framing import pretend
from tests.unit.messaging.framing.pretend import (
    GROUP_ID,
    Device,
    encode_tree,
    extension,
    fresh,
    message,
    new_group,
    opaque,
)


def refused(code):
    return pytest.raises(FramingError, match=f"^{code}: ")


def check_first(info: bytes, group_id: bytes = GROUP_ID):
    return framing.check_first_group_info(framing.read_group_info(info), group_id=group_id)


class TestTheFirst:
    def test_says_whose_device_created_the_group(self):
        creator = Device()
        identity = check_first(new_group(creator).info())
        assert identity.device == creator.identity["device"]

    def test_may_give_its_external_key_without_a_length(self):
        check_first(new_group().info(external_pub=fresh()))

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"epoch": 1}, "group-info-not-first"),
            ({"confirmed": fresh()}, "group-info-not-first"),
            ({"group_id": b"another"}, "group-mismatch"),
            ({"suite": 2}, "suite-unsupported"),
            ({"version": 2}, "suite-unsupported"),
            ({"extensions": extension(3, bytes(3))}, "group-extensions"),
            ({"tree_hash": fresh()}, "tree-hash"),
            ({"tag": b"short"}, "key-length"),
        ],
    )
    def test_is_refused_if_its_context_is_another(self, changes, code):
        with refused(code):
            check_first(replace(new_group(), **changes).info())

    def test_has_one_member(self):
        with refused("group-info-not-first"):
            check_first(replace(pretend.group_of(2), epoch=0, confirmed=b"").info())

    def test_has_a_leaf_from_a_key_package(self):
        with refused("leaf-source"):
            check_first(new_group(source=3).info())

    def test_has_a_leaf_that_signed_itself(self):
        with refused("leaf-forged"):
            check_first(new_group(signature=fresh(64)).info())

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"by": Device()}, "group-info-forged"),
            ({"signer": 1, "by": Device()}, "group-info-forged"),
            ({"external_pub": opaque(fresh(30))}, "key-length"),
            ({"external_pub": b""}, "bytes-truncated"),
            ({"external_pub": opaque(fresh(32)) + b"x"}, "bytes-trailing"),
        ],
    )
    def test_is_refused_if_what_stands_round_it_is_wrong(self, changes, code):
        with refused(code):
            check_first(new_group().info(**changes))

    @pytest.mark.parametrize("kinds", [(), (2,), (4,), (2, 4, 1)])
    def test_carries_exactly_its_tree_and_external_key(self, kinds):
        group = new_group()
        content = {2: encode_tree(group.nodes), 4: opaque(fresh()), 1: b""}
        listed = b"".join(extension(kind, content[kind]) for kind in kinds)
        with refused("group-info-extensions"):
            framing.read_group_info(group.info(info_extensions=listed))


def info_with_tree(content: bytes) -> bytes:
    listed = extension(2, content) + extension(4, opaque(fresh()))
    return new_group().info(info_extensions=listed)


LEAF = b"\1\1" + Device().leaf()
PARENT = b"\1\2" + opaque(fresh()) + b"\0\0"


class TestATree:
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "bytes-truncated"),
            (opaque(b""), "tree-shape"),
            (opaque(LEAF + b"\0"), "tree-shape"),
            (opaque(PARENT + LEAF), "tree-shape"),
            (opaque(LEAF + LEAF + LEAF), "tree-shape"),
            (opaque(LEAF + PARENT), "tree-shape"),
            (opaque(b"\1\3"), "value-unknown"),
            (opaque(b"\2"), "value-unknown"),
            (opaque(LEAF) + b"\0", "bytes-trailing"),
            (opaque(bytes(5000)), "too-many"),
        ],
    )
    def test_of_a_wrong_shape_is_refused(self, content, code):
        with refused(code):
            framing.read_group_info(info_with_tree(content))

    def test_is_filled_up_to_a_full_one(self):
        info = framing.read_group_info(info_with_tree(opaque((LEAF + b"\0") * 5 + LEAF)))
        assert len(info.tree) == 15
        assert list(info.roster) == [0, 1, 2, 3, 4, 5]


class TestALaterOne:
    """`check_group_info`, for a group info that comes from nowhere we know."""

    def grown(self):
        group = pretend.group_of(5)
        return pretend.commit(group, by=3).group

    def test_holds_after_any_commits(self):
        framing.check_group_info(self.grown().read(3))

    def test_cannot_hide_who_gave_a_parent_its_key(self):
        group = self.grown()
        nodes = list(group.nodes)
        for at, node in enumerate(nodes):
            if at % 2 and node is not None:
                nodes[at] = pretend.tree.parent_node(fresh(), node.parent_hash, node.unmerged)
                break
        with refused("parent-hash"):
            framing.check_group_info(replace(group, nodes=tuple(nodes)).read(3))

    @pytest.mark.parametrize("unmerged", [(1, 1), (3, 2), (4,), (99,), (7,)])
    def test_cannot_list_just_any_leaves_as_unmerged(self, unmerged):
        group = self.grown()
        nodes = list(group.nodes)
        left = nodes[3]
        nodes[3] = pretend.tree.parent_node(left.encryption_key, left.parent_hash, unmerged)
        with refused("tree-shape"):
            framing.check_group_info(replace(group, nodes=tuple(nodes)).read(3))

    def test_cannot_merge_below_what_is_unmerged_above(self):
        group = pretend.group_of(4)
        group = pretend.commit(group, by=0).group
        nodes = list(group.nodes)
        # leaf 1 unmerged at the root, and not at its own parent
        top = nodes[3]
        nodes[3] = pretend.tree.parent_node(top.encryption_key, top.parent_hash, (1,))
        with refused("tree-shape"):
            framing.check_group_info(replace(group, nodes=tuple(nodes)).read(0))

    @pytest.mark.parametrize("which", ["key", "signature_key"])
    def test_cannot_use_a_key_twice(self, which):
        one, other = Device(), Device()
        if which == "signature_key":
            other = one
        key = fresh()
        leaves = {"key": [key, key], "signature_key": [key, fresh()]}[which]
        nodes = tuple(
            pretend.read_leaf(device.leaf(key=k))
            for device, k in zip((one, other), leaves, strict=True)
        )
        group = pretend.Group((nodes[0], None, nodes[1]), {0: one, 1: other})
        with refused("leaf-key-reused"):
            framing.check_group_info(group.read(0))

    def test_of_another_kind_is_refused(self):
        with refused("wrong-wire-format"):
            framing.read_group_info(message(5, Device().key_package()))

    def test_too_large_is_not_even_read(self):
        with refused("too-large"):
            framing.read_group_info(bytes((1 << 20) + 1))
