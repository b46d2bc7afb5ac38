"""The MLS working group's vectors: other people's bytes, and what they say of them."""

from __future__ import annotations

import pytest

from messaging.framing import FramingError, commits, decode, parts, signing, tree
from messaging.framing.reader import Reader
from messaging.framing.structures import ExternalInit, LeafNode, Refused
from tests.unit.messaging.framing.session import PUBLISHED

unhex = bytes.fromhex
TREES = PUBLISHED["tree_validation"]
MESSAGES = {name: unhex(text) for name, text in PUBLISHED["messages"].items()}


@pytest.mark.parametrize("vector", PUBLISHED["transcript_hashes"])
def test_transcript_hashes(vector):
    # An AuthenticatedContent is a PublicMessage without its version and membership tag.
    framed = b"\0\1" + unhex(vector["authenticated_content"]) + b"\x20" + bytes(32)
    commit = decode.read_commit(framed)
    confirmed = commits.confirmed_transcript_hash(
        unhex(vector["interim_transcript_hash_before"]), commit.content, commit.signature
    )
    assert confirmed.hex() == vector["confirmed_transcript_hash_after"]
    interim = commits.interim_transcript_hash(confirmed, commit.confirmation_tag)
    assert interim.hex() == vector["interim_transcript_hash_after"]


@pytest.mark.parametrize("vector", TREES)
class TestATree:
    def test_has_the_hashes(self, vector):
        nodes = decode.read_tree(unhex(vector["tree"]))
        assert [found.hex() for found in tree.hashes(nodes)] == vector["tree_hashes"]

    def test_has_valid_parent_hashes(self, vector):
        tree.check_parent_hashes(decode.read_tree(unhex(vector["tree"])))

    def test_has_leaves_that_signed_themselves(self, vector):
        nodes = decode.read_tree(unhex(vector["tree"]))
        leaves = {at // 2: node for at, node in enumerate(nodes) if isinstance(node, LeafNode)}
        group_id = unhex(vector["group_id"])
        assert all(signing.leaf_signed(leaf, group_id, at) for at, leaf in leaves.items())
        assert not signing.leaf_signed(leaves[0], group_id, 1)


class TestAMessage:
    def test_with_a_key_package_is_read_and_its_signatures_hold(self):
        found = decode.read_key_package(MESSAGES["mls_key_package"])
        leaf = found.leaf
        assert leaf.credential == b"Alice"
        assert signing.leaf_signed(leaf, b"", 0)
        label = b"KeyPackageTBS"
        assert signing.signed_by(leaf.signature_key, label, found.signed, found.signature)

    def test_with_a_commit_is_read(self):
        found = decode.read_commit(MESSAGES["public_message_commit"])
        assert (found.epoch, found.sender, found.authenticated_data) == (0, 0, b"aad")
        assert found.proposals == (Refused("proposal-by-reference"),)
        assert found.path is not None
        assert len(found.path.nodes) == 1

    @pytest.mark.parametrize("name", ["public_message_proposal", "public_message_application"])
    def test_with_another_public_content_is_refused(self, name):
        with pytest.raises(FramingError, match=r"^not-a-commit: "):
            decode.read_commit(MESSAGES[name])

    def test_with_a_blank_node_at_the_end_of_a_tree_is_refused(self):
        with pytest.raises(FramingError, match=r"^tree-shape: "):
            decode.read_tree(MESSAGES["ratchet_tree_with_trailing_blank"])

    @pytest.mark.parametrize("name", ["mls_key_package", "public_message_commit"])
    def test_cut_or_followed_by_anything_is_refused(self, name):
        whole = MESSAGES[name]
        read = decode.read_commit if "commit" in name else decode.read_key_package
        for end in range(len(whole)):
            with pytest.raises(FramingError):
                read(whole[:end])
        with pytest.raises(FramingError, match=r"^bytes-trailing: "):
            read(whole + b"\0")


# messages.json, its first entry: each proposal after its type
PROPOSALS = [
    (3, "106e4e48", None),
    (
        4,
        (
            "012031a1d9217555dfd1021aaed22b443c58a2ff5135a4d95c8931e164f2692cb8f2"
            "20282b75fed232c93ce8848c3a469681a935cc53dab85796d6241fa2c487324f53"
        ),
        "psk-proposal",
    ),
    (6, "20b8f3182b10b7fb0667827d461fded38ad338136ab87375893aabdb5aee665905", None),
    (7, "00", "group-context-extensions-proposal"),
]


@pytest.mark.parametrize(("kind", "content", "code"), PROPOSALS)
def test_proposals_are_read_to_their_end(kind, content, code):
    reader = Reader(b"\1" + kind.to_bytes(2, "big") + unhex(content))
    found = parts.take_proposal_or_ref(reader)
    reader.finish()
    assert found == Refused(code) if code else not isinstance(found, Refused)
    assert isinstance(found, ExternalInit) == (kind == 6)
