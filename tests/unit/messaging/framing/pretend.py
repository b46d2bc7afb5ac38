"""
A pretend MLS member: it signs for real and encrypts nothing.

To the server that is no difference: ciphertexts and tags under the members' secrets are opaque to
it. So tests can make any commit, sound or not, of a group of any shape. That the sound ones are
sound by other people's reckoning is shown by the recorded session and the published vectors.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import uuid
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from messaging.framing import decode, parts, signing, tree
from messaging.framing.commits import (
    HEADER,
    confirmed_transcript_hash,
    interim_transcript_hash,
)
from messaging.framing.reader import Reader, opaque
from messaging.framing.structures import ParentNode

NOW = 1_800_000_000
DAY = 86_400
GROUP_ID = bytes(range(16))
CAPABILITIES = (b"\0\1", b"\0\1", b"", b"", b"\0\1")
_numbers = itertools.count()


def fresh(size: int = 32) -> bytes:
    """Return bytes that stand for a key, tag or ciphertext, never the same twice."""
    return hashlib.sha256(f"bytes {next(_numbers)}".encode()).digest().ljust(size, b"x")[:size]


def u(size: int, value: int) -> bytes:
    return value.to_bytes(size, "big")


def b64u(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def commit_data() -> bytes:
    return canonical({"client_id": str(uuid.UUID(bytes=fresh(16))), "v": 1})


@dataclass
class Device:
    key: Ed25519PrivateKey = field(
        default_factory=lambda: Ed25519PrivateKey.from_private_bytes(fresh())
    )
    identity: dict = field(default_factory=dict)

    def __post_init__(self):
        names = {name: str(uuid.UUID(bytes=fresh(16))) for name in ("person", "device", "serial")}
        self.identity = {
            "v": 1,
            "state": "SV",
            "signature_key": b64u(self.public),
            "history_key": b64u(fresh()),
        } | (self.identity or names)

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    @property
    def credential(self) -> bytes:
        return canonical(self.identity)

    def sign(self, label: bytes, content: bytes) -> bytes:
        return self.key.sign(opaque(b"MLS 1.0 " + label) + opaque(content))

    def leaf(
        self,
        source: int = 1,
        *,
        key: bytes | None = None,
        credential: bytes | None = None,
        signature_key: bytes | None = None,
        capabilities=CAPABILITIES,
        lifetime=(NOW - 3600, NOW + 30 * DAY),
        parent_hash: bytes = b"",
        extensions: bytes = b"",
        group_id: bytes = GROUP_ID,
        index: int = 0,
        signature: bytes | None = None,
    ) -> bytes:
        signed = opaque(fresh() if key is None else key)
        signed += opaque(signature_key or self.public) + u(2, 1)
        signed += opaque(self.credential if credential is None else credential)
        signed += b"".join(opaque(c) for c in capabilities) + u(1, source)
        if source == 1:
            signed += u(8, lifetime[0]) + u(8, lifetime[1])
        elif source == 3:
            signed += opaque(parent_hash)
        signed += opaque(extensions)
        place = b"" if source == 1 else opaque(group_id) + u(4, index)
        return signed + opaque(signature or self.sign(b"LeafNodeTBS", signed + place))

    def key_package(
        self,
        *,
        leaf: bytes | None = None,
        suite: int = 1,
        init_key: bytes | None = None,
        signature: bytes | None = None,
        **of_leaf,
    ) -> bytes:
        """Return a KeyPackage, not yet in an MLSMessage."""
        signed = u(2, 1) + u(2, suite) + opaque(init_key or fresh())
        signed += (leaf or self.leaf(**of_leaf)) + opaque(b"")
        return signed + opaque(signature or self.sign(b"KeyPackageTBS", signed))


def message(wire_format: int, content: bytes) -> bytes:
    return u(2, 1) + u(2, wire_format) + content


def add(key_package: bytes) -> bytes:
    return u(1, 1) + u(2, 1) + key_package


def remove(leaf: int) -> bytes:
    return u(1, 1) + u(2, 3) + u(4, leaf)


def external_init(kem_output: bytes | None = None) -> bytes:
    return u(1, 1) + u(2, 6) + opaque(fresh() if kem_output is None else kem_output)


def welcome(*key_packages: bytes, suite: int = 1, refs: list[bytes] | None = None) -> bytes:
    if refs is None:
        refs = [
            signing.key_package_ref(parts.take_key_package(Reader(package)))
            for package in key_packages
        ]
    secrets = b"".join(opaque(ref) + opaque(fresh()) + opaque(fresh(80)) for ref in refs)
    return message(3, u(2, suite) + opaque(secrets) + opaque(fresh(200)))


def read_leaf(raw: bytes):
    return parts.take_leaf_node(Reader(raw))


def encode_tree(nodes) -> bytes:
    nodes = list(nodes)
    while nodes and nodes[-1] is None:
        nodes.pop()
    return opaque(
        b"".join(
            b"\0" if n is None else b"\1" + (b"\2" if isinstance(n, ParentNode) else b"\1") + n.raw
            for n in nodes
        )
    )


def extension(kind: int, content: bytes) -> bytes:
    return u(2, kind) + opaque(content)


@dataclass(frozen=True)
class Group:
    """One epoch, with its members' devices by leaf; `info()` describes it to the server."""

    nodes: tuple
    members: dict
    epoch: int = 0
    confirmed: bytes = b""
    tag: bytes = field(default_factory=fresh)
    group_id: bytes = GROUP_ID
    suite: int = 1
    version: int = 1
    tree_hash: bytes | None = None
    extensions: bytes = b""

    def context(self) -> bytes:
        return (
            u(2, self.version)
            + u(2, self.suite)
            + opaque(self.group_id)
            + u(8, self.epoch)
            + opaque(tree.tree_hash(self.nodes) if self.tree_hash is None else self.tree_hash)
            + opaque(self.confirmed)
            + opaque(self.extensions)
        )

    def info(
        self,
        signer: int = 0,
        *,
        by: Device | None = None,
        info_extensions: bytes | None = None,
        external_pub: bytes | None = None,
    ) -> bytes:
        if info_extensions is None:
            external_pub = opaque(fresh()) if external_pub is None else external_pub
            info_extensions = extension(2, encode_tree(self.nodes)) + extension(4, external_pub)
        signed = self.context() + opaque(info_extensions) + opaque(self.tag) + u(4, signer)
        signature = (by or self.members[signer]).sign(b"GroupInfoTBS", signed)
        return message(4, signed + opaque(signature))

    def read(self, signer: int | None = None):
        return decode.read_group_info(
            self.info(next(iter(self.members)) if signer is None else signer)
        )


def new_group(creator: Device | None = None, **of_leaf) -> Group:
    creator = creator or Device()
    return Group((read_leaf(creator.leaf(**of_leaf)),), {0: creator})


@dataclass(frozen=True)
class Made:
    """A commit and the group after it, as its maker sees it."""

    commit: bytes
    group: Group
    committer: int
    welcome: bytes | None = None

    def info(self, **changes) -> bytes:
        of_info = {k: changes.pop(k) for k in list(changes) if k in INFO_FIELDS}
        return replace(self.group, **changes).info(of_info.pop("signer", self.committer), **of_info)


INFO_FIELDS = {"signer", "by", "info_extensions", "external_pub"}


def _path(group, nodes, committer, device, fresh_places, wrong):
    """Return an UpdatePath and the tree after it; `wrong` overrides what would be right."""
    filtered = tree.filtered_path(nodes, committer)
    keys = wrong.get("keys", [fresh() for _ in filtered])
    key = wrong.get("leaf_key", fresh())
    fit = keys if len(keys) == len(filtered) else [fresh() for _ in filtered]
    _, parent_hash = tree.with_path(nodes, committer, nodes[2 * committer], fit)
    leaf = device.leaf(
        wrong.get("source", 3),
        key=key,
        parent_hash=wrong.get("parent_hash", parent_hash),
        index=committer,
        group_id=group.group_id,
        **wrong.get("leaf", {}),
    )
    after, _ = tree.with_path(nodes, committer, read_leaf(leaf), fit)
    path_nodes = b""
    for new_key, (_, beside) in itertools.zip_longest(
        keys, filtered[: len(keys)], fillvalue=(0, 0)
    ):
        receivers = [at for at in tree.resolution(nodes, beside) if at not in fresh_places]
        count = len(receivers) + wrong.get("more_ciphertexts", 0)
        kem, size = wrong.get("kem_bytes", 32), wrong.get("ciphertext_bytes", 48)
        sealed = b"".join(opaque(fresh(kem)) + opaque(fresh(size)) for _ in range(count))
        path_nodes += opaque(new_key) + opaque(sealed)
    return b"\1" + leaf + opaque(path_nodes), after


def commit(
    group: Group,
    by: int = 0,
    *,
    adds: tuple[bytes, ...] = (),
    removes: tuple[int, ...] = (),
    proposals: bytes | None = None,
    path: bool = True,
    external: Device | None = None,
    data: bytes | None = None,
    signer: Device | None = None,
    epoch: int | None = None,
    group_id: bytes | None = None,
    sender: bytes | None = None,
    tag: bytes | None = None,
    membership_tag: bytes | None = None,
    wrong: dict | None = None,
) -> Made:
    """Make a commit of `group` by its member `by`, or by the device `external` from outside."""
    nodes, members = group.nodes, dict(group.members)
    for leaf in removes:
        if 2 * leaf < len(nodes) and nodes[2 * leaf] is not None:
            nodes = tree.remove(nodes, leaf)
            members.pop(leaf, None)
    added = {}
    for package in adds:
        leaf = parts.take_key_package(Reader(package)).leaf
        nodes, index = tree.add(nodes, leaf)
        added[index] = leaf
    if external is not None:
        nodes, by = tree.add(nodes, read_leaf(external.leaf()))
        members[by] = external
    device = external or signer or members.get(by) or Device()
    written = b"\0"
    if path:
        written, nodes = _path(group, nodes, by, device, {2 * leaf for leaf in added}, wrong or {})
    if proposals is None:
        proposals = b"".join([external_init()] if external else [])
        proposals += b"".join(map(remove, removes)) + b"".join(map(add, adds))
    content = opaque(group.group_id if group_id is None else group_id)
    content += u(8, group.epoch if epoch is None else epoch)
    content += (u(1, 4) if external else u(1, 1) + u(4, by)) if sender is None else sender
    content += opaque(commit_data() if data is None else data) + u(1, 3)
    content += opaque(proposals) + written
    signature = device.sign(b"FramedContentTBS", HEADER + content + group.context())
    tag = fresh() if tag is None else tag
    framed = content + opaque(signature) + opaque(tag)
    if not external and (sender is None or sender[0] == 1):
        framed += opaque(fresh() if membership_tag is None else membership_tag)
    interim = interim_transcript_hash(group.confirmed, group.tag)
    after = replace(
        group,
        nodes=nodes,
        members=members,
        epoch=group.epoch + 1,
        confirmed=confirmed_transcript_hash(interim, content, signature),
        tag=tag,
    )
    return Made(message(1, framed), after, by, welcome(*adds) if adds else None)


def with_members(made: Made, *devices: Device) -> Group:
    """Return the group after an adding commit, knowing whose the added leaves are."""
    by_key = {device.public: device for device in devices}
    members = {
        at // 2: by_key.get(node.signature_key) or made.group.members[at // 2]
        for at, node in enumerate(made.group.nodes)
        if at % 2 == 0 and node is not None
    }
    return replace(made.group, members=members)


def group_of(size: int) -> Group:
    """Return a group whose first member added all others at once."""
    devices = [Device() for _ in range(size - 1)]
    group = new_group()
    if not devices:
        return group
    made = commit(group, adds=tuple(device.key_package() for device in devices))
    return with_members(made, *devices)
