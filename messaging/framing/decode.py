"""
From bytes to structures: RFC 9420 read field by field, and nothing judged.

What is refused here is what cannot be read at all, or would cost too much to read. Nothing in
these formats nests without end, so nothing here recurses.
"""

from __future__ import annotations

from typing import Final

from messaging.framing import limits, parts, tree
from messaging.framing.authenticated import message_data
from messaging.framing.errors import FramingError
from messaging.framing.parts import MLS_10, X25519_BYTES
from messaging.framing.reader import Reader
from messaging.framing.structures import (
    Commit,
    ContentType,
    Extension,
    GroupInfo,
    KeyPackage,
    LeafNode,
    Node,
    PrivateMessageHeader,
    SenderType,
    Tree,
    Welcome,
    WireFormat,
)

AEAD_TAG_BYTES: Final = 16  # RFC 5116, of every suite
GROUP_INFO_EXTENSIONS: Final = {Extension.RATCHET_TREE, Extension.EXTERNAL_PUB}


def read_key_package(data: bytes) -> KeyPackage:
    """
    Read an MLSMessage that holds a key package.

    Source: RFC 9420, sections 6 and 10. Check it with `check_key_package`.

    :raises FramingError: if the bytes are not exactly one such message.
    """
    reader = _message(data, WireFormat.KEY_PACKAGE, limits.KEY_PACKAGE_BYTES)
    found = parts.take_key_package(reader)
    reader.finish()
    return found


def read_group_info(data: bytes) -> GroupInfo:
    """
    Read an MLSMessage that holds a GroupInfo with its ratchet tree and external key.

    Source: RFC 9420, sections 12.4.3 and 12.4.3.3.

    :raises FramingError: if the bytes are not exactly one such message, or the GroupInfo does
        not carry `ratchet_tree` and `external_pub`, or carries anything besides.
    """
    reader = _message(data, WireFormat.GROUP_INFO, limits.MESSAGE_BYTES)
    start = reader.at
    context = parts.take_group_context(reader)
    extensions = parts.take_extensions(reader, limits.MESSAGE_BYTES)
    tag = reader.opaque(limits.KEY_BYTES)
    signer = reader.number(4)
    signed = reader.since(start)
    signature = reader.opaque(limits.KEY_BYTES)
    reader.finish()
    if extensions.keys() != GROUP_INFO_EXTENSIONS:
        raise FramingError("group-info-extensions", f"{len(extensions)} extensions")
    return GroupInfo(
        raw=reader.since(start),
        signed=signed,
        context=context,
        tree=read_tree(extensions[Extension.RATCHET_TREE]),
        external_pub=_external_pub(extensions[Extension.EXTERNAL_PUB]),
        confirmation_tag=tag,
        signer=signer,
        signature=signature,
    )


def _external_pub(data: bytes) -> bytes:
    # RFC 9420, section 12.4.3.2 puts a length before the key; ts-mls 1.6.4 writes the bare key.
    if len(data) == X25519_BYTES:
        return data
    reader = Reader(data)
    key = reader.opaque(limits.KEY_BYTES)
    reader.finish()
    return key


def read_tree(data: bytes) -> Tree:
    """
    Read the content of a `ratchet_tree` extension and fill it up to a full tree.

    Source: RFC 9420, section 12.4.3.3: nodes in array order, the blank ones at the end left out.

    :raises FramingError: if leaves and parents are not at their places, the last node is blank,
        or the tree is larger than we take.
    """
    reader = Reader(data)
    nodes: list[Node] = []
    for item in reader.items(2 * limits.LEAVES - 1):
        nodes.append(parts.take_node(item, len(nodes)) if item.present() else None)
    reader.finish()
    if not nodes or not isinstance(nodes[-1], LeafNode):
        raise FramingError("tree-shape", "the last node is not a leaf")
    return tree.full(nodes)


def read_commit(data: bytes) -> Commit:
    """
    Read an MLSMessage that holds a commit as a PublicMessage.

    Source: RFC 9420, sections 6, 6.2, 12.1 and 12.4. Proposals that we never take are read and
    kept as `Refused`, so that `check_commit` can say which.

    :raises FramingError: if the bytes are not exactly one such message.
    """
    reader = _message(data, WireFormat.PUBLIC_MESSAGE, limits.MESSAGE_BYTES)
    start = reader.at
    group_id = reader.opaque(limits.GROUP_ID_BYTES)
    epoch = reader.number(8)
    sender_type = parts.one_of(SenderType, reader.number(1))
    has_index = sender_type in {SenderType.MEMBER, SenderType.EXTERNAL}
    index = reader.number(4) if has_index else None
    authenticated_data = reader.opaque(limits.AUTHENTICATED_DATA_BYTES)
    if parts.one_of(ContentType, reader.number(1)) is not ContentType.COMMIT:
        raise FramingError("not-a-commit")
    proposals = tuple(parts.take_proposal_or_ref(item) for item in reader.items(limits.PROPOSALS))
    path = parts.take_update_path(reader) if reader.present() else None
    content = reader.since(start)
    signature = reader.opaque(limits.KEY_BYTES)
    tag = reader.opaque(limits.KEY_BYTES)
    is_member = sender_type is SenderType.MEMBER
    membership_tag = reader.opaque(limits.KEY_BYTES) if is_member else b""
    reader.finish()
    return Commit(
        content=content,
        group_id=group_id,
        epoch=epoch,
        sender_type=sender_type,
        sender=index if is_member else None,
        authenticated_data=authenticated_data,
        proposals=proposals,
        path=path,
        signature=signature,
        confirmation_tag=tag,
        membership_tag=membership_tag,
    )


def read_welcome(data: bytes) -> Welcome:
    """
    Read an MLSMessage that holds a Welcome.

    Source: RFC 9420, section 12.4.3.1.

    :raises FramingError: if the bytes are not exactly one such message.
    """
    reader = _message(data, WireFormat.WELCOME, limits.MESSAGE_BYTES)
    suite = reader.number(2)
    references = []
    for item in reader.items(limits.PROPOSALS):
        references.append(item.opaque(limits.KEY_BYTES))
        item.opaque(limits.KEY_BYTES)
        item.opaque(limits.EXTENSION_BYTES)
    # Sealed by an AEAD, it has a tag at least: zeros alone are no Welcome of nothing to nobody.
    if len(reader.opaque(limits.MESSAGE_BYTES)) < AEAD_TAG_BYTES:
        raise FramingError("key-length", "encrypted_group_info")
    reader.finish()
    return Welcome(suite, tuple(references))


def read_message_header(data: bytes) -> PrivateMessageHeader:
    """
    Read what is in clear of an MLSMessage that holds an application message.

    Source: RFC 9420, sections 6.3 and 6.3.2. Its authenticated data must be exactly the canonical
    `{"client_msg_id":UUID,"v":1}`; of an urgent one `{"client_msg_id":UUID,"urgent":true,"v":3}`;
    of an act on another message `{"about":SEQ,"act":ACT,"client_msg_id":UUID,"v":2}`: nothing else
    may travel in clear. This is the hot path: it costs a few microseconds and copies the message
    once.

    :raises FramingError: if the bytes are not exactly one such message.
    """
    reader = _message(data, WireFormat.PRIVATE_MESSAGE, limits.APPLICATION_BYTES)
    group_id = reader.opaque(limits.GROUP_ID_BYTES)
    epoch = reader.number(8)
    content_type = parts.one_of(ContentType, reader.number(1))
    authenticated_data = reader.opaque(limits.AUTHENTICATED_DATA_BYTES)
    reader.opaque(limits.KEY_BYTES)
    reader.opaque(limits.APPLICATION_BYTES)
    reader.finish()
    if content_type is not ContentType.APPLICATION:
        raise FramingError("handshake-encrypted")
    client_id, act, urgent = message_data(authenticated_data)
    return PrivateMessageHeader(
        group_id, epoch, content_type, authenticated_data, client_id, act, urgent
    )


def _message(data: bytes, kind: WireFormat, most: int) -> Reader:
    if len(data) > most:
        raise FramingError("too-large", f"{len(data)} bytes, of {most} at most")
    reader = Reader(data)
    if reader.number(2) != MLS_10:
        raise FramingError("suite-unsupported", "protocol version of the message")
    if reader.number(2) != kind:
        raise FramingError("wrong-wire-format", f"expected {kind.name.lower()}")
    return reader
