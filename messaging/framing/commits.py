"""
Whether a commit may make the next epoch of a group, and what it changes.

The server holds no secret of the group, yet nearly all of a commit can be followed: who signed
it, what it does to the tree, and what the next epoch's transcript and tree hashes are. What
remains for the members is the membership tag and the confirmation tag, which are MACs under
their secrets, and what is inside the ciphertexts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from messaging.framing import tree
from messaging.framing.authenticated import StatedDirectory, commit_data
from messaging.framing.checks import (
    check_group_info_signature,
    check_key_package,
    check_leaf,
    check_lengths,
    check_suite,
    check_unique_keys,
)
from messaging.framing.errors import FramingError
from messaging.framing.parts import MLS_10
from messaging.framing.reader import opaque
from messaging.framing.signing import key_package_ref, signed_by
from messaging.framing.structures import (
    Add,
    Commit,
    ExternalInit,
    GroupInfo,
    LeafNode,
    LeafSource,
    Refused,
    Remove,
    SenderType,
    Tree,
    UpdatePath,
    Welcome,
    WireFormat,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER: Final = MLS_10.to_bytes(2, "big") + WireFormat.PUBLIC_MESSAGE.to_bytes(2, "big")
PATH_SECRET_CIPHERTEXT_BYTES: Final = 32 + 16
"""A path secret of suite 1 and the tag of AES-128-GCM."""


@dataclass(frozen=True, slots=True)
class CommitEffect:
    """
    What an accepted commit changes, by leaf index.

    In a resync the joining leaf is in `added` and the one it replaces in `removed`, often at
    the same index. Otherwise `changed` holds the committer's new leaf if it renewed its key.
    `added_refs` are the KeyPackageRefs of the added, in the order of the commit, none in a
    resync. `client_id` is the committing client's id of the commit; a resync may lack it.
    `directory` is what the commit states of the directory, if it does.
    """

    committer: int
    added: Mapping[int, LeafNode]
    removed: Mapping[int, LeafNode]
    changed: Mapping[int, LeafNode]
    added_refs: tuple[bytes, ...]
    is_resync: bool
    client_id: str | None
    directory: StatedDirectory | None


@dataclass(frozen=True, slots=True)
class _Applied:
    """The tree after a commit's proposals, and then its path, and what they did."""

    tree: Tree
    committer: int
    added: Mapping[int, LeafNode]
    removed: Mapping[int, LeafNode]
    added_refs: tuple[bytes, ...] = ()


def check_commit(
    current: GroupInfo, commit: Commit, following: GroupInfo, welcome: Welcome | None, *, now: int
) -> CommitEffect:
    """
    Check that `commit` extends the group, and that `following` describes what it makes of it.

    `current` is the stored GroupInfo of the epoch that stands, accepted earlier by this function
    or by `check_first_group_info`; `now` is in seconds since 1970, for the lifetimes of added
    key packages. Our policy is narrower than RFC 9420: a member's commit only adds, only removes
    or only renews its sender's own key; a device that lost its state replaces its own leaf by an
    external commit; and nobody changes a credential or a signature key.

    Source: RFC 9420, sections 6.1, 8.2, 12.2, 12.4.1, 12.4.2, 12.4.3 and 12.4.3.2.

    :raises FramingError: at the first thing that does not hold. `stale-epoch` means that another
        commit was first, and is no fault of the sender.
    """
    _check_place(current, commit)
    sender = _sender(current, commit)
    _check_signature(current, commit, sender)
    for proposal in commit.proposals:
        if isinstance(proposal, Refused):
            raise FramingError(proposal.code)
    is_resync = commit.sender is None
    if commit.sender is None:
        applied = _apply_resync(current, commit, sender)
    else:
        applied = _apply_member_commit(current, commit, commit.sender, now)
    client_id, directory = None, None
    if commit.authenticated_data or not is_resync:
        client_id, directory = commit_data(commit.authenticated_data)
    nodes = applied.tree
    if commit.path is not None:
        nodes = _apply_path(current, commit.path, applied)
    check_unique_keys(nodes)
    _check_following(current, commit, following)
    _check_tree(following, nodes, applied.committer)
    _check_welcome(welcome, applied.added_refs)
    changed = {applied.committer: commit.path.leaf} if commit.path and not is_resync else {}
    return CommitEffect(
        committer=applied.committer,
        added=applied.added,
        removed=applied.removed,
        changed=changed,
        added_refs=applied.added_refs,
        is_resync=is_resync,
        client_id=client_id,
        directory=directory,
    )


def _check_place(current: GroupInfo, commit: Commit) -> None:
    context = current.context
    check_suite(context.version, context.suite)
    if commit.group_id != context.group_id:
        raise FramingError("group-mismatch")
    if commit.epoch < context.epoch:
        raise FramingError("stale-epoch", f"epoch {commit.epoch}, the group is at {context.epoch}")
    if commit.epoch > context.epoch:
        raise FramingError("future-epoch", f"epoch {commit.epoch}, the group is at {context.epoch}")


def _sender(current: GroupInfo, commit: Commit) -> LeafNode:
    """Return the leaf whose signature key the commit must be signed with."""
    if commit.sender_type is SenderType.NEW_MEMBER_COMMIT:
        if commit.path is None:
            raise FramingError("commit-without-path", "external commit")
        return commit.path.leaf
    # Only a member's commit has a sender; an external sender may never commit.
    leaf = None if commit.sender is None else current.roster.get(commit.sender)
    if leaf is None:
        raise FramingError("sender-not-member", commit.sender_type.name.lower())
    return leaf


def _check_signature(current: GroupInfo, commit: Commit, sender: LeafNode) -> None:
    signed = HEADER + commit.content + current.context.raw
    if not signed_by(sender.signature_key, b"FramedContentTBS", signed, commit.signature):
        raise FramingError("commit-tampered")


def _apply_member_commit(current: GroupInfo, commit: Commit, committer: int, now: int) -> _Applied:
    adds = [proposal for proposal in commit.proposals if isinstance(proposal, Add)]
    removes = [proposal for proposal in commit.proposals if isinstance(proposal, Remove)]
    if len(adds) + len(removes) != len(commit.proposals):
        raise FramingError("external-init-proposal")
    if adds and removes:
        raise FramingError("add-and-remove")
    if commit.path is None and not adds:
        raise FramingError("commit-without-path")
    check_lengths((commit.membership_tag,))
    nodes, removed, added = current.tree, {}, {}
    for remove in removes:
        if remove.leaf == committer:
            raise FramingError("remove-self")
        nodes, removed[remove.leaf] = _without(nodes, remove.leaf)
    for add in adds:
        check_key_package(add.key_package, now=now)
        nodes, index = tree.add(nodes, add.key_package.leaf)
        added[index] = add.key_package.leaf
    refs = tuple(key_package_ref(add.key_package) for add in adds)
    return _Applied(nodes, committer, added, removed, refs)


def _apply_resync(current: GroupInfo, commit: Commit, joining: LeafNode) -> _Applied:
    kinds = sorted(type(proposal).__name__ for proposal in commit.proposals)
    if kinds != ["ExternalInit", "Remove"]:
        raise FramingError("resync-shape", ", ".join(kinds))
    nodes, removed = current.tree, {}
    for proposal in commit.proposals:
        if isinstance(proposal, Remove):
            nodes, leaf = _without(nodes, proposal.leaf)
            if not _same_device(leaf, joining):
                raise FramingError("resync-identity")
            removed[proposal.leaf] = leaf
    check_lengths(p.kem_output for p in commit.proposals if isinstance(p, ExternalInit))
    nodes, index = tree.add(nodes, joining)
    return _Applied(nodes, index, {index: joining}, removed)


def _without(nodes: Tree, leaf: int) -> tuple[Tree, LeafNode]:
    node = nodes[2 * leaf] if 2 * leaf < len(nodes) else None
    if not isinstance(node, LeafNode):
        raise FramingError("remove-unknown", f"leaf {leaf}")
    return tree.remove(nodes, leaf), node


def _same_device(one: LeafNode, other: LeafNode) -> bool:
    return (one.credential, one.signature_key) == (other.credential, other.signature_key)


def _apply_path(current: GroupInfo, path: UpdatePath, applied: _Applied) -> Tree:
    """Return the tree after a path, which must fit the tree and whoever sent it."""
    leaf, committer = path.leaf, applied.committer
    before = applied.tree[2 * committer]
    if leaf.source is not LeafSource.COMMIT:
        raise FramingError("leaf-source", "in a path")
    if not isinstance(before, LeafNode) or not _same_device(before, leaf):
        raise FramingError("path-identity")
    check_leaf(leaf, group_id=current.context.group_id, index=committer)
    _check_path_shape(applied, path)
    keys = [node.encryption_key for node in path.nodes]
    known = {node.encryption_key for node in current.tree if node is not None}
    for index, added in applied.added.items():
        if index != committer:
            known.add(added.encryption_key)
    if known.intersection((leaf.encryption_key, *keys)):
        raise FramingError("leaf-key-reused", "in a path")
    nodes, parent_hash = tree.with_path(applied.tree, committer, leaf, keys)
    if leaf.parent_hash != parent_hash:
        raise FramingError("parent-hash", "in the leaf of a path")
    return nodes


def _check_path_shape(applied: _Applied, path: UpdatePath) -> None:
    """Check that each node has a key, and a ciphertext for each receiver but the newly added."""
    expected = tree.filtered_path(applied.tree, applied.committer)
    if len(path.nodes) != len(expected):
        raise FramingError("path-shape", f"{len(path.nodes)} nodes instead of {len(expected)}")
    fresh = {2 * leaf for leaf in applied.added}
    for node, (_, beside) in zip(path.nodes, expected, strict=True):
        receivers = [at for at in tree.resolution(applied.tree, beside) if at not in fresh]
        if len(node.ciphertexts) != len(receivers):
            raise FramingError("path-shape", f"{len(node.ciphertexts)} for {len(receivers)}")
        check_lengths((node.encryption_key,))
        for kem_output, ciphertext in node.ciphertexts:
            check_lengths((kem_output,))
            check_lengths((ciphertext,), PATH_SECRET_CIPHERTEXT_BYTES)


def _check_following(current: GroupInfo, commit: Commit, following: GroupInfo) -> None:
    """Check the next epoch's context, except for its tree."""
    before, after = current.context, following.context
    if after.group_id != before.group_id:
        raise FramingError("group-mismatch", "in the GroupInfo")
    check_suite(after.version, after.suite)
    if after.epoch != before.epoch + 1:
        raise FramingError("group-info-foreign", f"epoch {after.epoch} after {before.epoch}")
    if after.extensions != before.extensions:
        raise FramingError("group-extensions")
    check_lengths((commit.confirmation_tag, following.external_pub))
    if following.confirmation_tag != commit.confirmation_tag:
        raise FramingError("group-info-tag")
    if after.confirmed_transcript_hash != confirmed_transcript_hash(
        interim_transcript_hash(before.confirmed_transcript_hash, current.confirmation_tag),
        commit.content,
        commit.signature,
    ):
        raise FramingError("transcript-hash")


def _check_tree(following: GroupInfo, nodes: Tree, committer: int) -> None:
    if len(following.tree) != len(nodes) or any(
        (one and one.raw) != (other and other.raw)
        for one, other in zip(following.tree, nodes, strict=True)
    ):
        raise FramingError("group-info-foreign", "another tree")
    if following.context.tree_hash != tree.tree_hash(nodes):
        raise FramingError("tree-hash")
    if following.signer != committer:
        raise FramingError("group-info-foreign", f"signer {following.signer}")
    check_group_info_signature(following, following.roster.get(committer))


def _check_welcome(welcome: Welcome | None, references: tuple[bytes, ...]) -> None:
    if welcome is None:
        if references:
            raise FramingError("welcome-missing", f"{len(references)} added")
        return
    if not references:
        raise FramingError("welcome-unexpected")
    check_suite(MLS_10, welcome.suite)
    if sorted(welcome.references) != sorted(references):
        raise FramingError("welcome-references", f"{len(welcome.references)} references")


def interim_transcript_hash(confirmed: bytes, confirmation_tag: bytes) -> bytes:
    """Return the interim transcript hash of an epoch. RFC 9420, section 8.2."""
    return hashlib.sha256(confirmed + opaque(confirmation_tag)).digest()


def confirmed_transcript_hash(interim: bytes, content: bytes, signature: bytes) -> bytes:
    """
    Return the confirmed transcript hash of the epoch that a public commit makes.

    `interim` is that of the epoch before, `content` the FramedContent. RFC 9420, section 8.2.
    """
    return hashlib.sha256(interim + HEADER[2:] + content + opaque(signature)).digest()
