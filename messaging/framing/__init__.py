"""
MLS (RFC 9420) as the delivery service sees it: framing and public trees, no secrets.

Pure: no Django, no clock, no randomness, no I/O. Read bytes with `read_*`, judge them with
`check_*`; whatever is not as it must be raises `FramingError`, and nothing else does.
"""

from messaging.framing.authenticated import (
    ACTS,
    ANSWERS,
    ASK,
    GIVE,
    THREAD_ACTS,
    WHOLE,
    WITHDRAW,
    HistoryGrant,
    LastStated,
    MessageAct,
    StatedDirectory,
    check_stated,
    commit_data,
    most_stated,
)
from messaging.framing.checks import (
    LONGEST_LIFETIME,
    check_first_group_info,
    check_group_info,
    check_key_package,
)
from messaging.framing.commits import CommitEffect, check_commit
from messaging.framing.credential import DeviceIdentity, identity_of, read_identity
from messaging.framing.decode import (
    read_commit,
    read_group_info,
    read_key_package,
    read_message_header,
    read_welcome,
)
from messaging.framing.errors import CODES, FramingError
from messaging.framing.signing import key_package_ref
from messaging.framing.structures import (
    Commit,
    GroupInfo,
    KeyPackage,
    LeafNode,
    PrivateMessageHeader,
    Welcome,
)

__all__ = [
    "ACTS",
    "ANSWERS",
    "ASK",
    "CODES",
    "GIVE",
    "LONGEST_LIFETIME",
    "THREAD_ACTS",
    "WHOLE",
    "WITHDRAW",
    "Commit",
    "CommitEffect",
    "DeviceIdentity",
    "FramingError",
    "GroupInfo",
    "HistoryGrant",
    "KeyPackage",
    "LastStated",
    "LeafNode",
    "MessageAct",
    "PrivateMessageHeader",
    "StatedDirectory",
    "Welcome",
    "check_commit",
    "check_first_group_info",
    "check_group_info",
    "check_key_package",
    "check_stated",
    "commit_data",
    "identity_of",
    "key_package_ref",
    "most_stated",
    "read_commit",
    "read_group_info",
    "read_identity",
    "read_key_package",
    "read_message_header",
    "read_welcome",
]
