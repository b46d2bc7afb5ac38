from __future__ import annotations

from dataclasses import replace

import pytest

from messaging import framing
from messaging.framing import FramingError, limits, tree
from tests.unit.messaging.framing import pretend
from tests.unit.messaging.framing.pretend import (
    DAY,
    NOW,
    Device,
    Made,
    add,
    canonical,
    commit,
    commit_data,
    extension,
    external_init,
    fresh,
    group_of,
    opaque,
    remove,
    u,
    welcome,
)

GROUP = group_of(5)
CURRENT = GROUP.read()
RESYNC_DATA = commit_data()


def check(made: Made, *, current=CURRENT, info: bytes | None = None, sealed="its own"):
    sealed = made.welcome if sealed == "its own" else sealed
    return framing.check_commit(
        current,
        framing.read_commit(made.commit),
        framing.read_group_info(made.info() if info is None else info),
        framing.read_welcome(sealed) if sealed else None,
        now=NOW,
    )


def refused(code):
    return pytest.raises(FramingError, match=f"^{code}: ")


def resync(by: int = 2, **changes) -> Made:
    """Member `by` lost its state and joins from outside, removing its former leaf."""
    changes = {"removes": (by,), "external": GROUP.members[by]} | changes
    return commit(GROUP, **changes)


class TestAMemberMay:
    def test_renew_its_key(self):
        effect = check(commit(GROUP, by=3))
        assert effect.committer == 3
        assert list(effect.changed) == [3]
        assert not effect.added
        assert not effect.removed
        assert not effect.is_resync

    def test_renew_its_key_alone_in_a_group(self):
        alone = group_of(1)
        assert list(check(commit(alone), current=alone.read()).changed) == [0]

    @pytest.mark.parametrize("path", [True, False])
    def test_add_others_with_or_without_a_path(self, path):
        packages = tuple(Device().key_package() for _ in range(4))
        effect = check(commit(GROUP, by=1, adds=packages, path=path))
        assert list(effect.added) == [5, 6, 7, 8]
        assert len(effect.added_refs) == 4
        assert list(effect.changed) == ([1] if path else [])

    def test_remove_others(self):
        effect = check(commit(GROUP, by=4, removes=(0, 2)))
        assert list(effect.removed) == [0, 2]
        assert list(effect.changed) == [4]

    def test_name_its_commit(self):
        data = canonical({"client_id": "92a6a6b0-7774-4e9f-908b-4829c8cea9c9", "v": 1})
        assert check(commit(GROUP, data=data)).client_id == "92a6a6b0-7774-4e9f-908b-4829c8cea9c9"


class TestADeviceThatLostItsState:
    @pytest.mark.parametrize("data", [b"", RESYNC_DATA])
    def test_joins_from_outside_in_its_own_place(self, data):
        effect = check(resync(2, data=data))
        assert effect.is_resync
        assert (list(effect.added), list(effect.removed)) == ([2], [2])
        assert effect.committer == 2
        assert not effect.changed
        assert not effect.added_refs
        assert (effect.client_id is None) == (data == b"")

    def test_joins_at_the_leftmost_free_place(self):
        smaller = commit(GROUP, by=0, removes=(1,)).group
        made = commit(smaller, removes=(3,), external=smaller.members[3])
        effect = check(made, current=smaller.read())
        assert (list(effect.added), list(effect.removed)) == ([1], [3])

    @pytest.mark.parametrize(
        ("proposals", "code"),
        [
            (external_init(), "resync-shape"),
            (remove(2), "resync-shape"),
            (external_init() + external_init() + remove(2), "resync-shape"),
            (external_init() + remove(2) + remove(3), "resync-shape"),
            (external_init() + remove(2) + add(Device().key_package()), "resync-shape"),
            (external_init() + remove(3), "resync-identity"),
            (external_init() + remove(99), "remove-unknown"),
            (external_init(b"short") + remove(2), "key-length"),
        ],
    )
    def test_may_do_nothing_else(self, proposals, code):
        with refused(code):
            check(resync(2, proposals=proposals))

    def test_may_not_come_as_another(self):
        with refused("resync-identity"):
            check(resync(2, external=Device()))

    def test_may_not_come_with_another_credential(self):
        changed = Device(key=GROUP.members[2].key)
        with refused("resync-identity"):
            check(resync(2, external=changed))

    def test_brings_a_path(self):
        with refused("commit-without-path"):
            check(resync(2, path=False))

    def test_names_its_commit_rightly_if_at_all(self):
        with refused("authenticated-data"):
            check(resync(2, data=b"{}"))

    def test_brings_no_welcome(self):
        with refused("welcome-unexpected"):
            check(resync(2), sealed=welcome(refs=[fresh()]))


NEW = Device().key_package()
UPDATE = u(1, 1) + u(2, 2) + Device().leaf(2)
PSK = u(1, 1) + u(2, 4) + u(1, 1) + opaque(b"id") + opaque(fresh())
RESUMPTION = u(1, 1) + u(2, 4) + u(1, 2) + u(1, 1) + opaque(b"g") + u(8, 1) + opaque(fresh())
REINIT = u(1, 1) + u(2, 5) + opaque(b"group") + u(2, 1) + u(2, 1) + opaque(b"")
CONTEXT = u(1, 1) + u(2, 7) + opaque(b"")
REFERENCE = u(1, 2) + opaque(fresh())

#  what a commit proposes              the code
POLICY = [
    (UPDATE, "update-proposal"),
    (PSK, "psk-proposal"),
    (RESUMPTION, "psk-proposal"),
    (REINIT, "reinit-proposal"),
    (CONTEXT, "group-context-extensions-proposal"),
    (REFERENCE, "proposal-by-reference"),
    (add(NEW) + REFERENCE, "proposal-by-reference"),
    (external_init(), "external-init-proposal"),
    (add(NEW) + remove(1), "add-and-remove"),
    (remove(0), "remove-self"),
    (remove(5), "remove-unknown"),
    (remove(8), "remove-unknown"),
    (remove(2**32 - 1), "remove-unknown"),
    (remove(1) + remove(1), "remove-unknown"),
    (u(1, 1) + u(2, 0x0A0A), "value-unknown"),
    (u(1, 3), "value-unknown"),
    (u(1, 1) + u(2, 4) + u(1, 3), "value-unknown"),
    (b"".join(map(remove, range(300))), "too-many"),
    (add(Device().key_package(lifetime=(NOW - DAY, NOW - 1))), "key-package-expired"),
    (add(Device().key_package(signature=fresh(64))), "key-package-forged"),
    (add(Device().key_package(suite=3)), "suite-unsupported"),
]


class TestAMemberMayNot:
    @pytest.mark.parametrize(("proposals", "code"), POLICY)
    def test_propose(self, proposals, code):
        with refused(code):
            check(commit(GROUP, proposals=proposals))

    @pytest.mark.parametrize("removes", [(), (2,)])
    def test_leave_out_the_path_unless_it_only_adds(self, removes):
        with refused("commit-without-path"):
            check(commit(GROUP, removes=removes, path=False))

    @pytest.mark.parametrize("data", [b"", b"{}", commit_data() + b" "])
    def test_leave_its_commit_without_a_name(self, data):
        with refused("authenticated-data"):
            check(commit(GROUP, data=data))

    def test_send_a_membership_tag_of_another_length(self):
        with refused("key-length"):
            check(commit(GROUP, membership_tag=b"x"))

    def test_send_a_confirmation_tag_of_another_length(self):
        with refused("key-length"):
            check(commit(GROUP, tag=b"x"))

    def test_add_a_device_twice(self):
        device = Device()
        packages = (device.key_package(), device.key_package())
        with refused("leaf-key-reused"):
            check(commit(GROUP, adds=packages, path=False))

    def test_add_who_is_in_already(self):
        with refused("leaf-key-reused"):
            check(commit(GROUP, adds=(GROUP.members[3].key_package(),)))

    def test_add_a_leaf_with_the_encryption_key_of_another(self):
        used = CURRENT.roster[3].encryption_key
        with refused("leaf-key-reused"):
            check(commit(GROUP, adds=(Device().key_package(key=used),), path=False))

    def test_let_a_group_outgrow_what_we_take(self, monkeypatch):
        monkeypatch.setattr(limits, "LEAVES", 8)
        packages = tuple(Device().key_package() for _ in range(4))
        proposals = b"".join(map(add, packages))
        with refused("too-many"):
            check(commit(GROUP, proposals=proposals, path=False))


class TestTheSender:
    def test_signs_with_the_key_of_its_leaf(self):
        with refused("commit-tampered"):
            check(commit(GROUP, by=1, signer=Device()))

    def test_cannot_speak_for_another(self):
        made = commit(GROUP, by=1, signer=GROUP.members[2])
        with refused("commit-tampered"):
            check(made)

    @pytest.mark.parametrize(
        "sender", [u(1, 1) + u(4, 5), u(1, 1) + u(4, 99), u(1, 2) + u(4, 0), u(1, 3)]
    )
    def test_is_a_member(self, sender):
        with refused("sender-not-member"):
            check(commit(GROUP, sender=sender))

    def test_is_of_a_known_kind(self):
        with refused("value-unknown"):
            check(commit(GROUP, sender=u(1, 5)))

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"epoch": 0}, "stale-epoch"),
            ({"epoch": 2}, "future-epoch"),
            ({"group_id": b"another"}, "group-mismatch"),
        ],
    )
    def test_knows_where_the_group_stands(self, changes, code):
        assert GROUP.epoch == 1
        with refused(code):
            check(commit(GROUP, **changes))

    def test_stands_in_a_group_of_our_suite(self):
        with refused("suite-unsupported"):
            check(commit(GROUP), current=replace(GROUP, suite=2).read())


USED = CURRENT.roster[4].encryption_key
#  what is wrong                    in the path                             the code
PATHS = [
    ("a leaf from an update", {"source": 2}, "leaf-source"),
    ("a leaf from a key package", {"source": 1}, "leaf-source"),
    ("another credential", {"leaf": {"credential": Device().credential}}, "path-identity"),
    ("a forged leaf", {"leaf": {"signature": fresh(64)}}, "leaf-forged"),
    ("fewer abilities", {"leaf": {"capabilities": (b"",) * 5}}, "leaf-capabilities"),
    ("no nodes", {"keys": []}, "path-shape"),
    ("more nodes", {"keys": [fresh() for _ in range(4)]}, "path-shape"),
    ("more nodes than any tree has", {"keys": [fresh() for _ in range(11)]}, "too-many"),
    ("a ciphertext too few", {"more_ciphertexts": -1}, "path-shape"),
    ("a ciphertext too many", {"more_ciphertexts": 1}, "path-shape"),
    ("short KEM outputs", {"kem_bytes": 31}, "key-length"),
    ("short ciphertexts", {"ciphertext_bytes": 47}, "key-length"),
    ("short keys", {"keys": [b"a", b"b", b"c"]}, "key-length"),
    ("another's key", {"leaf_key": USED}, "leaf-key-reused"),
    ("another's key above", {"keys": [fresh(), USED, fresh()]}, "leaf-key-reused"),
    ("one key twice", {"keys": [fresh(), *[fresh()] * 2]}, "leaf-key-reused"),
    ("a wrong parent hash", {"parent_hash": fresh()}, "parent-hash"),
    ("no parent hash", {"parent_hash": b""}, "parent-hash"),
]


class TestAPathIsRefusedWith:
    @pytest.mark.parametrize(("wrong", "code"), [p[1:] for p in PATHS], ids=[p[0] for p in PATHS])
    def test_wrong(self, wrong, code):
        with refused(code):
            check(commit(GROUP, by=1, wrong=wrong))

    def test_its_former_key(self):
        former = CURRENT.roster[1].encryption_key
        with refused("leaf-key-reused"):
            check(commit(GROUP, by=1, wrong={"leaf_key": former}))

    def test_the_key_of_a_leaf_just_added(self):
        key = fresh()
        package = Device().key_package(key=key)
        with refused("leaf-key-reused"):
            check(commit(GROUP, adds=(package,), wrong={"leaf_key": key}))


def flipped(data: bytes, at: int = 0) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


#  the group info after a commit says   the code
FOLLOWING = [
    ({"epoch": 1}, "group-info-foreign"),
    ({"epoch": 3}, "group-info-foreign"),
    ({"group_id": b"another"}, "group-mismatch"),
    ({"suite": 2}, "suite-unsupported"),
    ({"version": 2}, "suite-unsupported"),
    ({"extensions": extension(3, b"")}, "group-extensions"),
    ({"tag": fresh()}, "group-info-tag"),
    ({"confirmed": fresh()}, "transcript-hash"),
    ({"confirmed": b""}, "transcript-hash"),
    ({"tree_hash": fresh()}, "tree-hash"),
    ({"nodes": GROUP.nodes}, "group-info-foreign"),
    ({"nodes": group_of(1).nodes}, "group-info-foreign"),
    ({"signer": 3}, "group-info-foreign"),
    ({"by": GROUP.members[3]}, "group-info-forged"),
    ({"external_pub": opaque(b"short")}, "key-length"),
]


class TestTheGroupInfoAfterACommit:
    @pytest.mark.parametrize(("changes", "code"), FOLLOWING)
    def test_says_what_the_commit_makes(self, changes, code):
        with refused(code):
            check(made := commit(GROUP, by=1), info=made.info(**changes))

    def test_cannot_slip_in_a_member(self):
        made = commit(GROUP, by=1)
        ghost, index = tree.add(made.group.nodes, pretend.read_leaf(Device().leaf()))
        assert index == 5
        with refused("group-info-foreign"):
            check(made, info=made.info(nodes=ghost))

    def test_cannot_keep_a_removed_member(self):
        kept = commit(GROUP, by=1)
        with refused("group-info-foreign"):
            check(made := commit(GROUP, by=1, removes=(3,)), info=made.info(nodes=kept.group.nodes))

    def test_cannot_change_another_leaf(self):
        made = commit(GROUP, by=1)
        nodes = list(made.group.nodes)
        nodes[4] = pretend.read_leaf(GROUP.members[2].leaf())
        with refused("group-info-foreign"):
            check(made, info=made.info(nodes=tuple(nodes)))


class TestAWelcome:
    MADE = commit(GROUP, adds=(NEW, Device().key_package()))

    @pytest.mark.parametrize(
        ("sealed", "code"),
        [
            (None, "welcome-missing"),
            (welcome(NEW), "welcome-references"),
            (welcome(NEW, NEW), "welcome-references"),
            (welcome(refs=[]), "welcome-references"),
            (welcome(refs=[fresh(), fresh()]), "welcome-references"),
            (welcome(NEW, suite=2), "suite-unsupported"),
        ],
    )
    def test_is_for_exactly_the_added(self, sealed, code):
        with refused(code):
            check(self.MADE, sealed=sealed)

    def test_comes_only_with_an_add(self):
        with refused("welcome-unexpected"):
            check(commit(GROUP), sealed=welcome(NEW))

    def test_is_not_another_message(self):
        with refused("wrong-wire-format"):
            check(self.MADE, sealed=self.MADE.commit)
